public import PolicyModel

/// Looks at the topmost layer of a policy for what its author would not want.
public struct Linter: Sendable {
    /// What the linter must be told, because it takes the compiler to know it.
    public struct Facts: Sendable {
        /// What the layer could leave out.
        public var idle: [IdleDeclaration]
        /// What reading and checking the policy has found, which allowances cover too.
        public var warnings: [Diagnostic]
        /// The top-level modules of each version's standard library.
        public var standardLibrary: [PythonVersion: Set<String>]

        /// Takes the facts.
        public init(
            idle: [IdleDeclaration], warnings: [Diagnostic],
            standardLibrary: [PythonVersion: Set<String>]
        ) {
            self.idle = idle
            self.warnings = warnings
            self.standardLibrary = standardLibrary
        }
    }

    private let policy: Policy
    private let layer: PolicyLayer
    private let facts: Facts
    private let today: CalendarDay
    private var found: [LintFinding] = []

    /// Everything that is found in a policy's topmost layer and not allowed there, sorted by place.
    ///
    /// - Parameter today: The day to compare the last days of exceptions with.
    public static func findings(
        in policy: Policy, facts: Facts, today: CalendarDay
    ) -> [LintFinding] {
        guard let layer = policy.layers.last else { return [] }
        var linter = Linter(policy: policy, layer: layer, facts: facts, today: today)
        return linter.run().sorted { $0.diagnostic < $1.diagnostic }
    }

    private init(policy: Policy, layer: PolicyLayer, facts: Facts, today: CalendarDay) {
        self.policy = policy
        self.layer = layer
        self.facts = facts
        self.today = today
    }

    private mutating func run() -> [LintFinding] {
        found = facts.warnings.filter { $0.location.map { $0.file == layer.file } ?? true }
            .map { LintFinding(diagnostic: $0) }
        idleDeclarations()
        let known = KnownNames(modules: Set(facts.standardLibrary.values.joined()))
        for set in [layer.invalidModules, layer.invalidModuleMembers] {
            for declaration in set { breadth(of: declaration) }
            unknownNames(in: set, path: [], known)
        }
        exceptions()
        passthrough()
        allow()
        return found
    }

    private mutating func add(
        _ rule: LintRule, _ message: String, path: String, at location: SourceLocation?,
        notes: [Diagnostic.Note] = []
    ) {
        found.append(LintFinding(rule, message, path: path, at: location, notes: notes))
    }

    // MARK: - Rules

    private mutating func idleDeclarations() {
        // What the reader says about the same element is said already, and repaired the same way.
        var known: [SourceLocation: Int] = [:]
        for (number, finding) in found.enumerated() {
            guard let location = finding.diagnostic.location else { continue }
            known[location] = number
            if finding.diagnostic.code == "element-without-effect" {
                found[number].removal = location
            }
        }
        for idle in facts.idle {
            if let number = known[idle.location] {
                found[number].path = idle.path
                found[number].removal = idle.location
                continue
            }
            switch idle.reason {
            case .shadowed(let other):
                add(
                    .unreachableRule, "the rule for `\(idle.path)` never decides", path: idle.path,
                    at: idle.location,
                    notes: other.map { [.init("this decides first", at: $0)] } ?? [])
            case .repeated(let id, let other):
                let isInherited = other.map { $0.file != layer.file } ?? false
                add(
                    isInherited ? .inheritedRule : .redundantRule,
                    isInherited
                        ? "the extended policy restricts `\(idle.path)` in the same way already"
                        : "without the rule for `\(idle.path)` nothing would change",
                    path: idle.path, at: idle.location,
                    notes: [.init("`\(id)` says the same", at: other)])
            case .excludesNothing:
                add(
                    .vacuousExclude, "excluding `\(idle.path)` changes nothing", path: idle.path,
                    at: idle.location)
            }
        }
    }

    private mutating func breadth(of declaration: MatcherDeclaration) {
        let matchesAll = declaration.isWhole && declaration.kinds.contains(.matchSelf)
        guard matchesAll || declaration.name == SandboxMatcher.wildcard else { return }
        add(
            .broadRule, "a rule for every module there is", path: SandboxMatcher.wildcard,
            at: declaration.rule.location, notes: [.init("name the modules")])
    }

