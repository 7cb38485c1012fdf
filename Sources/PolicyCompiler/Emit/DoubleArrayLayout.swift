internal import PolicyFormat

/// Gives every state a place in the double array: a base such that the cells of its edges are free.
///
/// States with many edges come first. A state tries a bounded number of places in the part that is
/// still loosely filled, and goes behind the end if none fits, so that the whole stays linear.
struct DoubleArrayLayout {
    /// The base of each state.
    private(set) var bases: [UInt32]
    /// How many cells there are.
    private(set) var cellCount = 0

    /// How many places a state tries at most before it goes behind the end.
    private static let attempts = 64
    /// For each cell itself if it is free, or else a cell not behind the next free one.
    private var next: [UInt32] = []
    /// Where the part starts that is worth a try.
    private var start = 0

    /// Lays out the states.
    ///
    /// - Parameters:
    ///   - counts: How many named edges each state has.
    ///   - segments: Calls back for each state with its segment numbers in rising order; the number
    ///     of the end cell is among them.
    init(counts: [Int], segments: (Int, inout [Int]) -> Void) {
        bases = [UInt32](repeating: 0, count: counts.count)
        let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
        var own: [Int] = []
        for state in order {
            own.removeAll(keepingCapacity: true)
            segments(state, &own)
            let base = place(own)
            bases[state] = UInt32(base)
            cellCount = max(cellCount, base + (own.last ?? 0) + 1)
            while next.count <= cellCount { next.append(UInt32(next.count)) }
            for segment in own { next[base + segment] = UInt32(base + segment + 1) }
        }
    }

    private mutating func place(_ segments: [Int]) -> Int {
        let first = segments[0]
        var cell = free(from: max(start, first))
        for _ in 0..<DoubleArrayLayout.attempts where cell < cellCount {
            let base = cell - first
            if segments.allSatisfy({ isFree(base + $0) }) { return base }
            cell = free(from: cell + 1)
        }
        // What comes before is too full to be worth another look.
        if cell < cellCount { start += (cell - start) / 2 }
        return behind(segments)
    }

    /// A base for which the named edges are behind the end; their numbers may be large, so only
    /// the cells of the end and of the wildcard need to be found free before it.
    private mutating func behind(_ segments: [Int]) -> Int {
        let first = segments[0]
        let named = segments.first { $0 >= Int(ImageFormat.firstNameSegment) } ?? first
        var cell = free(from: max(cellCount - named, 0) + first)
        while !segments.allSatisfy({ isFree(cell - first + $0) }) { cell = free(from: cell + 1) }
        return cell - first
    }

    private func isFree(_ cell: Int) -> Bool { cell >= cellCount || next[cell] == UInt32(cell) }

    /// The first free cell not before `cell`; shortens the way for those who ask later.
    private mutating func free(from cell: Int) -> Int {
        var cell = cell
        while cell < cellCount, next[cell] != UInt32(cell) {
            let over = Int(next[cell])
            if over < cellCount { next[cell] = next[over] }
            cell = over
        }
        return cell
    }
}
