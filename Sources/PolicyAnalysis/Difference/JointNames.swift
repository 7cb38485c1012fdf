internal import PolicyRuntime

/// The names of two images under one numbering.
struct JointNames {
    /// The names by number.
    private(set) var names: [String] = []
    /// One image's side of the numbering.
    struct Side {
        let index: MatcherIndex
        /// The joint number of each segment of the image; -1 for those without a name.
        fileprivate(set) var numbers: [Int32] = []
        /// The image's segment of each joint number; that of unknown names where it has none.
        fileprivate(set) var segments: [SegmentID] = []
    }
    private(set) var old: Side
    private(set) var new: Side

    init(old: PolicyImage, new: PolicyImage) {
        self.old = Side(index: MatcherIndex(old))
        self.new = Side(index: MatcherIndex(new))
        var known: [String: Int32] = [:]
        func number(_ side: inout Side) {
            for segment in 0..<side.index.segmentCount {
                guard let name = side.index.name(of: SegmentID(rawValue: UInt32(segment))) else {
                    side.numbers.append(-1)
                    continue
                }
                let number = known[name] ?? Int32(names.count)
                if number == names.count {
                    known[name] = number
                    names.append(name)
                }
                side.numbers.append(number)
            }
        }
        number(&self.old)
        number(&self.new)
        func place(_ side: inout Side) {
            side.segments = Array(repeating: .other, count: names.count)
            for (segment, number) in side.numbers.enumerated() where number >= 0 {
                side.segments[Int(number)] = SegmentID(rawValue: UInt32(segment))
            }
        }
        place(&self.old)
        place(&self.new)
    }
}

extension JointNames.Side {
    /// Adds the numbers of the names that a state knows.
    func add(namesOf state: State, to found: inout [Int32]) {
        for segment in index.namedSegments(of: state) {
            found.append(numbers[Int(segment.rawValue)])
        }
    }
}
