/// The Python code that brings the package into a started interpreter.
enum Bootstrap {
    /// Defines `boot(folder, gate)`, which loads the package without putting its folder on
    /// `sys.path` and gives back a kind and a text, and `run`, the entry of `portcullis._host`.
    ///
    /// What `boot` gives is a line with the prefix, a line with the kind, and the text. The kinds: `package` (the text says why it cannot be imported), `gate` (the same of the gate;
    /// what needs no sandbox works), `ready` (the text is empty).
    static let source = """
        def boot(folder, gate):
            import importlib.machinery
            import importlib.util
            import sys
            def load(name, path, loader=None, **places):
                spec = importlib.util.spec_from_file_location(name, path, loader=loader, **places)
                module = importlib.util.module_from_spec(spec)
                sys.modules[name] = module
                try:
                    spec.loader.exec_module(module)
                except BaseException:
                    sys.modules.pop(name, None)
                    raise
                return module
            def told(kind, text):
                return sys.prefix + "\\n" + kind + "\\n" + text
            native, fault = None, None
            if gate is not None:
                loader = importlib.machinery.ExtensionFileLoader("portcullis._gate", gate)
                try:
                    native = load("portcullis._gate", gate, loader)
                except Exception as error:
                    fault = f"cannot load `{gate}`: {error}"
            try:
                package = load(
                    "portcullis", folder + "/__init__.py", submodule_search_locations=[folder])
                if native is not None:
                    package._gate = native
                from portcullis._host import run
            except Exception as error:
                return told("package", f"{type(error).__name__}: {error}")
            return told("ready", "") if fault is None else told("gate", fault)

        def run(request, image):
            from portcullis._host import run
            return run(request, image)
        """
}
