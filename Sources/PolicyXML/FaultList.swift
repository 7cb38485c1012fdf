internal import PolicyModel

/// Collects what is wrong with one file, each fault with its place and its source line.
struct FaultList {
    var source: SourceText
    private(set) var diagnostics: [Diagnostic] = []
    /// Whether so much was wrong that the rest is not recorded.
    private(set) var isFull = false
    private var errors = 0
    private var warnings = 0

    init(source: SourceText) {
        self.source = source
    }

    /// Forgets the warnings, which say nothing true of a file that was read in part.
    mutating func dropWarnings() {
        diagnostics.removeAll { $0.severity == .warning }
    }

    /// Records an error that covers a range of bytes.
    mutating func add(
        _ code: String, _ message: String, at range: Range<Int>, notes: [Diagnostic.Note] = []
    ) {
        record(.error, code, message, at: range, notes)
    }

    /// Records a warning that covers a range of bytes.
    mutating func warn(
        _ code: String, _ message: String, at range: Range<Int>, notes: [Diagnostic.Note] = []
    ) {
        record(.warning, code, message, at: range, notes)
    }

    private mutating func record(
        _ severity: Diagnostic.Severity, _ code: String, _ message: String, at range: Range<Int>,
        _ notes: [Diagnostic.Note]
    ) {
        if isFull { return }
        if severity == .warning {
            warnings += 1
            if warnings > ReadingLimits.diagnostics { return }
        } else {
            errors += 1
        }
        let location = source.location(at: range.lowerBound)
        var end = range.lowerBound
        // A caret ends where its line does.
        while end < range.upperBound, end < source.bytes.count,
            source.bytes[end] != 0x0A, source.bytes[end] != 0x0D
        {
            end += 1
        }
        let length = max(1, source.characters(in: min(range.lowerBound, end)..<end))
        diagnostics.append(
            Diagnostic(
                severity, code: code, message: message, at: location, length: length,
                sourceLine: source.line(location.line), notes: notes))
        if errors >= ReadingLimits.diagnostics {
            isFull = true
            diagnostics.append(
                Diagnostic(
                    .error, code: "too-many-diagnostics",
                    message: "\(ReadingLimits.diagnostics) errors; the rest is not reported",
                    at: location, length: length, sourceLine: source.line(location.line)))
        }
    }
}

/// The author's text in back-quotes, shortened and on one line.
func quoted(_ text: some StringProtocol) -> String {
    let shown = text.prefix(ReadingLimits.quotation)
        .map { $0.isNewline || $0 == "\t" ? " " : $0 == "`" ? "'" : $0 }
    return "`" + String(shown) + (shown.count < text.count ? "…" : "") + "`"
}

/// Words as a sentence lists them: a, b or c, each in back-quotes.
func alternatives(_ words: [String]) -> String {
    guard let last = words.last else { return "nothing" }
    if words.count == 1 { return quoted(last) }
    return words.dropLast().map { quoted($0) }.joined(separator: ", ") + " or " + quoted(last)
}
