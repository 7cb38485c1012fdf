internal import PolicyFormat

extension Matcher {
    /// The number of a name, ``SegmentID/other`` for one that no rule knows.
    public func segmentID(_ name: UnsafeRawBufferPointer) -> SegmentID {
        var hash: UInt64 = 0
        var prefix: UInt64 = 0
        var offset = 0
        while offset < name.count {
            // `PathScanner.word` reads nothing beyond the count.
            let word = unsafe PathScanner.word(name, at: offset)
            if offset == 0 { prefix = word }
            hash = NameHash.mix(hash, word)
            offset += 8
        }
        hash = NameHash.finish(hash, length: name.count)
        return SegmentID(rawValue: unsafe find(name, from: 0, to: name.count, prefix, hash))
    }

    /// The number of a name, ``SegmentID/other`` for one that no rule knows.
    public func segmentID(_ name: some StringProtocol) -> SegmentID {
        var name = String(name)
        // The bytes are alive inside the closure, which is where they are used.
        return name.withUTF8 { bytes in unsafe segmentID(UnsafeRawBufferPointer(bytes)) }
    }

    /// The decision for a dotted path, `os.getcwd` for example; no bytes at all are the empty path.
    public func decide(
        dottedPath path: UnsafeRawBufferPointer, context: MatchContext
    ) -> Decision {
        let shift = UInt32(context.rawValue)
        var base = root.rawValue
        if path.count == 0 { return decide(atEndOf: root, context: context) }
        var scanner = unsafe PathScanner(path)
        while let segment = scanner.next(self) {
            let (verdict, child) = hop(base, segment)
            let bits = verdict >> shift
            if bits & 0x11 != 0 {
                return bits & 1 != 0 ? .restricted(matched(verdict, context)) : .allow
            }
            base = child
        }
        return decide(atEndOf: State(rawValue: base), context: context)
    }

    /// The decision for a dotted path; the empty text is the empty path.
    public func decide(dottedPath path: String, context: MatchContext) -> Decision {
        var path = path
        // The bytes are alive inside the closure, which is where they are used.
        return path.withUTF8 { bytes in
            unsafe decide(dottedPath: UnsafeRawBufferPointer(bytes), context: context)
        }
    }

    /// The decision for a path of segments, each taken as it is, dots and all.
    public func decide(
        segments: some Sequence<String>, context: MatchContext
    ) -> Decision {
        var state = root
        for segment in segments {
            switch step(state, segmentID(segment), context: context) {
            case .matched(let rule): return .restricted(rule)
            case .stopped: return .allow
            case .next(let child): state = child
            }
        }
        return decide(atEndOf: state, context: context)
    }

    /// Whether an edge on the way of a dotted name matches; unlike in a path, no bytes at all are
    /// one empty segment.
    func hasMatchedPrefix(_ name: UnsafeRawBufferPointer) -> Bool {
        var base = root.rawValue
        var scanner = unsafe PathScanner(name)
        while let segment = scanner.next(self) {
            let (verdict, child) = hop(base, segment)
            if verdict & 0x11 != 0 { return verdict & 1 != 0 }
            base = child
        }
        return endVerdict(base) & 1 != 0
    }

    /// The number of the name that the bytes from `start` to `end` spell, 0 if there is none.
    ///
    /// - Parameters:
    ///   - prefix: The first eight bytes as a number.
    ///   - hash: What `NameHash` makes of the name.
    @inline(__always)
    func find(
        _ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, _ prefix: UInt64,
        _ hash: UInt64
    ) -> UInt32 {
        let length = end - start
        guard length <= ImageLimits.nameBytes else { return ImageFormat.otherSegment }
        let slots = unsafe image.tables.slots
        let mask = unsafe image.tables.slotMask
        var index = Int(truncatingIfNeeded: hash) & mask
        while true {
            // The mask is one less than the number of slots, so the index is inside; the verifier
            // proved that one slot is free, so the loop ends.
            let slot = unsafe slots[index]
            if slot.idAndLength == 0 { return ImageFormat.otherSegment }
            if slot.prefix == prefix, slot.idAndLength & 0xFF == UInt32(truncatingIfNeeded: length)
            {
                if length <= 8 { return slot.idAndLength >> 8 }
                if unsafe tail(slot.pool, bytes, from: start, length) {
                    return slot.idAndLength >> 8
                }
            }
            index = (index &+ 1) & mask
        }
    }

    /// Whether the name in the pool equals the bytes, of which the first eight are known to.
    private func tail(
        _ pool: UInt32, _ bytes: UnsafeRawBufferPointer, from start: Int, _ length: Int
    ) -> Bool {
        // The verifier proved that the pool has `length` bytes there, and `start + length` is
        // within the path by the scanner's own bounds.
        let stored = unsafe image.tables.pool + Int(pool)
        var offset = 8
        while offset + 8 <= length {
            let a = unsafe stored.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let b = unsafe bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self)
            if a != b { return false }
            offset += 8
        }
        while offset < length {
            let a = unsafe stored.load(fromByteOffset: offset, as: UInt8.self)
            if unsafe a != bytes[start + offset] { return false }
            offset += 1
        }
        return true
    }
}
