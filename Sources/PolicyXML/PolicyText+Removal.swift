public import PolicyModel

extension PolicyText {
    /// The text without the elements that start at the given places, and how many these were.
    ///
    /// Whole lines go where nothing else stands on them. An element that holds a comment or another
    /// element stays. A `when` that holds nothing any more goes too, and is not counted.
    public func removing(_ elements: [SourceLocation]) -> (text: PolicyText, removed: Int) {
        var ranges: [Range<Int>] = []
        for offset in Set(elements.compactMap { startTag(at: $0) }).sorted() {
            guard let end = elementEnd(from: offset) else { continue }
            let range = withBlanks(offset..<end)
            if let last = ranges.last, last.upperBound > range.lowerBound { continue }
            ranges.append(range)
        }
        var gaps: [Int] = []
        var removed = 0
        for range in ranges {
            gaps.append(range.lowerBound - removed)
            removed += range.count
        }
        let text = PolicyText(bytes: without(ranges))
        return (text.removingHollowConditions(at: gaps), ranges.count)
    }

    /// The text without those `when` elements around the given offsets that hold only blanks.
    private func removingHollowConditions(at gaps: [Int]) -> PolicyText {
        var ranges: [Range<Int>] = []
        for gap in gaps {
            var hollow: Range<Int>?
            while let outer = condition(around: hollow ?? gap..<gap) { hollow = outer }
            guard let hollow else { continue }
            let range = withBlanks(hollow)
            if ranges.last?.overlaps(range) != true { ranges.append(range) }
        }
        return PolicyText(bytes: without(ranges))
    }

    /// The bytes without ranges that are in order and apart.
    private func without(_ ranges: [Range<Int>]) -> [UInt8] {
        var kept: [UInt8] = []
        var start = 0
        for range in ranges {
            kept += bytes[start..<range.lowerBound]
            start = range.upperBound
        }
        return kept + bytes[start...]
    }

    /// The `when` element that holds a range and blanks, and nothing else.
    private func condition(around range: Range<Int>) -> Range<Int>? {
        var start = range.lowerBound
        while start > 0, Self.isSpace(bytes[start - 1]) { start -= 1 }
        var end = range.upperBound
        while end < bytes.count, Self.isSpace(bytes[end]) { end += 1 }
        // `<` stands in no attribute, so the last one opens whatever ends here.
        guard start > 1, bytes[start - 1] == UInt8(ascii: ">"), end + 1 < bytes.count,
            bytes[end] == UInt8(ascii: "<"), bytes[end + 1] == UInt8(ascii: "/"),
            let open = bytes[..<start].lastIndex(of: UInt8(ascii: "<")), open + 1 < start,
            isNameByte(bytes[open + 1]), tagEnd(from: open) == start,
            // A comment, an instruction or an empty element ends in another way.
            !"-?]/".utf8.contains(bytes[start - 2])
        else { return nil }
        let name = bytes[open + 1..<StartTag.nameEnd(in: bytes, at: open)]
        guard name.split(separator: UInt8(ascii: ":")).last?.elementsEqual("when".utf8) == true,
            let close = tagEnd(from: end)
        else { return nil }
        return open..<close
    }

    /// The offset behind an element that holds nothing but blanks.
    private func elementEnd(from open: Int) -> Int? {
        guard let end = tagEnd(from: open) else { return nil }
        if bytes[end - 2] == UInt8(ascii: "/") { return end }
        var offset = end
        while offset < bytes.count, Self.isSpace(bytes[offset]) {
            offset += 1
        }
        guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "<"),
            bytes[offset + 1] == UInt8(ascii: "/")
        else { return nil }
        return tagEnd(from: offset)
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
    private static func isSpace(_ byte: UInt8) -> Bool { isBlank(byte) || isLineEnd(byte) }
}
