internal import PolicyModel

/// The walk over a file's bytes before libxml2 sees them: it finds every start tag and refuses what
/// is not UTF-8, has a document type, or exceeds a limit. Linear in the size of the file.
///
/// What is malformed in another way ends the walk quietly: libxml2 finds it, and says it better.
struct MarkupScan {
    /// The offset of the `<` of every start tag, in document order.
    private(set) var startTags: [Int] = []
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Scans a file.
    ///
    /// - Returns: nil if the file was refused, with the reason in `faults`.
    static func scan(_ faults: inout FaultList) -> MarkupScan? {
        guard checkEncoding(&faults) else { return nil }
        var scan = MarkupScan(bytes: faults.source.bytes)
        return scan.walk(&faults) ? scan : nil
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func walk(_ faults: inout FaultList) -> Bool {
        while let open = find(UInt8(ascii: "<"), from: position) {
            position = open
            if has("<!--") {
                guard skip(past: "-->", from: open + 4) else { return true }
            } else if has("<![CDATA[") {
                guard skip(past: "]]>", from: open + 9) else { return true }
            } else if has("<!") {
                // Only a document type starts so; a lower-case one is malformed and ends here too.
                faults.add(
                    "document-type", "a document type is not allowed in a policy",
                    at: open..<(open + 9),
                    notes: [.init("entities and external files are never read; remove it")])
                return false
            } else if has("<?") {
                guard skip(past: "?>", from: open + 2) else { return true }
            } else if has("</") {
                depth -= 1
                guard skip(past: ">", from: open + 2) else { return true }
            } else {
                switch startTag(at: open, &faults) {
                case .read: break
                case .malformed: return true
                case .refused: return false
                }
            }
        }
        return true
    }

    private enum Outcome { case read, malformed, refused }

    /// Walks over a start tag, bounding its size, its names and the number of its attributes.
    private mutating func startTag(at open: Int, _ faults: inout FaultList) -> Outcome {
        startTags.append(open)
        var quote: UInt8?
        var attributes = 0
        var run = 0
        var offset = open + 1
        while offset < bytes.count {
            let byte = bytes[offset]
            if offset - open > ReadingLimits.startTagSize {
                return refuse(
                    "start-tag-too-large",
                    "a start tag is longer than \(ReadingLimits.startTagSize) bytes", open, &faults)
            }
            if let end = quote {
                if byte == end { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                (quote, run) = (byte, 0)
            } else if byte == UInt8(ascii: ">") {
                break
            } else if byte == UInt8(ascii: "<") {
                return .malformed
            } else {
                run = isNameByte(byte) ? run + 1 : 0
                if byte == UInt8(ascii: "=") { attributes += 1 }
                if attributes > ReadingLimits.attributes {
                    return refuse(
                        "too-many-attributes",
                        "an element has more than \(ReadingLimits.attributes) attributes", open,
                        &faults)
                }
                if run > ReadingLimits.xmlNameLength {
                    return refuse(
                        "name-too-long",
                        "a name is longer than \(ReadingLimits.xmlNameLength) bytes", open, &faults)
                }
            }
            offset += 1
        }
        guard offset < bytes.count else { return .malformed }
        position = offset + 1
        if bytes[offset - 1] == UInt8(ascii: "/") { return .read }
        depth += 1
        if depth > ReadingLimits.nesting {
            return refuse(
                "nesting-too-deep", "elements are nested more than \(ReadingLimits.nesting) deep",
                open, &faults)
        }
        return .read
    }

    private func refuse(
        _ code: String, _ message: String, _ open: Int, _ faults: inout FaultList
    ) -> Outcome {
        faults.add(code, message, at: open..<(StartTag.nameEnd(in: bytes, at: open)))
        return .refused
    }

    private func has(_ text: StaticString) -> Bool {
        position + text.utf8CodeUnitCount <= bytes.count
            && text.withUTF8Buffer { $0.elementsEqual(bytes[position..<(position + $0.count)]) }
    }

    private func find(_ byte: UInt8, from start: Int) -> Int? {
        var offset = start
        while offset < bytes.count {
            if bytes[offset] == byte { return offset }
            offset += 1
        }
        return nil
    }

    private mutating func skip(past text: StaticString, from start: Int) -> Bool {
        position = start
        let first = text.withUTF8Buffer { $0[0] }
        while let found = find(first, from: position) {
            position = found
            if has(text) {
                position += text.utf8CodeUnitCount
                return true
            }
            position += 1
        }
        return false
    }
}

/// Whether a byte can be part of an XML name; every byte of a non-ASCII character counts.
func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xFF:
        true
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"): true
    default: false
    }
}
