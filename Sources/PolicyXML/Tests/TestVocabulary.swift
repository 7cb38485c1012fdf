internal import PolicyModel

/// The names of the language of policy tests.
enum TestVocabulary {
    static let namespace = "urn:portcullis:policy-tests:1"
    static let root = "policy-tests"
    static let expectations = [
        "allow", "deny", "warn", "audit", "passes-through", "reloads",
        "import-notification-policy", "pass", "stop",
    ]
    static let language = MarkupLanguage(
        namespace: namespace, root: root, elements: Set(expectations + ["group"]),
        noun: "a file of policy tests")
    static let phases = ["import", "runtime"]
    static let operations = ["access", "use"]

    private static let question = ["path", "import", "phase", "operation", "python"]

    /// The attributes of an element, and which of them it must have.
    static func attributes(of element: String) -> (all: [String], required: String?) {
        switch element {
        case root: (["policy", "python"], "policy")
        case "group": (["name", "python"], "name")
        case "allow": (question, nil)
        case "passes-through", "reloads": (["module", "python"], "module")
        case "import-notification-policy": (["python"] + Vocabulary.flags, nil)
        case "pass": (["name", "python"], "name")
        case "stop": (["name", "path", "python", "rule"], "name")
        default: (question + ["rule"], nil)
        }
    }
}
