/// A JSON value that keeps its members in the order in which they were written.
///
/// `JSONEncoder` sorts or shuffles members; a report that people read should not.
enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])
    /// Text that is already one JSON value.
    case raw(String)

    /// A string, or null for nil.
    static func optional(_ text: String?) -> JSONValue {
        text.map { .string($0) } ?? .null
    }

    static func == (a: JSONValue, b: JSONValue) -> Bool {
        a.text(indented: false) == b.text(indented: false)
    }

    /// The value as JSON text, on one line or with two spaces for each level.
    func text(indented: Bool = true) -> String {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: indented ? 0 : nil)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the value as JSON; `indent` is the level of its own line, nil for a single line.
    func write(to bytes: inout [UInt8], indent: Int? = nil) {
        switch self {
        case .null: bytes += "null".utf8
        case .boolean(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .raw(let text): bytes += text.utf8
        case .string(let text): Self.write(text, to: &bytes)
        case .array(let values):
            Self.write(values, between: "[", "]", to: &bytes, indent: indent) {
                $0.write(to: &$1, indent: $2)
            }
        case .object(let members):
            Self.write(members, between: "{", "}", to: &bytes, indent: indent) {
                Self.write($0.0, to: &$1)
                $1 += ($2 == nil ? ":" : ": ").utf8
                $0.1.write(to: &$1, indent: $2)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between open: String, _ close: String, to bytes: inout [UInt8],
        indent: Int?, each: (Element, inout [UInt8], Int?) -> Void
    ) {
        bytes += open.utf8
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes += ",".utf8 }
            if let indent { newLine(indent + 1, to: &bytes) }
            each(element, &bytes, indent.map { $0 + 1 })
        }
        if let indent, !elements.isEmpty { newLine(indent, to: &bytes) }
        bytes += close.utf8
    }

    private static func newLine(_ level: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
    }

    /// Appends `text` as a JSON string.
    static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        writeInner(text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends `text` as it stands between the quotes of a JSON string.
    static func writeInner(_ text: String, to bytes: inout [UInt8]) {
        // Nearly every text is free of what must be escaped, and copying it whole is quick.
        guard text.utf8.contains(where: mustBeEscaped) else {
            bytes += text.utf8
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\t"): bytes += "\\t".utf8
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += "\\u00".utf8
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default:
                if mustBeEscaped(byte) { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
        }
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}
