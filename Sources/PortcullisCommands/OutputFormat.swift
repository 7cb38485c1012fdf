internal import ArgumentParser

/// For whom a command writes.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// Text: results on standard output, faults on standard error.
    case human
    /// One JSON document on standard output, faults included.
    case json
}