    private mutating func unknownNames(
        in declarations: [MatcherDeclaration], path: [String], _ known: KnownNames
    ) {
        for declaration in declarations where !declaration.isWhole {
            if path.isEmpty, let meant = known.misspeltModule(declaration.name) {
                add(
                    .unknownName, "no supported Python has `\(declaration.name)`",
                    path: declaration.name, at: declaration.rule.location,
                    notes: [.init("did you mean `\(meant)`?")])
                continue
            }
            let path = path + [declaration.name]
            let isLeaf = declaration.children.isEmpty
            if isLeaf, let unknown = known.unknownName(in: path) {
                add(
                    .unknownName, "no supported Python has `\(unknown.path)`",
                    path: path.joined(separator: "."), at: declaration.rule.location,
                    notes: unknown.meant.map { [.init("did you mean `\($0)`?")] } ?? [])
            }
            unknownNames(in: declaration.children, path: path, known)
        }
    }

    // MARK: - Exceptions

    private mutating func exceptions() {
        found += Self.expiredExceptions(in: layer, today: today)
        for exception in layer.unrestrictions {
            let path = exception.path.joined(separator: ".")
            if (exception.because ?? "").isEmpty {
                add(
                    .exceptionWithoutReason, "the exception for `\(path)` does not say why",
                    path: path, at: exception.location, notes: [.init("add because=\"...\"")])
            }
            if exception.path.count == 1 {
                add(
                    .broadException, "the exception frees all of the module `\(path)`", path: path,
                    at: exception.location, notes: [.init("name the members that are needed")])
            }
        }
    }

    /// The exceptions of a layer whose last day is over; `check` reports them too.
    public static func expiredExceptions(
        in layer: PolicyLayer, today: CalendarDay
    ) -> [LintFinding] {
        layer.unrestrictions.compactMap { exception in
            guard let until = exception.until.flatMap({ CalendarDay($0) }), until < today else {
                return nil
            }
            let path = exception.path.joined(separator: ".")
            return LintFinding(
                .exceptionExpired, "the exception for `\(path)` ended on \(until)", path: path,
                at: exception.location,
                notes: exception.owner.map { [.init("`\($0)` answers for it")] } ?? [])
        }
    }

    // MARK: - Passthrough

    private mutating func passthrough() {
        let coverage = PassthroughCoverage(policy: policy, libraries: facts.standardLibrary)
        for declaration in layer.passthroughModules {
            switch declaration.subject {
            case .allModules:
                add(
                    .broadPassthrough, "every module is passed through", path: "",
                    at: declaration.location, notes: [.init("name the modules")])
            case .standardLibrary: break
            case .module(let name):
                guard let cover = coverage.cover(of: name, declaration) else { continue }
                add(
                    .coveredPassthrough, "`\(name)` is passed through anyway", path: name,
                    at: declaration.location,
                    notes: [.init("\(cover.what) covers it", at: cover.location)])
            }
        }
    }

    // MARK: - Allowances

    private mutating func allow() {
        var used: Set<LintAllowance> = []
        found.removeAll { finding in
            let allowance = layer.lintAllowances.first { $0.covers(finding) }
            if let allowance { used.insert(allowance) }
            return allowance != nil
        }
        let codes = Set(LintRule.allCases.map(\.rawValue))
        for allowance in layer.lintAllowances where !used.contains(allowance) {
            let near =
                codes.contains(allowance.code)
                ? nil : Spelling.nearest(to: allowance.code, among: codes)
            add(
                .unusedAllow, "there is no `\(allowance.code)` to allow",
                path: allowance.path ?? "",
                at: allowance.location, notes: near.map { [.init("did you mean `\($0)`?")] } ?? [])
        }
    }
}

extension LintAllowance {
    /// Whether a finding is allowed.
    fileprivate func covers(_ finding: LintFinding) -> Bool {
        guard finding.diagnostic.severity == .warning, finding.diagnostic.code == code else {
            return false
        }
        guard let path else { return true }
        return finding.path == path || finding.path.hasPrefix(path + ".")
    }
}
