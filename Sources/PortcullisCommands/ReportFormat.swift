internal import ArgumentParser

/// For whom a command that finds faults writes.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Text: results on standard output, faults on standard error.
    case human
    /// One JSON document on standard output, faults included.
    case json
    /// One SARIF 2.1.0 document on standard output, for code scanning.
    case sarif
    /// Workflow commands of GitHub Actions on standard output, which annotate a change.
    case github

    /// What the option says about itself.
    static let help: ArgumentHelp = "For whom to write: human, json, sarif or github."
}
