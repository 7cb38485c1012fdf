internal import PolicyModel

/// What a command found, ready to be written for machines.
///
/// `check`, `lint` and `test` find different things and report them alike.
struct DiagnosticReport: Sendable {
    /// What is known about one kind of fault, apart from where it is.
    struct Rule: Sendable, Equatable {
        /// The stable name, which diagnostics have as `code`.
        var code: String
        /// What it is, lower case and without a full stop.
        var summary: String?
        /// What to know about it, in sentences.
        var explanation: String?
    }

    /// What was found, in the order to report it.
    var diagnostics: [Diagnostic]
    /// What kept the command from looking, each without diagnostics of its own.
    var failures: [CommandError] = []
    /// The kinds of faults that are described; others appear by their codes alone.
    var rules: [Rule] = []
}
