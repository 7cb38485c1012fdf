/// One policy file as its author wrote it, with every condition still in it.
public struct PolicyLayer: Hashable, Sendable {
    /// The policy's name.
    public var name: String
    /// The file it was read from, for messages.
    public var file: String
    /// Modules to pass through.
    public var passthroughModules: [PassthroughDeclaration]
    /// Modules that may not be imported.
    public var invalidModules: [MatcherDeclaration]
    /// Members that may not be accessed or used.
    public var invalidModuleMembers: [MatcherDeclaration]
    /// Exceptions from what this layer and those below it restrict.
    public var unrestrictions: [Unrestriction]
    /// The import notification flags this layer sets, with the value it gives each.
    public var importNotificationPolicy: [ImportNotificationDeclaration]
    /// Whether a module that the host has imported appears in the sandbox's `sys.modules` on demand.
    public var lazySysModulesPassthrough: Bool?
    /// What lint does not report of this layer.
    public var lintAllowances: [LintAllowance]

    /// Makes a layer that says nothing.
    public init(name: String, file: String) {
        self.name = name
        self.file = file
        passthroughModules = []
        invalidModules = []
        invalidModuleMembers = []
        unrestrictions = []
        importNotificationPolicy = []
        lazySysModulesPassthrough = nil
        lintAllowances = []
    }
}

/// What a layer passes through, on some Python versions.
public struct PassthroughDeclaration: Hashable, Sendable {
    /// Which modules.
    public enum Subject: Hashable, Sendable {
        /// The module of this dotted name and everything below it.
        case module(String)
        /// Every module of the standard library of the running Python, except `sys`.
        case standardLibrary
        /// Every module there is.
        case allModules
    }

    /// Which modules.
    public var subject: Subject
    /// On which Python versions.
    public var condition: PythonVersionCondition
    /// Why.
    public var because: String?
    /// Where it is written.
    public var location: SourceLocation?

    /// Makes a declaration.
    public init(
        _ subject: Subject, condition: PythonVersionCondition = PythonVersionCondition(),
        because: String? = nil, location: SourceLocation? = nil
    ) {
        self.subject = subject
        self.condition = condition
        self.because = because
        self.location = location
    }
}

/// One `module` or `member` element: a name, how it matches, and what is below it.
public struct MatcherDeclaration: Hashable, Sendable {
    /// How a declared name matches.
    public struct Kinds: OptionSet, Hashable, Sendable {
        /// One bit a kind.
        public var rawValue: UInt8

        /// Makes a set of kinds from its bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// The name is in the parent's `access`.
        public static let access = Kinds(rawValue: 1)
        /// The name is in the parent's `use`.
        public static let use = Kinds(rawValue: 2)
        /// The name has a matcher of its own, and that matches itself.
        public static let matchSelf = Kinds(rawValue: 4)
        /// The name has a matcher of its own.
        public static let node = Kinds(rawValue: 8)
    }

    /// A name that the node does not match.
    public struct Exclusion: Hashable, Sendable {
        /// The name, taken literally.
        public var name: String
        /// On which Python versions.
        public var condition: PythonVersionCondition
        /// Where it is written.
        public var location: SourceLocation?

        /// Makes an exclusion.
        public init(
            _ name: String, condition: PythonVersionCondition = PythonVersionCondition(),
            location: SourceLocation? = nil
        ) {
            self.name = name
            self.condition = condition
            self.location = location
        }
    }

    /// One segment of a path, or `*`; empty for the matcher of a whole section.
    public var name: String
    /// Whether it speaks of the matcher of a whole section.
    public var isWhole: Bool { name.isEmpty }
    /// How it matches. `matchSelf` and anything below the name imply `node`.
    public var kinds: Kinds
    /// Whether its own matcher is for run time only.
    public var onlyRuntime: Bool
    /// The rule of every kind that it declares.
    public var rule: Rule
    /// What is below it.
    public var children: [MatcherDeclaration]
    /// The names that its own matcher excludes.
    public var exclusions: [Exclusion]
    /// On which Python versions.
    public var condition: PythonVersionCondition

    /// Makes a declaration.
    public init(
        name: String, kinds: Kinds, onlyRuntime: Bool = false, rule: Rule,
        children: [MatcherDeclaration] = [], exclusions: [Exclusion] = [],
        condition: PythonVersionCondition = PythonVersionCondition()
    ) {
        self.name = name
        self.kinds = kinds
        self.onlyRuntime = onlyRuntime
        self.rule = rule
        self.children = children
        self.exclusions = exclusions
        self.condition = condition
    }
}

/// An exception: the path and everything below it is allowed.
public struct Unrestriction: Hashable, Sendable {
    /// The segments of the path.
    public var path: [String]
    /// On which Python versions.
    public var condition: PythonVersionCondition
    /// Why.
    public var because: String?
    /// Who answers for it.
    public var owner: String?
    /// The last day on which it holds, ISO 8601.
    public var until: String?
    /// Where it is written.
    public var location: SourceLocation?

    /// Makes an exception.
    public init(
        path: [String], condition: PythonVersionCondition = PythonVersionCondition(),
        because: String? = nil, owner: String? = nil, until: String? = nil,
        location: SourceLocation? = nil
    ) {
        self.path = path
        self.condition = condition
        self.because = because
        self.owner = owner
        self.until = until
        self.location = location
    }
}

/// A value that a layer gives to some import notification flags.
public struct ImportNotificationDeclaration: Hashable, Sendable {
    /// The flags it speaks of.
    public var flags: ImportNotificationPolicy
    /// Whether it sets or clears them.
    public var value: Bool
    /// On which Python versions.
    public var condition: PythonVersionCondition

    /// Makes a declaration.
    public init(
        _ flags: ImportNotificationPolicy, _ value: Bool,
        condition: PythonVersionCondition = PythonVersionCondition()
    ) {
        self.flags = flags
        self.value = value
        self.condition = condition
    }
}

/// Something that lint does not report.
public struct LintAllowance: Hashable, Sendable {
    /// The code of what is not reported.
    public var code: String
    /// The dotted path at and below which it is not reported; nil for the whole file.
    public var path: String?
    /// Why.
    public var because: String
    /// Where it is written.
    public var location: SourceLocation?

    /// Makes an allowance.
    public init(
        code: String, path: String? = nil, because: String, location: SourceLocation? = nil
    ) {
        self.code = code
        self.path = path
        self.because = because
        self.location = location
    }
}
