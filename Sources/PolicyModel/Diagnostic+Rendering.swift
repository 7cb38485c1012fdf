extension Diagnostic {
    /// The diagnostic as people read it, in several lines without a final line end:
    /// `file:line:column: error: message [code]`, the source line, a caret, the notes.
    ///
    /// Tabs of the source line stand before the caret too, so that it lines up; other control
    /// characters are replaced, so that a file cannot speak to a terminal.
    public func rendered() -> String {
        let place = location.map { "\($0): " } ?? ""
        var lines = [printable("\(place)\(severity.rawValue): \(message) [\(code)]")]
        if let sourceLine, let location {
            lines.append("    " + printable(sourceLine))
            let before = sourceLine.prefix(max(location.column - 1, 0))
            let margin = String(before.map { $0 == "\t" ? "\t" : " " })
            let room = max(sourceLine.count - before.count, 1)
            let tail = String(repeating: "~", count: min(max(length, 1), room) - 1)
            lines.append("    " + margin + "^" + tail)
        }
        for note in notes {
            let place = note.location.map { "\($0): " } ?? ""
            lines.append(printable("  \(place)note: \(note.message)"))
        }
        return lines.joined(separator: "\n")
    }

    private func printable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl =
                scalar.properties.generalCategory == .control
                || scalar.properties.isBidiControl
            scalars.append(isControl && scalar != "\t" ? "\u{FFFD}" : scalar)
        }
        return String(scalars)
    }
}
