/// The hash of a segment, computed eight bytes at a time while the path is scanned.
@usableFromInline package enum NameHash {
    /// Takes in eight bytes of the name, the last ones padded with zeros.
    @inlinable @inline(__always)
    package static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 29
    }

    /// Takes in the length, and folds the upper bits, which depend on every byte, into
    /// the lower ones.
    @inlinable @inline(__always)
    package static func finish(_ hash: UInt64, length: Int) -> UInt64 {
        (hash ^ hash >> 32 ^ hash >> 48) &+ UInt64(truncatingIfNeeded: length)
    }

    /// The hash of a whole name.
    @inlinable package static func hash(_ name: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0
        var word: UInt64 = 0
        var length = 0
        for byte in name {
            word |= UInt64(byte) << UInt64(length % 8 * 8)
            length += 1
            if length % 8 == 0 {
                hash = mix(hash, word)
                word = 0
            }
        }
        if length % 8 != 0 { hash = mix(hash, word) }
        return finish(hash, length: length)
    }

    /// The first eight bytes of a name as a number, padded with zeros.
    @inlinable package static func prefix(_ name: some Sequence<UInt8>) -> UInt64 {
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for byte in name {
            if shift == 64 { break }
            word |= UInt64(byte) << shift
            shift += 8
        }
        return word
    }
}
