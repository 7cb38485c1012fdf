internal import PolicyModel

/// The bytes of a policy file, and lines and columns for every place in them.
///
/// libxml2 counts lines up to 65,535 only and knows no place of an attribute, so both are ours.
struct SourceText {
    /// The file as messages name it.
    let file: String
    let bytes: [UInt8]
    /// The offset of the first byte of every line.
    private let lineStarts: [Int]
    /// The last place asked for, so that walking along a very long line stays linear.
    private var last = (offset: 0, line: 0, column: 1)

    init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                starts.append(offset + 1)
            } else if byte == UInt8(ascii: "\r"),
                offset + 1 == bytes.count || bytes[offset + 1] != UInt8(ascii: "\n")
            {
                starts.append(offset + 1)
            }
        }
        lineStarts = starts
    }

    /// Where a byte stands; columns count characters, and a byte order mark is none.
    mutating func location(at offset: Int) -> SourceLocation {
        let offset = min(max(offset, 0), bytes.count)
        let line = line(at: offset)
        var start = lineStarts[line]
        var column = 1
        if line == last.line, last.offset <= offset, last.offset > start {
            (start, column) = (last.offset, last.column)
        } else if line == 0, bytes.starts(with: Self.byteOrderMark) {
            start = min(Self.byteOrderMark.count, offset)
        }
        column += characters(in: start..<offset)
        last = (offset, line, column)
        return SourceLocation(file: file, line: line + 1, column: column)
    }

    /// The offset of a character, both numbers counted from 1; nil if there is none.
    func offset(line number: Int, column: Int) -> Int? {
        guard column > 0, lineStarts.indices.contains(number - 1) else { return nil }
        var start = lineStarts[number - 1]
        let end = number < lineStarts.count ? lineStarts[number] : bytes.count
        if number == 1, bytes.starts(with: Self.byteOrderMark) { start += Self.byteOrderMark.count }
        let line = bytes[start..<end]
        if line.prefix(column).allSatisfy({ $0 < 0x80 }) {
            return column <= line.count ? start + column - 1 : nil
        }
        let text = String(decoding: line, as: UTF8.self)
        guard column <= text.count else { return nil }
        return start + text.prefix(column - 1).utf8.count
    }

    /// How many characters a range holds.
    func characters(in range: Range<Int>) -> Int {
        let part = bytes[range]
        if part.allSatisfy({ $0 < 0x80 }) { return part.count }
        return String(decoding: part, as: UTF8.self).count
    }

    /// The text of a line, counted from 1, without its end; nil if it is too long to show.
    func line(_ number: Int) -> String? {
        guard lineStarts.indices.contains(number - 1) else { return nil }
        var start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] : bytes.count
        if number == 1, bytes.starts(with: Self.byteOrderMark) { start += Self.byteOrderMark.count }
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        guard end - start <= ReadingLimits.sourceLine else { return nil }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
