internal import PolicyFormat

/// The strings of an image, each once, every one with its length before it.
struct StringPool {
    /// The bytes of the section.
    private(set) var bytes: [UInt8] = [0, 0]
    private var references: [String: UInt32] = [:]

    /// The reference of a string; 0 for none and for the empty one.
    mutating func reference(_ text: String?) -> UInt32 {
        guard let text, !text.isEmpty else { return 0 }
        if let known = references[text] { return known }
        let reference = UInt32(bytes.count)
        let utf8 = text.utf8
        bytes.append(UInt8(utf8.count & 0xFF))
        bytes.append(UInt8(utf8.count >> 8))
        bytes.append(contentsOf: utf8)
        references[text] = reference
        return reference
    }
}
