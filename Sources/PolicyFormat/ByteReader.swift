/// Reads little-endian numbers from bytes, every read checked against the end.
@safe package struct ByteReader {
    // INVARIANT: the caller keeps the bytes alive and unchanged while the reader is used.
    private let bytes: UnsafeRawBufferPointer

    /// Reads from `bytes`.
    package init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = bytes
        count = bytes.count
    }

    /// How many bytes there are.
    package let count: Int

    /// The byte at `offset`.
    package func uint8(at offset: Int) throws(FormatError) -> UInt8 {
        try check(offset, 1)
        // `check` proved that the byte is inside.
        return unsafe bytes.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// The two bytes at `offset`.
    package func uint16(at offset: Int) throws(FormatError) -> UInt16 {
        try check(offset, 2)
        // `check` proved that both bytes are inside.
        return unsafe UInt16(
            littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The four bytes at `offset`.
    package func uint32(at offset: Int) throws(FormatError) -> UInt32 {
        try check(offset, 4)
        // `check` proved that all four bytes are inside.
        return unsafe UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The eight bytes at `offset`.
    package func uint64(at offset: Int) throws(FormatError) -> UInt64 {
        try check(offset, 8)
        // `check` proved that all eight bytes are inside.
        return unsafe UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    private func check(_ offset: Int, _ size: Int) throws(FormatError) {
        guard offset >= 0, offset <= count - size else { throw .truncated(count) }
    }
}
