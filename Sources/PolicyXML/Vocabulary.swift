/// Where an element stands, as far as that decides what may be in it. A `when` changes nothing.
enum Place: CaseIterable {
    case policy, passthroughModules, invalidModules, invalidModule, invalidModuleMembers
    case restrictedModule, member, lint, nothing

    /// The elements that may stand here.
    var elements: [String] {
        switch self {
        case .policy: Self.sections
        case .passthroughModules: Self.passthroughEntries
        case .invalidModules, .invalidModuleMembers: Self.moduleEntries
        case .invalidModule: Self.invalidModuleEntries
        case .restrictedModule: Self.restrictedModuleEntries
        case .member: Self.memberEntries
        case .lint: Self.lintEntries
        case .nothing: []
        }
    }

    // Rationale: asked for every element of a file, so made once.
    private static let sections = [
        "passthrough-modules", "invalid-modules", "invalid-module-members", "unrestrict",
        "import-notification-policy", "sys-modules", "lint", "layer", "when",
    ]
    private static let passthroughEntries = ["module", "standard-library", "all-modules", "when"]
    private static let moduleEntries = ["module", "exclude", "when"]
    private static let invalidModuleEntries = ["module", "exclude", "when"]
    private static let restrictedModuleEntries = ["member", "module", "exclude", "when"]
    private static let memberEntries = ["member", "exclude", "when"]
    private static let lintEntries = ["allow"]

    /// The place inside an element that stands here.
    func inside(_ element: String) -> Place {
        switch (element, self) {
        case ("when", _): self
        case ("layer", .policy): .policy
        case ("passthrough-modules", _): .passthroughModules
        case ("invalid-modules", _): .invalidModules
        case ("invalid-module-members", _): .invalidModuleMembers
        case ("module", .invalidModules), ("module", .invalidModule): .invalidModule
        case ("module", .invalidModuleMembers), ("module", .restrictedModule): .restrictedModule
        case ("member", _): .member
        case ("lint", _): .lint
        default: .nothing
        }
    }
}

/// The names of the policy language.
enum Vocabulary {
    static let namespace = "urn:portcullis:sandbox-restrictions:1"
    static let root = "sandbox-restrictions"
    static let elements = Set(Place.allCases.flatMap(\.elements))
    static let language = MarkupLanguage(
        namespace: namespace, root: root, elements: elements, noun: "a policy")

    static let flags = [
        "warn-on-dynamic-import", "warn-on-unintentional-passthrough",
        "raise-on-unintentional-passthrough",
    ]
    /// The attributes that say what happens on a match, and so need one.
    static let ruleAttributes = [
        "id", "effect", "warning", "message", "instead", "arguments",
    ]

    private static let sectionAttributes = ["match", "only", "because", "see"] + ruleAttributes
    private static let matcherAttributes = ["name"] + sectionAttributes

    /// The attributes of an element, and which of them it must have.
    static func attributes(of element: String, in place: Place) -> (
        all: [String], required: String?
    ) {
        switch element {
        case root: (["name", "extends"], "name")
        case "when": (["python"], "python")
        case "layer": (["name"], "name")
        case "unrestrict": (["path", "because", "owner", "until"], "path")
        case "import-notification-policy": (flags, nil)
        case "sys-modules": (["lazy-passthrough"], "lazy-passthrough")
        case "allow": (["code", "path", "because"], "code")
        case "standard-library", "all-modules": (["because"], nil)
        case "exclude": (["name", "because"], "name")
        case "module" where place == .passthroughModules: (["name", "because"], "name")
        case "module", "member":
            (matcherAttributes, "name")
        case "invalid-modules", "invalid-module-members": (sectionAttributes, nil)
        default: ([], nil)
        }
    }

    /// Python's own warning classes.
    static let warningClasses = [
        "Warning", "UserWarning", "DeprecationWarning", "SyntaxWarning", "RuntimeWarning",
        "FutureWarning", "PendingDeprecationWarning", "ImportWarning", "UnicodeWarning",
        "BytesWarning", "ResourceWarning", "EncodingWarning",
    ]
}
