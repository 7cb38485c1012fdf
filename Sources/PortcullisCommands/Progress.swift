internal import Glibc

/// A line on a terminal that says how far something is that takes longer than a moment.
///
/// It is written to standard error, and only if that is a terminal.
final class Progress {
    /// How long nothing is said, in seconds.
    static let patience = 1
    /// How often something is said then.
    static let interval = Duration.milliseconds(100)

    private let noun: String
    private let isShown: Bool
    private let isBusy: Bool
    private let start = ContinuousClock.now
    private var next: ContinuousClock.Instant
    private var count = 0

    /// - Parameters:
    ///   - noun: What is counted, for example `tests`.
    ///   - isBusy: Whether a single one may take long, so that something must be said before it is
    ///     done. It takes the process's alarm, which an interpreter must not share.
    init(_ noun: String, isBusy: Bool = false) {
        self.noun = noun
        isShown = Terminal.isTerminal(.error)
        self.isBusy = isBusy
        next = start + .seconds(Self.patience)
        guard isShown, isBusy else { return }
        // Writing is one of the few things that a signal's handler may do.
        signal(SIGALRM) { _ in _ = Glibc.write(2, "\rworking ...", 12) }
        alarm(UInt32(Self.patience))
    }

    deinit { finish() }

    /// One more is done.
    func advance() {
        count += 1
        guard isShown, ContinuousClock.now >= next else { return }
        next = ContinuousClock.now + Self.interval
        StandardStream.error.write("\r\(count) \(noun) ...\u{1B}[K")
    }

    /// Takes the line away, so that something else can be written.
    func finish() {
        guard isShown else { return }
        if isBusy { alarm(0) }
        if ContinuousClock.now - start >= .seconds(Self.patience) {
            StandardStream.error.write("\r\u{1B}[K")
        }
    }
}
