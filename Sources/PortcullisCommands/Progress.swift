internal import Glibc

/// A line on a terminal that says how far something is that takes longer than a moment.
///
/// It is written to standard error, and only if that is a terminal.
final class Progress {
    /// How long nothing is said.
    static let patience = Duration.seconds(1)
    /// How often something is said then.
    static let interval = Duration.milliseconds(100)

    private let noun: String
    private let isShown: Bool
    private let start = ContinuousClock.now
    private var next: ContinuousClock.Instant
    private var count = 0
    private var isWritten = false

    /// - Parameter noun: What is counted, for example `tests`.
    init(_ noun: String) {
        self.noun = noun
        isShown = Terminal.isTerminal(.error)
        next = start + Self.patience
    }

    deinit { finish() }

    /// One more is done.
    func advance() {
        count += 1
        guard isShown, ContinuousClock.now >= next else { return }
        next = ContinuousClock.now + Self.interval
        StandardStream.error.write("\r\(count) \(noun) ...\u{1B}[K")
        isWritten = true
    }

    /// Takes the line away.
    func finish() {
        if isWritten { StandardStream.error.write("\r\u{1B}[K") }
        isWritten = false
    }
}
