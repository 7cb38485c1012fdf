internal import FoundationEssentials
internal import PolicyModel
internal import PythonHost

/// The `SandboxRestrictions` of a running temporalio, read out of somebody's Python code.
struct LiveRestrictions: Decodable, Sendable {
    /// A `SandboxMatcher`, with the names of its fields.
    struct Matcher: Decodable, Sendable {
        var access: [String]
        var use: [String]
        var exclude: [String]
        var children: [String: Matcher]
        var matchSelf: Bool
        var onlyRuntime: Bool
        var message: String?
        var warning: String?
    }

    /// Why there is none.
    struct Fault: Decodable {
        var fault: String
    }

    var python: [Int]
    var temporalio: String
    var passthroughModules: [String]
    var passthroughAllModules: Bool
    var notifications: UInt8
    var lazySysModules: Bool
    var invalidModules: Matcher
    var invalidModuleMembers: Matcher

    /// Reads them where a name leads, `MODULE:ATTRIBUTE`.
    static func reading(_ name: String, python: String?) throws(CommandError) -> LiveRestrictions {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
            throw .usage("`\(name)` is not of the form `MODULE:ATTRIBUTE`")
        }
        let program = PythonProgram(question, arguments: parts.map(String.init))
        let answer: String
        do {
            answer = try program.answer(of: python)
        } catch {
            throw .host(error)
        }
        let data = Data(answer.utf8)
        if let found = try? JSONDecoder().decode(LiveRestrictions.self, from: data) {
            return found
        }
        let fault = try? JSONDecoder().decode(Fault.self, from: data)
        throw .environment(
            "no-restrictions",
            "`\(name)`: \(fault?.fault ?? "the answer of python is not understood")")
    }

    /// The version of Python on which they hold.
    var version: PythonVersion { PythonVersion(python.first ?? 0, python.dropFirst().first ?? 0) }

    /// The same as a policy has it.
    var restrictions: SandboxRestrictions {
        SandboxRestrictions(
            layers: [
                SandboxRestrictions.Layer(
                    invalidModules: invalidModules.matcher(at: []),
                    invalidModuleMembers: invalidModuleMembers.matcher(at: []))
            ],
            passthroughModules: Set(passthroughModules),
            passthroughAllModules: passthroughAllModules,
            importNotificationPolicy: ImportNotificationPolicy(rawValue: notifications),
            lazySysModulesPassthrough: lazySysModules)
    }

    // The largest depth is that of the images; a matcher that holds itself has no end.
    private static let question = """
        import importlib, json, sys

        def matcher(it, warns, depth=0):
            if depth > 128:
                raise ValueError("the matchers are nested too deeply")
            warning = getattr(it, "leaf_warning", None) if warns else None
            name = None
            if warning is not None:
                module = warning.__module__
                name = ("" if module == "builtins" else module + ".") + warning.__qualname__
            return {
                "access": sorted(it.access), "use": sorted(it.use),
                "exclude": sorted(getattr(it, "exclude", ())),
                "children": {k: matcher(v, warns, depth + 1) for k, v in it.children.items()},
                "matchSelf": it.match_self, "onlyRuntime": it.only_runtime,
                "message": getattr(it, "leaf_message", None) or None, "warning": name,
            }

        def answer():
            try:
                found = importlib.import_module(sys.argv[1])
            except Exception as error:
                return f"the module cannot be imported: {type(error).__name__}: {error}"
            for name in sys.argv[2].split("."):
                if not hasattr(found, name):
                    return f"there is no `{name}`"
                found = getattr(found, name)
            found = getattr(found, "restrictions", found)
            if not hasattr(found, "passthrough_modules"):
                return (f"a {type(found).__name__} is neither SandboxRestrictions"
                        " nor a runner that holds some")
            import temporalio.service
            policy = getattr(found, "import_notification_policy", None)
            names = ("WARN_ON_DYNAMIC_IMPORT", "WARN_ON_UNINTENTIONAL_PASSTHROUGH",
                     "RAISE_ON_UNINTENTIONAL_PASSTHROUGH")
            bits = 1 if policy is None else sum(
                1 << bit for bit, name in enumerate(names) if type(policy)[name] in policy)
            return {
                "python": list(sys.version_info[:2]),
                "temporalio": temporalio.service.__version__,
                "passthroughModules": sorted(found.passthrough_modules),
                "passthroughAllModules": found.passthrough_all_modules,
                "notifications": bits,
                "lazySysModules": not found.disable_lazy_sys_module_passthrough,
                "invalidModules": matcher(found.invalid_modules, False),
                "invalidModuleMembers": matcher(found.invalid_module_members, True),
            }

        try:
            told = answer()
        except Exception as error:
            told = str(error)
        told = told if isinstance(told, dict) else {"fault": " ".join(told.split())}
        print("\\n\(PythonProgram.mark)" + json.dumps(told))
        """
}

extension LiveRestrictions.Matcher {
    /// The matcher, with the derived ids that a policy gives its rules.
    func matcher(at path: [String]) -> SandboxMatcher {
        func rules(_ names: [String], _ kind: String) -> [String: Rule] {
            Dictionary(
                names.map { ($0, Rule(id: "\((path + [$0]).joined(separator: "."))#\(kind)")) },
                uniquingKeysWith: { first, _ in first })
        }
        var own: Rule?
        if matchSelf {
            own = Rule(
                id: "\(path.joined(separator: "."))#self", effect: warning == nil ? .deny : .warn,
                warningCategory: warning, message: message)
        }
        return SandboxMatcher(
            access: rules(access, "access"), use: rules(use, "use"),
            children: Dictionary(
                children.map { ($0.key, $0.value.matcher(at: path + [$0.key])) },
                uniquingKeysWith: { first, _ in first }),
            matchSelf: own, onlyRuntime: onlyRuntime,
            exclude: Dictionary(exclude.map { ($0, nil) }, uniquingKeysWith: { first, _ in first }))
    }
}
