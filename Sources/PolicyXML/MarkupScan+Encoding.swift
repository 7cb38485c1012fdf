internal import PolicyModel

extension MarkupScan {
    /// Refuses what is not UTF-8: another encoding's mark or declaration, NUL, an invalid sequence.
    static func checkEncoding(_ faults: inout FaultList) -> Bool {
        let bytes = faults.source.bytes
        if let encoding = otherEncoding(of: bytes) {
            faults.add(
                "encoding", "the file is \(encoding), not UTF-8", at: 0..<0,
                notes: [.init("save it as UTF-8")])
            return false
        }
        if let offset = bytes.firstIndex(of: 0) {
            faults.add("encoding", "a NUL byte is not allowed", at: offset..<offset)
            return false
        }
        if let offset = firstInvalidUTF8(in: bytes) {
            faults.add(
                "encoding", "the byte 0x\(hexadecimal(bytes[offset])) is not valid UTF-8",
                at: offset..<offset, notes: [.init("save the file as UTF-8")])
            return false
        }
        if let (name, range) = declaredEncoding(in: bytes),
            !["utf-8", "utf8", "us-ascii", "ascii"].contains(name.lowercased())
        {
            faults.add(
                "encoding", "the encoding \(quoted(name)) is not supported", at: range,
                notes: [.init("save the file as UTF-8 and declare `UTF-8`")])
            return false
        }
        return true
    }

    /// The name of the encoding that the first bytes give away, if it is not UTF-8.
    private static func otherEncoding(of bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE, 0, 0])
            || bytes.starts(with: [0, 0, 0, 0x3C]) || bytes.starts(with: [0x3C, 0, 0, 0])
        {
            return "UTF-32"
        }
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE])
            || bytes.starts(with: [0, 0x3C]) || bytes.starts(with: [0x3C, 0])
        {
            return "UTF-16"
        }
        return bytes.starts(with: [0x4C, 0x6F, 0xA7, 0x94]) ? "EBCDIC" : nil
    }

    /// The encoding that the XML declaration names, and where.
    private static func declaredEncoding(in bytes: [UInt8]) -> (String, Range<Int>)? {
        let start = bytes.starts(with: SourceText.byteOrderMark) ? 3 : 0
        guard bytes[start...].starts(with: "<?xml".utf8),
            let end = bytes[start...].firstIndex(of: UInt8(ascii: ">"))
        else { return nil }
        let tag = StartTag(bytes: bytes, open: start + 1, limit: end)
        guard let attribute = tag.attributes.first(where: { $0.name == "encoding" }) else {
            return nil
        }
        return (String(decoding: bytes[attribute.value], as: UTF8.self), attribute.value)
    }

    private static func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var decoder = UTF8ValidatingCursor(bytes: bytes)
        return decoder.firstFault()
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }
}

/// Finds where bytes stop being UTF-8, once it is known that somewhere they do.
private struct UTF8ValidatingCursor {
    let bytes: [UInt8]

    mutating func firstFault() -> Int? {
        var offset = 0
        while offset < bytes.count {
            let length: Int
            switch bytes[offset] {
            case 0..<0x80: length = 1
            case 0xC2...0xDF: length = 2
            case 0xE0...0xEF: length = 3
            case 0xF0...0xF4: length = 4
            default: return offset
            }
            guard offset + length <= bytes.count,
                String(validating: bytes[offset..<(offset + length)], as: UTF8.self) != nil
            else { return offset }
            offset += length
        }
        return nil
    }
}
