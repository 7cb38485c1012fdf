public import PolicyModel

/// The text of a policy file, for tools that show or change parts of it.
public struct PolicyText: Sendable {
    private var source: SourceText

    /// The bytes of the file.
    public var bytes: [UInt8] { source.bytes }

    /// Takes the bytes of a file.
    public init(bytes: [UInt8]) {
        source = SourceText(file: "", bytes: bytes)
    }

    /// Reads a file.
    ///
    /// - Throws: ``PolicyError`` if it cannot be read or is too large.
    public init(file: String) throws(PolicyError) {
        do {
            self.init(bytes: try PolicyFile.read(file))
        } catch {
            throw PolicyError([PolicyReader.unreadable(file, error)])
        }
    }

    /// The diagnostic with its source line, and with a caret below all of the element's name.
    public func illustrating(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.sourceLine == nil, let location = diagnostic.location else {
            return diagnostic
        }
        var diagnostic = diagnostic
        diagnostic.sourceLine = source.line(location.line)
        if let offset = startTag(at: location) {
            let end = StartTag.nameEnd(in: bytes, at: offset)
            diagnostic.length = source.characters(in: offset..<end)
        }
        return diagnostic
    }

    /// The text without the elements that start at the given places, and how many these were.
    ///
    /// Whole lines go where nothing else stands on them. An element that holds a comment or another
    /// element stays.
    public func removing(_ elements: [SourceLocation]) -> (text: PolicyText, removed: Int) {
        var ranges: [Range<Int>] = []
        for offset in Set(elements.compactMap { startTag(at: $0) }).sorted() {
            guard let end = elementEnd(from: offset) else { continue }
            let range = withBlanks(offset..<end)
            if let last = ranges.last, last.upperBound > range.lowerBound { continue }
            ranges.append(range)
        }
        var kept: [UInt8] = []
        var start = 0
        for range in ranges {
            kept += bytes[start..<range.lowerBound]
            start = range.upperBound
        }
        kept += bytes[start...]
        return (PolicyText(bytes: kept), ranges.count)
    }

    /// The offset of a start tag; nil if none starts there.
    private func startTag(at location: SourceLocation) -> Int? {
        guard let offset = source.offset(line: location.line, column: location.column),
            offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "<"),
            isNameByte(bytes[offset + 1])
        else { return nil }
        return offset
    }

    /// The offset behind an element that holds nothing but blanks.
    private func elementEnd(from open: Int) -> Int? {
        guard let end = tagEnd(from: open) else { return nil }
        if bytes[end - 2] == UInt8(ascii: "/") { return end }
        var offset = end
        while offset < bytes.count, Self.isBlank(bytes[offset]) || Self.isLineEnd(bytes[offset]) {
            offset += 1
        }
        guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "<"),
            bytes[offset + 1] == UInt8(ascii: "/")
        else { return nil }
        return tagEnd(from: offset)
    }

    /// The offset behind the `>` of a tag.
    private func tagEnd(from open: Int) -> Int? {
        var quote: UInt8?
        for offset in (open + 1)..<bytes.count {
            let byte = bytes[offset]
            if let end = quote {
                if byte == end { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return offset + 1
            }
        }
        return nil
    }

    /// The range with its line's end if nothing else is on the line, or else with the blanks before.
    private func withBlanks(_ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start > 0, Self.isBlank(bytes[start - 1]) { start -= 1 }
        var end = range.upperBound
        while end < bytes.count, Self.isBlank(bytes[end]) { end += 1 }
        let isFirst = start == 0 || Self.isLineEnd(bytes[start - 1])
        guard isFirst, end == bytes.count || Self.isLineEnd(bytes[end]) else {
            return isFirst ? range.lowerBound..<end : start..<range.upperBound
        }
        if end < bytes.count, bytes[end] == UInt8(ascii: "\r") { end += 1 }
        if end < bytes.count, bytes[end] == UInt8(ascii: "\n") { end += 1 }
        return start..<end
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
