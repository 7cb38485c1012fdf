/// Writes the parts of a file in their canonical layout.
struct LayoutWriter {
    private let bytes: [UInt8]
    private var output: [UInt8] = []
    private var depth = 0
    /// Where the last line of the output starts.
    private var lineStart = 0
    /// The line ends between the part before and this one.
    private var lineEnds = 0

    private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

    init(bytes: [UInt8]) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count + bytes.count / 8)
    }

    /// The whole file.
    mutating func write(_ tokens: [MarkupTokens.Token]) -> [UInt8] {
        output += Self.declaration.utf8
        var index = 0
        while index < tokens.count {
            index = write(tokens, at: index)
        }
        output.append(UInt8(ascii: "\n"))
        return output
    }

    /// Writes one part and gives back the index of the next.
    private mutating func write(_ tokens: [MarkupTokens.Token], at index: Int) -> Int {
        let token = tokens[index]
        switch token.kind {
        case .declaration, .text: return index + 1
        case .blank:
            lineEnds = token.range.count { isLineEnd($0) }
            return index + 1
        case .comment:
            // A comment that follows on a line speaks of what stands there.
            if lineEnds == 0, index > 0, tokens[index - 1].kind != .declaration {
                output.append(UInt8(ascii: " "))
            } else {
                startLine()
            }
            comment(token.range)
        case .instruction:
            startLine()
            verbatim(token.range)
        case .empty:
            startLine()
            tag(token.range, end: "/>")
        case .start:
            startLine()
            lineEnds = 0
            return element(tokens, at: index)
        case .end:
            depth -= 1
            lineEnds = 0
            startLine()
            endTag(token.range)
        }
        lineEnds = 0
        return index + 1
    }

    private mutating func element(_ tokens: [MarkupTokens.Token], at index: Int) -> Int {
        let token = tokens[index]
        if token.isHollow {
            tag(token.range, end: "/>")
            return token.end + 1
        }
        tag(token.range, end: ">")
        guard token.holdsText else {
            depth += 1
            return index + 1
        }
        let end = tokens[token.end].range
        verbatim(token.range.upperBound..<end.lowerBound)
        endTag(end)
        return token.end + 1
    }

    // MARK: - Lines

    /// Ends the line, keeps one blank line if there were some, and indents.
    private mutating func startLine() {
        output.append(UInt8(ascii: "\n"))
        // The first part follows the declaration directly.
        if lineEnds > 1, output.count > Self.declaration.utf8.count + 1 {
            output.append(UInt8(ascii: "\n"))
        }
        lineStart = output.count
        spaces(depth * PolicyLayout.indentation)
    }

    private mutating func spaces(_ count: Int) {
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(count, 0)))
    }

    /// Copies what must not change but for the spelling of line ends.
    private mutating func verbatim(_ range: Range<Int>) {
        for offset in range where !isReturnOfPair(offset) {
            output.append(bytes[offset] == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : bytes[offset])
        }
        if let end = output.lastIndex(of: UInt8(ascii: "\n")) { lineStart = end + 1 }
    }

    private func isReturnOfPair(_ offset: Int) -> Bool {
        bytes[offset] == UInt8(ascii: "\r") && offset + 1 < bytes.count
            && bytes[offset + 1] == UInt8(ascii: "\n")
    }

    private func isLineEnd(_ offset: Int) -> Bool {
        switch bytes[offset] {
        case UInt8(ascii: "\n"): true
        case UInt8(ascii: "\r"): !isReturnOfPair(offset)
        default: false
        }
    }

    /// Writes a comment; its other lines move as far to the side as its first one did.
    private mutating func comment(_ range: Range<Int>) {
        let lines = bytes[range].split(
            separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let shift =
            lines.count == 1 ? 0 : (output.count - lineStart) - column(of: range.lowerBound)
        for (number, line) in lines.enumerated() {
            var line = line
            while let last = line.last, last == 0x20 || last == 0x09 || last == 0x0D {
                line.removeLast()
            }
            guard number > 0 else {
                output += line
                continue
            }
            output.append(UInt8(ascii: "\n"))
            lineStart = output.count
            let text = line.drop { $0 == 0x20 || $0 == 0x09 }
            if !text.isEmpty { spaces(width(of: line[..<text.startIndex]) + shift) }
            output += text
        }
    }

    /// How far from the start of its line an offset stands.
    private func column(of offset: Int) -> Int {
        var start = offset
        while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
        return width(of: bytes[start..<offset])
    }

    private func width(of line: ArraySlice<UInt8>) -> Int {
        line.reduce(0) { width, byte in byte == 0x09 ? (width / 8 + 1) * 8 : width + 1 }
    }

    // MARK: - Tags

    private mutating func endTag(_ range: Range<Int>) {
        var name = bytes[range].dropLast()
        while let last = name.last, [0x20, 0x09, 0x0A, 0x0D].contains(last) { name.removeLast() }
        output += name
        output.append(UInt8(ascii: ">"))
    }

    private mutating func tag(_ range: Range<Int>, end: String) {
        let tag = StartTag(bytes: bytes, open: range.lowerBound, limit: range.upperBound)
        let attributes = tag.attributes.enumerated()
            .map { (rank: Self.rank($1.name, written: $0), text: text(of: $1), name: $1.name) }
            .sorted { $0.rank < $1.rank }
        output.append(UInt8(ascii: "<"))
        output += bytes[tag.nameRange]
        let margin = Self.characters(output[lineStart...]) + 1
        let widths = attributes.map { Self.characters($0.text[...]) }
        let isOneLine =
            margin + widths.reduce(attributes.count - 1, +) + end.utf8.count
            <= PolicyLayout.lineLength
        var column = margin
        for (index, attribute) in attributes.enumerated() {
            let room = index == attributes.count - 1 ? end.utf8.count : 0
            // Where lines are broken, declarations of namespaces stand apart.
            let breaks =
                index > 0 && !isOneLine
                && (column + 1 + widths[index] + room > PolicyLayout.lineLength
                    || Self.isNamespace(attributes[index - 1].name)
                        && !Self.isNamespace(attribute.name))
            if breaks {
                output.append(UInt8(ascii: "\n"))
                spaces(margin)
                column = margin
            } else {
                output.append(UInt8(ascii: " "))
                column += index > 0 ? 1 : 0
            }
            output += attribute.text
            column += widths[index]
        }
        output += end.utf8
        if let feed = output[lineStart...].lastIndex(of: UInt8(ascii: "\n")) {
            lineStart = feed + 1
        }
    }

    private static func isNamespace(_ name: String) -> Bool {
        name == "xmlns" || name.hasPrefix("xmlns:")
    }

    private static func rank(_ name: String, written: Int) -> Int {
        if isNamespace(name) { return written - ReadingLimits.attributes }
        return ranks[name] ?? ranks.count + written
    }

    private static let ranks = Dictionary(
        uniqueKeysWithValues: PolicyLayout.attributeOrder.enumerated().map { ($1, $0) })

    /// `name="value"`, the value's references as the author wrote them.
    private func text(of attribute: StartTag.Attribute) -> [UInt8] {
        var text = Array(attribute.name.utf8)
        text += "=\"".utf8
        for offset in attribute.value where !isReturnOfPair(offset) {
            switch bytes[offset] {
            case 0x09, 0x0A, 0x0D: text.append(UInt8(ascii: " "))
            case UInt8(ascii: "\""): text += "&quot;".utf8
            case UInt8(ascii: ">"): text += "&gt;".utf8
            default: text.append(bytes[offset])
            }
        }
        text.append(UInt8(ascii: "\""))
        return text
    }

    private static func characters(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.count { $0 & 0xC0 != 0x80 }
    }
}
