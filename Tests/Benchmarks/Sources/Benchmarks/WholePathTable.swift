/// The least that any decision can cost: one look-up of the whole path in a hash table that is
/// made for nothing else.
struct WholePathTable {
    private var slots: [(hash: UInt64, value: Int)] = Array(repeating: (0, 0), count: 64)

    init(_ paths: [UnsafeRawBufferPointer]) {
        for (value, path) in paths.enumerated() {
            let hash = WholePathTable.hash(path)
            var slot = Int(truncatingIfNeeded: hash) & 63
            while slots[slot].hash != 0 { slot = (slot + 1) & 63 }
            slots[slot] = (hash, value + 1)
        }
    }

    func find(_ path: UnsafeRawBufferPointer) -> Int {
        let hash = WholePathTable.hash(path)
        var slot = Int(truncatingIfNeeded: hash) & 63
        while slots[slot].hash != 0 {
            if slots[slot].hash == hash { return slots[slot].value }
            slot = (slot + 1) & 63
        }
        return 0
    }

    @inline(__always)
    private static func hash(_ path: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = UInt64(truncatingIfNeeded: path.count)
        var offset = 0
        while offset + 8 <= path.count {
            hash =
                (hash ^ path.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
            offset += 8
        }
        while offset < path.count {
            hash = (hash ^ UInt64(path[offset])) &* 0x9E37_79B9_7F4A_7C15
            offset += 1
        }
        return hash ^ hash >> 32 | 1
    }
}
