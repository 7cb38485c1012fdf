import CPythonABI

/// The entry point that CPython calls on `import portcullis._gate`.
@_cdecl("PyInit__gate")
public func initializeGate() -> UnsafeMutableRawPointer? {
    let execute: TestFunction = { module in fillModule(module) ? 0 : -1 }
    let slots = permanent([
        PyModuleDef_Slot(slot: Int32(PC_mod_exec), value: address(execute)),
        PyModuleDef_Slot(slot: 0, value: nil),
    ])
    let module = pc_start_module(
        cString("_gate"), cString("The native half of Portcullis: guards, gates, module tables."),
        permanent(moduleFunctions() + [PyMethodDef()]), slots)
    return module.map { UnsafeMutableRawPointer($0) }
}

private func fillModule(_ module: PyRef) -> Bool {
    guard gate.hostBuiltins == nil else {
        setError(.missingImport, "the gate is loaded once in a process")
        return false
    }
    guard rememberHost(), rememberNames(), makeGuardTypes() else { return false }
    gate.policyType = makePolicyType()
    gate.sandboxType = makeSandboxType()
    gate.entryType = makeEntryType()
    gate.moduleTableType = makeModuleTableType()
    gate.interpreterTableType = makeInterpreterTableType()
    gate.ownCacheType = makeOwnCacheType()
    let types: [(StaticString, PyOptionalRef)] = [
        ("Policy", gate.policyType), ("Sandbox", gate.sandboxType), ("Entry", gate.entryType),
        ("ModuleTable", gate.moduleTableType), ("InterpreterTable", gate.interpreterTableType),
        ("OwnCache", gate.ownCacheType),
        ("GuardedCallable", gate.guardTypes.callable), ("GuardedClass", gate.guardTypes.class),
        ("GuardedObject", gate.guardTypes.object),
    ]
    for (name, type) in types {
        guard let type, PyObject_SetAttrString(module, cString(name), type) == 0 else {
            return false
        }
    }
    return addSandboxFunctions(to: module)
}

private func rememberHost() -> Bool {
    func attribute(_ module: StaticString, _ name: StaticString) -> PyOptionalRef {
        guard let module = PyImport_ImportModule(cString(module)) else { return nil }
        defer { Py_DecRef(module) }
        return PyObject_GetAttrString(module, cString(name))
    }
    gate.hostBuiltins = attribute("builtins", "__dict__")
    gate.realModules = PyImport_GetModuleDict().map(retained)
    gate.bootstrapGlobals = (
        attribute("_frozen_importlib", "__dict__"),
        attribute("_frozen_importlib_external", "__dict__")
    )
    gate.functionType = attribute("types", "FunctionType")
    gate.methodType = attribute("types", "MethodType")
    gate.aliasType = attribute("types", "GenericAlias")
    gate.originals.getattr = attribute("builtins", "getattr")
    gate.originals.eval = attribute("builtins", "eval")
    gate.originals.exec = attribute("builtins", "exec")
    gate.originals.compile = attribute("builtins", "compile")
    gate.originals.buildClass = attribute("builtins", "__build_class__")
    gate.originals.findAndLoad = attribute("_frozen_importlib", "_find_and_load")
    return PyErr_Occurred() == nil && gate.realModules != nil
}

private func rememberNames() -> Bool {
    gate.names.marker = PyUnicode_InternFromString("__portcullis_sandbox__")
    gate.names.call = PyUnicode_InternFromString("__call__")
    gate.names.mro = PyUnicode_InternFromString("__mro__")
    gate.names.dict = PyUnicode_InternFromString("__dict__")
    gate.names.setattr = PyUnicode_InternFromString("__setattr__")
    gate.names.delattr = PyUnicode_InternFromString("__delattr__")
    gate.names.builtins = PyUnicode_InternFromString("__builtins__")
    gate.names.thisClass = PyUnicode_InternFromString("__thisclass__")
    gate.names.selfClass = PyUnicode_InternFromString("__self_class__")
    gate.names.package = PyUnicode_InternFromString("__package__")
    gate.names.path = PyUnicode_InternFromString("__path__")
    return PyErr_Occurred() == nil
}

