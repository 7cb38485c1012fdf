/// A 128-bit check sum that tells a damaged image from a whole one. It protects from accidents, not
/// from forgery: whoever can write the file can write its digest.
///
/// Every eight-byte word goes through a step that is a bijection of the lane's state, and the two
/// lanes of each half are joined with a bijection too, so a change within one word is always found.
package struct ImageDigest: Equatable, Sendable {
    package var low: UInt64
    package var high: UInt64

    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// The digest of a whole image, its own sixteen bytes taken as zero.
    ///
    /// - Parameter bytes: A multiple of 32 bytes, at least a header.
    package init(of bytes: UnsafeRawBufferPointer) {
        var lanes: (UInt64, UInt64, UInt64, UInt64) = (
            0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344, 0xA409_3822_299F_31D0,
            0x082E_FA98_EC4E_6C89
        )
        let digestOffset = ImageFormat.HeaderOffset.digest
        var offset = 0
        // `offset + 32 <= count` bounds the four loads; `loadUnaligned` checks nothing but that.
        while offset + 32 <= bytes.count {
            let own = offset == digestOffset
            let first = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let second = unsafe bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
            let third = unsafe bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self)
            let fourth = unsafe bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self)
            lanes.0 = ImageDigest.step(lanes.0, own ? 0 : UInt64(littleEndian: first))
            lanes.1 = ImageDigest.step(lanes.1, own ? 0 : UInt64(littleEndian: second))
            lanes.2 = ImageDigest.step(lanes.2, UInt64(littleEndian: third))
            lanes.3 = ImageDigest.step(lanes.3, UInt64(littleEndian: fourth))
            offset += 32
        }
        low = lanes.0 ^ (lanes.1 << 23 | lanes.1 >> 41)
        high = lanes.2 ^ (lanes.3 << 23 | lanes.3 >> 41)
    }

    @inline(__always)
    private static func step(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word) &* 0x9FB2_1C65_1E98_DF25
        return product ^ product >> 35
    }
}
