internal import PolicyFormat

/// The states of all roots, equal ones only once, before they have places in the double array.
struct Automaton {
    /// One edge in all four contexts.
    struct Edge: Hashable {
        /// The number of the name in the table of names.
        var name: Int32
        var verdict: Verdict
        /// The state to go on to; -1 if every context is decided.
        var child: Int32
    }

    /// One state.
    struct State: Hashable {
        /// The named edges, a range of ``Automaton/edges``.
        var edges: Range<Int32>
        /// The edge of every other name; nil if nothing is said about them.
        var fallback: Edge?
        /// What is decided if the path ends here.
        var end: Verdict
        /// The most segments that can follow.
        var height: UInt32
    }

    private(set) var states: [State] = []
    private(set) var edges: [Edge] = []
    /// Rules for each context, where they differ.
    private(set) var outcomes: [[Int32]] = []
    private var outcomeNumbers: [[Int32]: UInt32] = [:]
    private var known: [Int: [Int32]] = [:]

    /// The verdict of what is decided in each context: a rule, `LayerProduct.allowed` or
    /// `LayerProduct.undecided`.
    mutating func verdict(_ decided: [Int32]) -> Verdict {
        var match: UInt8 = 0
        var stop: UInt8 = 0
        var first: Int32?
        var isMixed = false
        for context in 0..<4 {
            let decision = decided[context]
            if decision == LayerProduct.allowed { stop |= 1 << UInt8(context) }
            guard decision >= 0 else { continue }
            match |= 1 << UInt8(context)
            if let first, first != decision { isMixed = true }
            if first == nil { first = decision }
        }
        guard let first else { return Verdict(match: 0, stop: stop, value: 0, isMixed: false) }
        guard isMixed else {
            return Verdict(match: match, stop: stop, value: UInt32(first), isMixed: false)
        }
        let rules = decided.map { Swift.max($0, -1) }
        let number = outcomeNumbers[rules] ?? UInt32(outcomes.count)
        if outcomeNumbers[rules] == nil {
            outcomes.append(rules)
            outcomeNumbers[rules] = number
        }
        return Verdict(match: match, stop: stop, value: number, isMixed: true)
    }

    /// Adds a state, or finds the one that equals it.
    mutating func add(edges own: [Edge], fallback: Edge?, end: Verdict) -> Int32 {
        var hasher = Hasher()
        hasher.combine(own)
        hasher.combine(fallback)
        hasher.combine(end)
        let hash = hasher.finalize()
        for candidate in known[hash, default: []] {
            let state = states[Int(candidate)]
            if state.fallback == fallback, state.end == end,
                edges[Int(state.edges.lowerBound)..<Int(state.edges.upperBound)]
                    .elementsEqual(own)
            {
                return candidate
            }
        }
        var height: UInt32 = 0
        for edge in own where edge.child >= 0 {
            height = Swift.max(height, states[Int(edge.child)].height + 1)
        }
        if let fallback, fallback.child >= 0 {
            height = Swift.max(height, states[Int(fallback.child)].height + 1)
        }
        let start = Int32(edges.count)
        edges.append(contentsOf: own)
        let number = Int32(states.count)
        states.append(
            State(
                edges: start..<Int32(edges.count), fallback: fallback, end: end, height: height))
        known[hash, default: []].append(number)
        return number
    }

    /// Adds a trie whose paths match with everything below them; the number of its root.
    mutating func add(_ trie: PathTrie) -> Int32 {
        let yes = Verdict(match: 15, stop: 0, value: Verdict.noValue, isMixed: false)
        let no = Verdict(match: 0, stop: 15, value: 0, isMixed: false)
        return add(trie, node: 0, yes: yes, no: no)
    }

    private mutating func add(
        _ trie: PathTrie, node: Int32, yes: Verdict, no: Verdict
    ) -> Int32 {
        let node = trie.nodes[Int(node)]
        guard !node.isEnd else {
            let all = Edge(name: -1, verdict: yes, child: -1)
            return add(edges: [], fallback: all, end: yes)
        }
        var own: [Edge] = []
        for (name, child) in node.children.sorted(by: { $0.name < $1.name }) {
            if trie.nodes[Int(child)].isEnd {
                own.append(Edge(name: name, verdict: yes, child: -1))
            } else {
                let below = add(trie, node: child, yes: yes, no: no)
                own.append(Edge(name: name, verdict: Verdict(rawValue: 0), child: below))
            }
        }
        return add(edges: own, fallback: nil, end: no)
    }
}
