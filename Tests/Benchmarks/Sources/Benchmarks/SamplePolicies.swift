import PolicyModel

/// Policies made for measuring.
enum SamplePolicies {
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
}
