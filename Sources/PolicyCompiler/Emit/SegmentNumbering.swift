internal import PolicyFormat

/// Numbers for the names that have edges, the most frequent first; names that are equally frequent
/// stay in the order in which they were met, which keeps those of one state together.
struct SegmentNumbering {
    /// The number of each name of the name table; 0 for one that no edge has.
    private(set) var numbers: [UInt32]
    /// The names of the name table that have numbers, in the order of the numbers.
    private(set) var names: [Int32]

    init(_ automaton: Automaton, names table: NameTable) {
        var counts = [Int](repeating: 0, count: table.names.count)
        for edge in automaton.edges where edge.name >= 0 { counts[Int(edge.name)] += 1 }
        names = (0..<Int32(counts.count)).filter { counts[Int($0)] > 0 }
        names.sort { (counts[Int($1)], $0) < (counts[Int($0)], $1) }
        numbers = [UInt32](repeating: 0, count: counts.count)
        for (index, name) in names.enumerated() {
            numbers[Int(name)] = ImageFormat.firstNameSegment + UInt32(index)
        }
    }

    /// The number of an edge's segment.
    func number(_ name: Int32) -> UInt32 {
        name < 0 ? ImageFormat.otherSegment : numbers[Int(name)]
    }
}
