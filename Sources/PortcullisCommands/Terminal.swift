internal import ArgumentParser
internal import Glibc
internal import Synchronization

/// Whether a command writes colours.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// On a terminal, unless `NO_COLOR` is set.
    case auto
    case always
    case never
}

/// What every command can be told about the terminal.
struct TerminalOptions: ParsableArguments {
    @Option(help: "Whether to write colours: auto, always or never.")
    var color: ColorChoice = .auto

    /// The choice holds for the whole process, so that no function needs to hand it on.
    func validate() {
        Terminal.chosen.withLock { $0 = color }
    }
}

/// What is known about where output goes.
enum Terminal {
    /// What the command line says about colours.
    static let chosen = Mutex(ColorChoice.auto)

    /// A style of text.
    enum Style: String {
        case bold = "1"
        case red = "1;31"
        case green = "32"
        case yellow = "1;33"
        case cyan = "36"
    }

    /// Whether a stream goes to a terminal that can be told more than text.
    static func isTerminal(_ stream: StandardStream) -> Bool {
        guard isatty(stream.rawValue) == 1 else { return false }
        return getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
    }

    /// Whether text for a stream has colours.
    static func hasColor(_ stream: StandardStream) -> Bool {
        switch chosen.withLock({ $0 }) {
        case .always: return true
        case .never: return false
        case .auto:
            if let value = getenv("NO_COLOR"), value.pointee != 0 { return false }
            return isTerminal(stream)
        }
    }

    /// Text in a style, if a stream has colours.
    static func styled(_ text: some StringProtocol, _ style: Style, on stream: StandardStream)
        -> String
    {
        hasColor(stream) ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : String(text)
    }

    /// How many characters a line of a stream has room for; nil if it is no terminal.
    static func width(of stream: StandardStream) -> Int? {
        guard isTerminal(stream) else { return nil }
        var size = winsize()
        let isKnown = ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0
        return isKnown && size.ws_col > 0 ? Int(size.ws_col) : nil
    }
}