private func moduleFunctions() -> [PyMethodDef] {
    // set_hooks(restricted, compile, part, class, names of parts, private)
    let setHooks: FastFunction = { _, arguments, count in
        guard count == 6, let arguments, !isSandboxedCaller() else {
            return raise(.type, "set_hooks takes five callables and a set, from the host")
        }
        gate.restrictionHook = retained(arguments[0])
        gate.compileHook = retained(arguments[1])
        gate.partHook = retained(arguments[2])
        gate.classHook = retained(arguments[3])
        gate.partNames = retained(arguments[4])
        gate.privateHook = retained(arguments[5])
        return none()
    }
    // guard(object, path, policy, kind, verdict): kind 0 callable, 1 class, 2 other object
    let guardFunction: FastFunction = { _, arguments, count in
        guard count == 5, let arguments else {
            return raise(.type, "guard takes an object, path, policy, kind and verdict")
        }
        return newGuard(arguments)
    }
    // check(policy, path, rule at import, rule at run time[, arguments]): raises if the active
    // sandbox is restricted; with a number of arguments, in calling what the path names
    let check: FastFunction = { _, arguments, count in
        guard count == 4 || count == 5, let arguments,
            pc_as_object(pc_type(arguments[0])) == gate.policyType, let sandbox = activeSandbox()
        else { return none() }
        let rule = PyLong_AsLong(
            Int(sandbox.pointee.phase) == PC_PHASE_IMPORT ? arguments[2] : arguments[3])
        let given = count == 5 ? PyLong_AsLong(arguments[4]) : 0
        if PyErr_Occurred() != nil { return nil }
        let operation = count == 5 ? gate.names.call : nil
        let number = UInt32(truncatingIfNeeded: rule)
        let isPermitted =
            number == 0 || !storage(arguments[0]).holds(number, forArguments: given)
            || permits(arguments[0], arguments[1], operation, number)
        return isPermitted ? none() : nil
    }
    // guarded(guard) -> (what it stands for, its path), for code of the host
    let guardedObject: BinaryFunction = { _, object in
        guard isGuard(object), !isSandboxedCaller(),
            let wrapped = guardLayout(object).pointee.wrapped,
            let path = guardLayout(object).pointee.path
        else { return raise(.type, "guarded takes a guard, from the host") }
        return tuple(taking: [retained(wrapped), retained(path)])
    }
    // suspended() -> a context manager in which no sandbox is active on the thread
    let suspended: BinaryFunction = { _, _ in makeEntry(nil, phase: 0, inActivation: 0) }
    let realModules: BinaryFunction = { _, _ in gate.realModules.map(retained) }
    // sandbox_of(builtins) -> the Sandbox whose builtins these are, or None
    let sandboxOf: BinaryFunction = { _, builtins in
        guard pc_as_object(pc_type(builtins)) == pc_dict_type(), let found = sandbox(of: builtins)
        else { return none() }
        return retained(objectOf(found))
    }
    let current: BinaryFunction = { _, _ in
        activeSandbox().map { retained(objectOf($0)) } ?? none()
    }
    return [
        methodRow("set_hooks", PC_METH_FASTCALL, address(setHooks)),
        methodRow("guard", PC_METH_FASTCALL, address(guardFunction)),
        methodRow("check", PC_METH_FASTCALL, address(check)),
        methodRow("guarded", PC_METH_O, address(guardedObject)),
        methodRow("suspended", PC_METH_NOARGS, address(suspended)),
        methodRow("real_modules", PC_METH_NOARGS, address(realModules)),
        methodRow("find_and_load", PC_METH_FASTCALL, address(findAndLoadForHost)),
        methodRow("overlay_interpreter_table", PC_METH_NOARGS, address(overlayInterpreterTable)),
        methodRow("restore_interpreter_table", PC_METH_NOARGS, address(restoreInterpreterTable)),
        methodRow("sandbox_of", PC_METH_O, address(sandboxOf)),
        methodRow("active_sandbox", PC_METH_NOARGS, address(current)),
        methodRow("share", PC_METH_O, address(shareValue)),
        methodRow("set_watch_hook", PC_METH_O, address(setWatchHook)),
        methodRow("watch", PC_METH_FASTCALL, address(watchObject)),
    ]
}

/// What sandboxed code sees in its builtins.
private func sandboxFunctions() -> [PyMethodDef] {
    let keywords = PC_METH_FASTCALL | PC_METH_KEYWORDS
    return [
        methodRow("__portcullis_call__", PC_METH_FASTCALL, address(gatedCall)),
        methodRow("__portcullis_attr__", PC_METH_FASTCALL, address(gatedAttribute)),
        methodRow("__portcullis_part__", PC_METH_FASTCALL, address(gatedPart)),
        methodRow("__portcullis_target__", PC_METH_FASTCALL, address(gatedTarget)),
        methodRow("__portcullis_container__", PC_METH_FASTCALL, address(gatedContainer)),
        methodRow("__portcullis_own__", PC_METH_O, address(gatedOwn)),
        methodRow("__portcullis_text__", PC_METH_O, address(gatedText)),
        methodRow("__portcullis_real__", PC_METH_O, address(gatedReal)),
        methodRow("__portcullis_noted__", PC_METH_FASTCALL, address(gatedNoted)),
        methodRow("__build_class__", keywords, address(gatedBuildClass)),
        methodRow("getattr", PC_METH_FASTCALL, address(gatedGetattr)),
        methodRow("__import__", keywords, address(gatedImport)),
        methodRow("eval", keywords, address(gatedEval)),
        methodRow("exec", keywords, address(gatedExec)),
        methodRow("compile", keywords, address(gatedCompile)),
    ]
}

/// Adds the functions that sandboxed code sees. They are bound to nothing: as functions of the
/// module they would hand it out as their `__self__`.
private func addSandboxFunctions(to module: PyRef) -> Bool {
    guard let home = PyUnicode_InternFromString("builtins") else { return false }
    defer { Py_DecRef(home) }
    for row in sandboxFunctions() {
        guard let name = row.ml_name, let function = PyCFunction_NewEx(permanent([row]), nil, home)
        else { return false }
        defer { Py_DecRef(function) }
        guard PyObject_SetAttrString(module, name, function) == 0 else { return false }
    }
    return true
}

private func newGuard(_ arguments: UnsafePointer<PyRef>) -> PyOptionalRef {
    let kind = PyLong_AsLong(arguments[3])
    guard PyErr_Occurred() == nil, (PC_GUARD_CALLABLE...PC_GUARD_OBJECT).contains(kind),
        pc_as_object(pc_type(arguments[2])) == gate.policyType,
        PyTuple_Size(arguments[1]) >= 0, PyTuple_Size(arguments[4]) == 6
    else { return raise(.type, "guard takes an object, path, policy, kind and verdict") }
    func rule(_ index: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: item(arguments[4], index).map { PyLong_AsLong($0) } ?? 0)
    }
    return makeGuard(
        wrapping: arguments[0], path: arguments[1], policy: arguments[2], kind: kind,
        use: (rule(2), rule(3)), call: (rule(4), rule(5)))
}
