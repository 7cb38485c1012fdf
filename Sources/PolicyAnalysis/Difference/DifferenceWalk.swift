internal import PolicyFormat
internal import PolicyModel
internal import PolicyRuntime

/// Walks the states of two images together, on all versions of Python and in all contexts at once,
/// and describes where they differ with as few paths as possible.
struct DifferenceWalk {
    /// What one side has decided: a rule's number plus one, ``allowed`` or ``undecided``.
    typealias Value = Int32
    static let undecided: Value = -1
    static let allowed: Value = 0
    /// Passthrough has no rules; what is passed through has the number that a first rule would.
    static let passed: Value = 1

    /// Where one version's two walks stand, and what they have decided.
    struct Place: Hashable {
        /// The base of the state; -1 when everything is decided.
        var old: Int64
        var new: Int64
        /// The decisions of the old and of the new policy in the four contexts.
        var oldValues = SIMD4<Value>(repeating: DifferenceWalk.undecided)
        var newValues = SIMD4<Value>(repeating: DifferenceWalk.undecided)
    }

    /// A subtree of paths: 0 and above, all change alike; below 0, the complement of a node.
    typealias Subtree = Int32

    /// Paths with a common start that do not all change alike.
    struct Node: Hashable {
        /// The change of the path that ends here, 0 for none.
        var end: Int32
        /// What holds for all names but those of `named`.
        var other: Subtree
        var named: [Name]

        struct Name: Hashable {
            var number: Int32
            var subtree: Subtree
        }
    }

    let subject: PolicyDifference.Subject
    let names: JointNames
    let rules: RuleClasses
    /// Versions on which both walks start from the same states count as one.
    private(set) var lanes: [Lane] = []
    /// The pairs of values that differ, for each lane and context; the first is no change at all.
    private(set) var changes: [[Pair?]] = [[]]
    private(set) var nodes: [Node] = []
    private(set) var cases = 0
    private var changeNumbers: [[Pair?]: Int32] = [:]
    private var nodeNumbers: [Node: Int32] = [:]
    private var known: [[Place]: Subtree] = [:]

    /// What both sides say where they do not say the same.
    struct Pair: Hashable {
        var old: Value
        var new: Value
    }

    /// The matchers of both sides on some versions.
    struct Lane {
        var versions: [PythonVersion]
        let old: Matcher
        let new: Matcher
        let start: Place
    }

    init(
        subject: PolicyDifference.Subject, lanes: [VersionLane], names: JointNames,
        rules: RuleClasses
    ) {
        self.subject = subject
        self.names = names
        self.rules = rules
        for lane in lanes {
            let (old, new) = (lane.old.matcher(subject), lane.new.matcher(subject))
            var start = Place(old: Int64(old.root.rawValue), new: Int64(new.root.rawValue))
            if subject == .passthrough {
                if lane.old.passesAllThrough { (start.old, start.oldValues) = (-1, .one) }
                if lane.new.passesAllThrough { (start.new, start.newValues) = (-1, .one) }
            }
            if let same = self.lanes.firstIndex(where: { $0.start == start }) {
                self.lanes[same].versions += lane.versions
            } else {
                self.lanes.append(Lane(versions: lane.versions, old: old, new: new, start: start))
            }
        }
    }

    /// In how many contexts the subject can differ.
    private var contexts: Int { subject == .passthrough ? 1 : 4 }

    /// The changes, each described once.
    mutating func run() -> [PolicyDifference.Change] {
        guard !lanes.isEmpty else { return [] }
        let whole = subtree(lanes.map(\.start), isRoot: true)
        return DifferenceListing(self).changes(whole)
    }

    // MARK: - The walk

    private mutating func subtree(_ places: [Place], isRoot: Bool = false) -> Subtree {
        if let known = known[places] { return known }
        var named: [Int32] = []
        for place in places {
            if place.old >= 0 { names.old.add(namesOf: Self.state(place.old), to: &named) }
            if place.new >= 0 { names.new.add(namesOf: Self.state(place.new), to: &named) }
        }
        named.sort()
        let other = step(places, nil)
        var node = Node(end: 0, other: other, named: [])
        var last: Int32 = -1
        for number in named where number != last {
            last = number
            let subtree = step(places, number)
            if subtree != other { node.named.append(Node.Name(number: number, subtree: subtree)) }
        }
        // A module has a name: nothing is asked about the empty path.
        let hasEnd = subject != .passthrough || !isRoot
        if hasEnd { node.end = change(places.indices.map { atEnd(places[$0], lanes[$0]) }) }
        let isAlike = node.named.isEmpty && hasEnd && node.other == node.end
        let result = isAlike ? node.end : ~number(node)
        known[places] = result
        return result
    }

