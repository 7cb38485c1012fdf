internal import PolicyFormat

/// The named edges of every state and the names of all segments, for tools that enumerate.
///
/// Made in one pass over the cells; a matcher that only decides needs none.
public struct MatcherIndex: Sendable {
    private let image: PolicyImage
    /// For each cell the first of its state's entries in `segments`; one more at the end.
    private let starts: [UInt32]
    private let segments: [SegmentID]
    private let names: [String?]

    /// Reads the states and names of an image.
    public init(_ image: PolicyImage) {
        self.image = image
        let count = image.cellCount
        var starts = [UInt32](repeating: 0, count: count + 1)
        for index in 0..<count {
            // The loop runs over the cells that there are.
            let cell = unsafe image.tables.cells[index]
            guard MatcherIndex.isNamed(cell, index) else { continue }
            starts[Int(cell.check) + 1] += 1
        }
        for index in 0..<count { starts[index + 1] += starts[index] }
        var next = starts
        var segments = [SegmentID](repeating: .other, count: Int(starts[count]))
        for index in 0..<count {
            let cell = unsafe image.tables.cells[index]
            guard MatcherIndex.isNamed(cell, index) else { continue }
            let base = Int(cell.check)
            segments[Int(next[base])] = SegmentID(rawValue: UInt32(index - base))
            next[base] += 1
        }
        self.starts = starts
        self.segments = segments
        names = MatcherIndex.names(of: image)
    }

    /// All states, in the order of the cells.
    public var states: [State] {
        (0..<image.cellCount).compactMap { index in
            // The indices are those of the cells; a state has its end cell one behind its base.
            let cell = unsafe image.tables.cells[index]
            guard index - Int(cell.check) == Int(ImageFormat.endSegment) else { return nil }
            return State(rawValue: cell.check)
        }
    }

    /// The segments that a state names, by number; the fallback for all others is not among them.
    public func namedSegments(of state: State) -> ArraySlice<SegmentID> {
        let base = Int(state.rawValue)
        guard base + 1 < starts.count else { return [] }
        return segments[Int(starts[base])..<Int(starts[base + 1])]
    }

    /// The name of a segment; nil for ``SegmentID/other`` and numbers that the image does not have.
    public func name(of segment: SegmentID) -> String? {
        let index = Int(segment.rawValue)
        return index < names.count ? names[index] : nil
    }

    /// One more than the largest number of a segment.
    package var segmentCount: Int { names.count }

    /// How many names the image has.
    public var nameCount: Int { names.reduce(0) { count, name in name == nil ? count : count + 1 } }

    /// The most segments that can follow on `state`.
    public func height(of state: State) -> Int {
        let end = Int(state.rawValue) + Int(ImageFormat.endSegment)
        guard end < image.cellCount else { return 0 }
        // The guard proves that the cell is there.
        return unsafe Int(image.tables.cells[end].child)
    }

    private static func isNamed(_ cell: Cell, _ index: Int) -> Bool {
        cell.check != ImageFormat.none
            && index - Int(cell.check) >= Int(ImageFormat.firstNameSegment)
    }

    private static func names(of image: PolicyImage) -> [String?] {
        var names: [String?] = [nil, nil]
        for index in 0...(unsafe image.tables.slotMask) {
            // The mask is one less than the number of slots.
            let slot = unsafe image.tables.slots[index]
            guard slot.idAndLength != 0 else { continue }
            let id = Int(slot.idAndLength >> 8)
            while names.count <= id { names.append(nil) }
            // The verifier proved that the name is inside the pool.
            let bytes = unsafe UnsafeRawBufferPointer(
                start: image.tables.pool + Int(slot.pool), count: Int(slot.idAndLength & 0xFF))
            names[id] = unsafe String(decoding: bytes, as: UTF8.self)
        }
        return names
    }
}
