/// One thing that is wrong with, or worth knowing about, a policy.
public struct Diagnostic: Hashable, Sendable {
    /// How much it matters.
    public enum Severity: String, Hashable, Sendable, Comparable {
        case error, warning

        /// Errors come first.
        public static func < (a: Severity, b: Severity) -> Bool { a == .error && b == .warning }
    }

    /// What else helps to understand a diagnostic: a first occurrence, a suggestion.
    public struct Note: Hashable, Sendable {
        /// The text, lower case and without a full stop.
        public var message: String
        /// Where it points, if anywhere.
        public var location: SourceLocation?

        /// Makes a note.
        public init(_ message: String, at location: SourceLocation? = nil) {
            self.message = message
            self.location = location
        }
    }

    /// Whether it stops the compiler.
    public var severity: Severity
    /// The stable name of the kind of fault, for example `unknown-attribute`.
    public var code: String
    /// The text, lower case and without a full stop, the author's words in back-quotes.
    public var message: String
    /// Where it is, if it is in a file.
    public var location: SourceLocation?
    /// How many characters from `location` it covers, at least 1.
    public var length: Int
    /// The line of the file that `location` names, for the caret.
    public var sourceLine: String?
    /// What else helps, in the order to print it.
    public var notes: [Note]

    /// Makes a diagnostic.
    public init(
        _ severity: Severity, code: String, message: String, at location: SourceLocation? = nil,
        length: Int = 1, sourceLine: String? = nil, notes: [Note] = []
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.location = location
        self.length = length
        self.sourceLine = sourceLine
        self.notes = notes
    }
}

extension Diagnostic: Comparable {
    /// By file, line and column, then errors before warnings, then by code and text.
    public static func < (a: Diagnostic, b: Diagnostic) -> Bool {
        let none = SourceLocation(file: "", line: 0, column: 0)
        let (at, bt) = (a.location ?? none, b.location ?? none)
        if at != bt { return at < bt }
        if a.severity != b.severity { return a.severity < b.severity }
        return (a.code, a.message) < (b.code, b.message)
    }
}

/// What stops a stage: every fault that was found, never only the first.
public struct PolicyError: Error, Hashable, Sendable {
    /// All diagnostics, sorted; at least one is an error.
    public var diagnostics: [Diagnostic]

    /// Makes the error from what was found, in any order.
    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics.sorted()
    }
}
