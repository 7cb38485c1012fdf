/// A start tag read again from the source, because libxml2 does not say where attributes stand.
struct StartTag {
    /// One attribute: its name with any prefix, and where name and value stand.
    struct Attribute {
        let name: String
        let nameRange: Range<Int>
        /// The value without its quotes.
        let value: Range<Int>
    }

    /// Where the element's name stands.
    let nameRange: Range<Int>
    let attributes: [Attribute]

    /// Reads the tag whose `<` is at `open`, looking no further than `limit`.
    init(bytes: [UInt8], open: Int, limit: Int? = nil) {
        let limit = min(limit ?? bytes.count, bytes.count)
        var offset = Self.nameEnd(in: bytes, at: open)
        nameRange = min(open + 1, offset)..<offset
        var attributes: [Attribute] = []
        while offset < limit, bytes[offset] != UInt8(ascii: ">") {
            guard isNameByte(bytes[offset]) else {
                offset += 1
                continue
            }
            let start = offset
            while offset < limit, isNameByte(bytes[offset]) { offset += 1 }
            let name = start..<offset
            while offset < limit, bytes[offset] != UInt8(ascii: "\""),
                bytes[offset] != UInt8(ascii: "'")
            {
                if bytes[offset] == UInt8(ascii: ">") { break }
                offset += 1
            }
            guard offset < limit, bytes[offset] != UInt8(ascii: ">") else { break }
            let quote = bytes[offset]
            offset += 1
            let value = offset
            while offset < limit, bytes[offset] != quote { offset += 1 }
            attributes.append(
                Attribute(
                    name: String(decoding: bytes[name], as: UTF8.self), nameRange: name,
                    value: value..<offset))
            offset += 1
        }
        self.attributes = attributes
    }

    /// The offset after the name of the tag whose `<` is at `open`.
    static func nameEnd(in bytes: [UInt8], at open: Int) -> Int {
        var offset = min(open + 1, bytes.count)
        let limit = min(bytes.count, open + 1 + ReadingLimits.xmlNameLength)
        while offset < limit, isNameByte(bytes[offset]) || bytes[offset] == UInt8(ascii: "?") {
            offset += 1
        }
        return offset
    }
}
