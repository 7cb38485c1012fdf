internal import Glibc

/// What is known about where output goes.
enum Terminal {
    /// Whether a stream goes to a terminal that can be told more than text.
    static func isTerminal(_ stream: StandardStream) -> Bool {
        guard isatty(stream.rawValue) == 1 else { return false }
        return getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
    }
}
