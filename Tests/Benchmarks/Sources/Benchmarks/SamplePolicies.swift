import PolicyModel

/// Policies made for measuring.
enum SamplePolicies {
    /// A policy of the shape and about the size of the default one.
    static func defaultLike() -> SandboxRestrictions {
        func uses(_ names: String, onlyRuntime: Bool = false) -> SandboxMatcher {
            SandboxMatcher(
                use: Dictionary(
                    uniqueKeysWithValues: names.split(separator: " ").map { (String($0), rule()) }),
                onlyRuntime: onlyRuntime)
        }
        let everything = SandboxMatcher(use: ["*": rule()], onlyRuntime: true)
        var modules: [String: SandboxMatcher] = [
            "__builtins__": uses("input open breakpoint"),
            "asyncio": uses("wait as_completed"),
            "bz2": uses("open"), "codecs": uses("open"),
            "concurrent": SandboxMatcher(children: [
                "futures": SandboxMatcher(children: [
                    "process": everything, "thread": everything,
                ])
            ]),
            "datetime": SandboxMatcher(children: [
                "date": uses("today"), "datetime": uses("now today utcnow"),
            ]),
            "os": SandboxMatcher(
                access: ["name": rule()], use: ["*": rule()], onlyRuntime: true,
                exclude: ["stat": nil]),
            "pathlib": SandboxMatcher(children: [
                "Path": uses("chmod cwd exists glob home is_dir mkdir open read_text write_text")
            ]),
            "random": uses("choice random randint shuffle seed uniform sample"),
            "time": uses("time sleep monotonic perf_counter", onlyRuntime: true),
            "uuid": uses("uuid1 uuid4"),
        ]
        for name in "curses fcntl mmap multiprocessing ossaudiodev pty readline resource select"
            .split(separator: " ")
        { modules[String(name)] = everything }
        for name in "shutil socket sqlite3 ssl subprocess tempfile threading urllib webbrowser"
            .split(separator: " ")
        { modules[String(name)] = everything }
        return SandboxRestrictions(
            invalidModuleMembers: SandboxMatcher(children: modules),
            passthroughModules: ["grpc", "pathlib", "importlib", "temporalio", "google.protobuf"])
    }

    /// A policy of `count` rules in modules of a hundred each.
    ///
    /// - Parameter unique: Whether every member has a name of its own.
    static func large(_ count: Int, unique: Bool) -> SandboxRestrictions {
        var modules: [String: SandboxMatcher] = [:]
        for module in 0..<(count / 100) {
            var use: [String: Rule] = [:]
            use.reserveCapacity(100)
            for member in 0..<100 {
                let name = unique ? "member_\(module)_\(member)" : "member_\(member)"
                use[name] = Rule(
                    id: "",
                    location: SourceLocation(
                        file: "large.xml", line: module * 100 + member + 1, column: 5))
            }
            modules["module_\(module)"] = SandboxMatcher(use: use)
        }
        return SandboxRestrictions(invalidModuleMembers: SandboxMatcher(children: modules))
    }

    private static func rule() -> Rule { Rule(id: "") }
}