    private mutating func step(_ places: [Place], _ name: Int32?) -> Subtree {
        var next = places
        var isDecided = true
        for lane in next.indices {
            advance(&next[lane], lanes[lane], name)
            if next[lane].old >= 0 || next[lane].new >= 0 { isDecided = false }
        }
        return isDecided ? change(next) : subtree(next)
    }

    private func advance(_ place: inout Place, _ lane: Lane, _ name: Int32?) {
        if place.old >= 0 {
            let segment = name.map { names.old.segments[Int($0)] } ?? .other
            place.old = follow(lane.old, place.old, segment, &place.oldValues)
        }
        if place.new >= 0 {
            let segment = name.map { names.new.segments[Int($0)] } ?? .other
            place.new = follow(lane.new, place.new, segment, &place.newValues)
        }
    }

    /// The state that one side goes on to; -1 if everything is decided.
    private func follow(
        _ matcher: Matcher, _ base: Int64, _ segment: SegmentID, _ values: inout SIMD4<Value>
    ) -> Int64 {
        let edge = matcher.edge(Self.state(base), segment)
        decide(edge.verdict, matcher, &values)
        if isDecided(values) { return -1 }
        if let child = edge.child { return Int64(child.rawValue) }
        values.replace(with: Self.allowed, where: values .== Self.undecided)
        return -1
    }

    /// The place with everything decided as for a path that ends there.
    private func atEnd(_ place: Place, _ lane: Lane) -> Place {
        var place = place
        if place.old >= 0 {
            decide(lane.old.selfOutcome(Self.state(place.old)), lane.old, &place.oldValues)
        }
        if place.new >= 0 {
            decide(lane.new.selfOutcome(Self.state(place.new)), lane.new, &place.newValues)
        }
        return place
    }

    private func decide(_ verdict: Verdict, _ matcher: Matcher, _ values: inout SIMD4<Value>) {
        for context in 0..<4 where values[context] == Self.undecided {
            let own = MatchContext(rawValue: UInt8(context))
            if let rule = matcher.rule(of: verdict, in: own) {
                values[context] = subject == .passthrough ? Self.passed : Value(rule.rawValue) + 1
            } else if verdict.stop & own.mask != 0 {
                values[context] = Self.allowed
            }
        }
    }

    private func isDecided(_ values: SIMD4<Value>) -> Bool {
        all(values .!= Self.undecided)
    }

    private static func state(_ base: Int64) -> State { State(rawValue: UInt32(base)) }

    // MARK: - What is the same

    /// The number of what decided places have in common or not.
    private mutating func change(_ places: [Place]) -> Int32 {
        cases += places.count * contexts
        var isSame = true
        for place in places where isSame { isSame = isEqual(place) }
        if isSame { return 0 }
        var pairs: [Pair?] = []
        for place in places {
            for context in 0..<contexts {
                let pair = Pair(old: place.oldValues[context], new: place.newValues[context])
                pairs.append(says(pair) == .same ? nil : pair)
            }
        }
        if let known = changeNumbers[pairs] { return known }
        let number = Int32(changes.count)
        changes.append(pairs)
        changeNumbers[pairs] = number
        return number
    }

    private func isEqual(_ place: Place) -> Bool {
        for context in 0..<contexts {
            let pair = Pair(old: place.oldValues[context], new: place.newValues[context])
            if says(pair) != .same { return false }
        }
        return true
    }

    /// How far two values agree.
    enum Agreement { case same, sameDecision, different }

    func says(_ pair: Pair) -> Agreement {
        guard pair.old > 0, pair.new > 0 else { return pair.old == pair.new ? .same : .different }
        if subject == .passthrough { return .same }
        let (old, new) = (Int(pair.old) - 1, Int(pair.new) - 1)
        if rules.old.wordings[old] == rules.new.wordings[new] { return .same }
        return rules.old.effects[old] == rules.new.effects[new] ? .sameDecision : .different
    }

    private mutating func number(_ node: Node) -> Int32 {
        if let known = nodeNumbers[node] { return known }
        let number = Int32(nodes.count)
        nodes.append(node)
        nodeNumbers[node] = number
        return number
    }
}

extension Restrictions {
    /// The automaton that decides about a subject.
    fileprivate func matcher(_ subject: PolicyDifference.Subject) -> Matcher {
        switch subject {
        case .members: members
        case .modules: modules
        case .passthrough: passthrough
        }
    }
}
