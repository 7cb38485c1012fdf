/// Gathers little-endian numbers.
@usableFromInline package struct ByteWriter {
    /// What was written.
    @usableFromInline package var bytes: [UInt8] = []

    /// Starts with nothing.
    package init() {}

    /// How many bytes were written.
    package var count: Int { bytes.count }

    /// Makes room for `count` bytes in all.
    package mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    /// Writes the bytes of `value`, the least significant one first.
    @inlinable package mutating func write<Number: FixedWidthInteger>(_ value: Number) {
        var rest = value
        for _ in 0..<(Number.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest &>>= 8
        }
    }

    /// Writes bytes as they are.
    @inlinable package mutating func write(_ other: some Sequence<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Writes zeros up to the next multiple of the alignment.
    package mutating func align() {
        let end = ImageFormat.aligned(bytes.count)
        bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
    }

    /// Overwrites the bytes at `offset`, which were written before.
    package mutating func patch<Number: FixedWidthInteger>(_ value: Number, at offset: Int) {
        var rest = value
        for index in 0..<(Number.bitWidth / 8) {
            bytes[offset + index] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
    }
}
