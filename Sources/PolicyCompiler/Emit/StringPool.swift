internal import PolicyFormat

/// The strings of an image, each once, every one with its length before it.
struct StringPool {
    /// The bytes of the section.
    private(set) var bytes: [UInt8] = [0, 0]
    /// Whether a string did not fit, so that the image must not be used.
    private(set) var isOverfull = false
    private var references: [String: UInt32] = [:]
    private static let capacity = Int(UInt32.max) - ImageLimits.textBytes - 2

    /// Makes room for as many strings as there are going to be at least.
    mutating func reserve(_ count: Int) {
        references.reserveCapacity(count)
    }

    /// The reference of a string; 0 for none and for the empty one.
    mutating func reference(_ text: String?) -> UInt32 {
        guard let text, !text.isEmpty else { return 0 }
        if let known = references[text] { return known }
        let utf8 = text.utf8
        guard utf8.count <= ImageLimits.textBytes, bytes.count <= StringPool.capacity else {
            isOverfull = true
            return 0
        }
        let reference = UInt32(bytes.count)
        bytes.append(UInt8(utf8.count & 0xFF))
        bytes.append(UInt8(utf8.count >> 8))
        bytes.append(contentsOf: utf8)
        references[text] = reference
        return reference
    }
}
