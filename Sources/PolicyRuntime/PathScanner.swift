internal import PolicyFormat

/// Cuts a dotted path into segments and looks each of them up, eight bytes at a time.
@safe struct PathScanner {
    // INVARIANT: the caller keeps the bytes alive while the scanner is used.
    private let bytes: UnsafeRawBufferPointer
    private let count: Int
    private var offset = 0
    private var isDone = false

    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = unsafe bytes
        count = bytes.count
    }

    /// The number of the next segment; nil after the last.
    @inline(__always)
    mutating func next(_ matcher: Matcher) -> UInt32? {
        if isDone { return nil }
        let start = offset
        var hash: UInt64 = 0
        var prefix: UInt64 = 0
        while true {
            // `word` reads nothing beyond the count, and pads with zeros.
            var word = unsafe PathScanner.word(bytes, at: offset)
            let left = count - offset
            // The highest bit of each byte that is a dot, exact for the lowest such byte.
            let dots = word ^ 0x2E2E_2E2E_2E2E_2E2E
            let found = (dots &- 0x0101_0101_0101_0101) & ~dots & 0x8080_8080_8080_8080
            let length: Int
            if found != 0 {
                length = found.trailingZeroBitCount / 8
                word &= (1 << UInt64(length * 8)) &- 1
            } else if left <= 8 {
                length = left
                isDone = true
            } else {
                if offset == start { prefix = word }
                hash = NameHash.mix(hash, word)
                offset += 8
                continue
            }
            if length > 0 {
                if offset == start { prefix = word }
                hash = NameHash.mix(hash, word)
            }
            let end = offset + length
            offset = end + 1
            hash = NameHash.finish(hash, length: end - start)
            return unsafe matcher.find(bytes, from: start, to: end, prefix, hash)
        }
    }

    /// The eight bytes at `offset`, or as many as there are, padded with zeros.
    @inline(__always)
    static func word(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        let left = bytes.count - offset
        // Each branch proves that what it reads is inside.
        if left >= 8 {
            return unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        if bytes.count >= 8 {
            // The last eight bytes, without those that come before.
            let last = unsafe bytes.loadUnaligned(
                fromByteOffset: bytes.count - 8, as: UInt64.self)
            return last >> UInt64((8 - left) * 8)
        }
        if left >= 4 {
            let low = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            let high = unsafe bytes.loadUnaligned(
                fromByteOffset: offset + left - 4, as: UInt32.self)
            return UInt64(low) | UInt64(high) << UInt64((left - 4) * 8)
        }
        var word: UInt64 = 0
        var index = 0
        while index < left {
            word |= UInt64(unsafe bytes[offset + index]) << UInt64(index * 8)
            index += 1
        }
        return word
    }
}
