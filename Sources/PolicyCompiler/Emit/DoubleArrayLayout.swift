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

    /// How many places a state tries at most.
    private static let attempts = 64
    private var used: [UInt64] = []
    private var firstFree = 0

    /// Lays out the states, given the sorted segment numbers of each.
    ///
    /// - Parameter segments: Calls back for each state with its segment numbers in rising order;
    ///   the number of the end cell is among them.
    init(counts: [Int], segments: (Int, inout [Int]) -> Void) {
        bases = [UInt32](repeating: 0, count: counts.count)
        let order = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
        var own: [Int] = []
        for state in order {
            own.removeAll(keepingCapacity: true)
            segments(state, &own)
            let base = place(own)
            bases[state] = UInt32(base)
            for segment in own { occupy(base + segment) }
            cellCount = max(cellCount, base + (own.last ?? 0) + 1)
            while isUsed(firstFree) { firstFree += 1 }
        }
    }

    private mutating func place(_ segments: [Int]) -> Int {
        let first = segments[0]
        var cell = max(firstFree, first)
        var attempts = 0
        while cell < cellCount {
            if !isUsed(cell) {
                let base = cell - first
                if segments.allSatisfy({ !isUsed(base + $0) }) { return base }
                attempts += 1
                if attempts == DoubleArrayLayout.attempts {
                    // What comes before is too full to be worth another look.
                    firstFree = max(firstFree, firstFree + (cell - firstFree) / 2)
                    return max(cellCount - first, 0)
                }
            }
            cell += 1
        }
        return max(cell - first, 0)
    }

    private func isUsed(_ cell: Int) -> Bool {
        let word = cell >> 6
        return word < used.count && used[word] >> UInt64(cell & 63) & 1 != 0
    }

    private mutating func occupy(_ cell: Int) {
        let word = cell >> 6
        while used.count <= word { used.append(0) }
        used[word] |= 1 << UInt64(cell & 63)
    }
}
