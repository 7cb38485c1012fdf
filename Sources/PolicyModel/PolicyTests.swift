/// The tests of a policy, as one file holds them.
public struct PolicyTests: Hashable, Sendable {
    /// The file, for messages.
    public var file: String
    /// The policy, as seen from the file, or the name of a shipped one.
    public var policy: String
    /// Where the policy is named.
    public var policyPlace: SourceExcerpt
    /// The tests in their groups, in the order of the file.
    public var groups: [Group]

    /// Tests that belong together.
    public struct Group: Hashable, Sendable {
        /// What they are about; empty for those that stand in no group.
        public var name: String
        /// The tests.
        public var tests: [PolicyTest]

        /// Makes a group.
        public init(name: String, tests: [PolicyTest] = []) {
            self.name = name
            self.tests = tests
        }
    }

    /// Makes the tests of a file.
    public init(file: String, policy: String, policyPlace: SourceExcerpt, groups: [Group] = []) {
        self.file = file
        self.policy = policy
        self.policyPlace = policyPlace
        self.groups = groups
    }
}

/// One thing that is expected of a policy.
public struct PolicyTest: Hashable, Sendable {
    /// What is expected.
    public enum Expectation: Hashable, Sendable {
        /// How the policy decides; nil: that nothing restricts it.
        case decision(Question, Effect?, RuleName?)
        /// Whether a module is passed through.
        case passthrough(String, Bool)
        /// The flags that are set and those that are not.
        case notification(set: ImportNotificationPolicy, clear: ImportNotificationPolicy)
        /// What becomes of Python code.
        case snippet(Snippet)
    }

    /// What is asked of a policy.
    public struct Question: Hashable, Sendable {
        /// Whether a module is imported, in contrast to a member that is touched.
        public var isImport: Bool
        /// The names of the path.
        public var path: [String]
        /// When and how; the expectation holds in each of them.
        public var contexts: [AccessContext]

        /// Makes a question.
        public init(isImport: Bool, path: [String], contexts: [AccessContext]) {
            self.isImport = isImport
            self.path = path
            self.contexts = contexts
        }
    }

    /// A rule by its id or by where it is written.
    public struct RuleName: Hashable, Sendable {
        /// The id, or `file:line`.
        public var text: String
        /// Where the author named it.
        public var place: SourceExcerpt

        /// Makes a name.
        public init(_ text: String, at place: SourceExcerpt) {
            self.text = text
            self.place = place
        }
    }

    /// Python code, and what is expected of it.
    public struct Snippet: Hashable, Sendable {
        /// The code, without common indentation.
        public var code: String
        /// The line of the test file on which the code's first line stands.
        public var line: Int
        /// The rule that must stop it; nil: it must run to its end.
        public var rule: RuleName?
        /// What must be named by the error, if that matters.
        public var path: String?

        /// Makes a snippet.
        public init(code: String, line: Int, rule: RuleName? = nil, path: String? = nil) {
            self.code = code
            self.line = line
            self.rule = rule
            self.path = path
        }
    }

    /// What reports call it, for example `deny os.getcwd`.
    public var name: String
    /// What is expected.
    public var expectation: Expectation
    /// On which Python versions.
    public var condition: PythonVersionCondition
    /// Where it is written.
    public var place: SourceExcerpt

    /// Makes a test.
    public init(
        name: String, expectation: Expectation, condition: PythonVersionCondition,
        place: SourceExcerpt
    ) {
        self.name = name
        self.expectation = expectation
        self.condition = condition
        self.place = place
    }
}

/// A part of a line of a file, as a diagnostic shows it.
public struct SourceExcerpt: Hashable, Sendable {
    /// Where it starts.
    public var location: SourceLocation
    /// How many characters it covers.
    public var length: Int
    /// The whole line, if it is short enough to show.
    public var line: String?

    /// Makes an excerpt.
    public init(location: SourceLocation, length: Int = 1, line: String? = nil) {
        self.location = location
        self.length = length
        self.line = line
    }
}

extension Diagnostic {
    /// Makes a diagnostic about a part of a file.
    public init(
        _ severity: Severity, code: String, message: String, at place: SourceExcerpt,
        notes: [Note] = []
    ) {
        self.init(
            severity, code: code, message: message, at: place.location, length: place.length,
            sourceLine: place.line, notes: notes)
    }
}
