internal import PolicyModel

extension Diagnostic {
    /// The diagnostic as people read it on a stream: with colours where it has them, and the source
    /// line cut to its width.
    func rendered(on stream: StandardStream) -> String {
        var lines = rendered().split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        if sourceLine != nil, location != nil, lines.count > 2 {
            (lines[1], lines[2]) = Self.cut(lines[1], lines[2], to: Terminal.width(of: stream))
            lines[2] = Terminal.styled(lines[2], .green, on: stream)
        }
        guard Terminal.hasColor(stream) else { return lines.joined(separator: "\n") }
        lines[0] = styledHead(lines[0], on: stream)
        let head = sourceLine == nil || location == nil ? 1 : 3
        for index in lines.indices.dropFirst(head) {
            lines[index] = lines[index].replacing(
                "note: ", with: Terminal.styled("note:", .cyan, on: stream) + " ",
                maxReplacements: 1)
        }
        return lines.joined(separator: "\n")
    }

    private func styledHead(_ line: String, on stream: StandardStream) -> String {
        let word = severity.rawValue + ":"
        let place = location.map { "\($0): " } ?? ""
        // What a file says may have been replaced in the line; then it stays plain.
        guard line.hasPrefix(place + word) else { return line }
        return Terminal.styled(place, .bold, on: stream)
            + Terminal.styled(word, severity == .error ? .red : .yellow, on: stream)
            + line.dropFirst(place.count + word.count)
    }

    /// The part of a source line, and of the carets below it, that a terminal has room for.
    static func cut(_ line: String, _ carets: String, to width: Int?) -> (String, String) {
        let margin = 4
        guard let width, width > 20, line.count > width else { return (line, carets) }
        let room = width - margin - 2
        let column = carets.prefix { $0 != "^" }.count
        let start = column - margin < room * 3 / 4 ? margin : column - room / 2
        let isCut = start > margin
        let shown = line.dropFirst(start).prefix(room)
        let rest = line.count > start + room ? "…" : ""
        let indent = String(repeating: " ", count: margin)
        return (
            indent + (isCut ? "…" : "") + shown + rest,
            indent + (isCut ? " " : "") + carets.dropFirst(start).prefix(room)
        )
    }
}
