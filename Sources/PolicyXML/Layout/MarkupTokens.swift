/// The parts of a well-formed file, in order and without gaps.
struct MarkupTokens {
    /// One part.
    struct Token {
        enum Kind {
            case declaration, instruction, comment, blank, text, start, empty, end
        }

        var kind: Kind
        /// Where it stands, its delimiters included.
        var range: Range<Int>
        /// For a start: the index of the end of the same element.
        var end = 0
        /// For a start: whether the element itself holds text, which must not be touched.
        var holdsText = false
        /// For a start: whether there is nothing but blanks in the element.
        var isHollow = true
    }

    private(set) var tokens: [Token] = []
    private let bytes: [UInt8]
    private var position: Int
    private var open: [Int] = []

    /// Takes a file apart that libxml2 found to be well formed.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: SourceText.byteOrderMark) ? 3 : 0
        while position < bytes.count { readToken() }
    }

    private mutating func readToken() {
        guard bytes[position] == UInt8(ascii: "<") else { return readText() }
        if has("<!--") {
            add(.comment, through: "-->", from: position + 4)
        } else if has("<![CDATA[") {
            add(.text, through: "]]>", from: position + 9)
        } else if has("<?") {
            let isDeclaration = has("<?xml") && !isNameByte(byte(at: position + 5))
            add(isDeclaration ? .declaration : .instruction, through: "?>", from: position + 2)
        } else if has("</") {
            add(.end, through: ">", from: position + 2)
        } else {
            let end = tagEnd(from: position + 1)
            let isEmpty = byte(at: end - 2) == UInt8(ascii: "/")
            add(isEmpty ? .empty : .start, to: end)
        }
    }

    private mutating func readText() {
        var end = position
        var isBlank = true
        while end < bytes.count, bytes[end] != UInt8(ascii: "<") {
            if ![0x20, 0x09, 0x0A, 0x0D].contains(bytes[end]) { isBlank = false }
            end += 1
        }
        add(isBlank ? .blank : .text, to: end)
    }

    private mutating func add(_ kind: Token.Kind, through text: StaticString, from start: Int) {
        var end = start
        while end < bytes.count, !has(text, at: end) { end += 1 }
        add(kind, to: min(end + text.utf8CodeUnitCount, bytes.count))
    }

    private mutating func add(_ kind: Token.Kind, to end: Int) {
        let index = tokens.count
        if kind == .end {
            if let start = open.popLast() { tokens[start].end = index }
        } else if kind != .blank, let parent = open.last {
            tokens[parent].isHollow = false
            if kind == .text { tokens[parent].holdsText = true }
        }
        if kind == .start { open.append(index) }
        tokens.append(Token(kind: kind, range: position..<end))
        position = end
    }

    /// The offset after the `>` of a tag.
    private func tagEnd(from start: Int) -> Int {
        var quote: UInt8?
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            end += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                break
            }
        }
        return end
    }

    private func byte(at offset: Int) -> UInt8 {
        bytes.indices.contains(offset) ? bytes[offset] : 0
    }

    private func has(_ text: StaticString) -> Bool { has(text, at: position) }

    private func has(_ text: StaticString, at offset: Int) -> Bool {
        guard offset + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { wanted in
            for index in wanted.indices where bytes[offset + index] != wanted[index] {
                return false
            }
            return true
        }
    }
}
