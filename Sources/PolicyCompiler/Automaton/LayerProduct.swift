internal import PolicyFormat

/// Builds the automaton of several layers: each state stands for what every layer's matcher and
/// exceptions have said so far and can still say.
struct LayerProduct {
    /// One layer's part of a state.
    struct Cursor: Hashable {
        /// Where the layer's matcher stands.
        var node = MatcherGraph.nothing
        /// Where the layer's exceptions stand.
        var exception = MatcherGraph.nothing
        /// The contexts in which the matcher can still match.
        var live: UInt8 = 0
        /// The deepest thing said so far in each context.
        var said = Decided(repeating: LayerProduct.undecided)
    }

    /// A decision for each of the four contexts: a rule, `allowed` or `undecided`.
    struct Decided: Hashable {
        private var first: Int32
        private var second: Int32
        private var third: Int32
        private var fourth: Int32

        init(repeating value: Int32) {
            (first, second, third, fourth) = (value, value, value, value)
        }

        subscript(context: Int) -> Int32 {
            get {
                switch context {
                case 0: first
                case 1: second
                case 2: third
                default: fourth
                }
            }
            set {
                switch context {
                case 0: first = newValue
                case 1: second = newValue
                case 2: third = newValue
                default: fourth = newValue
                }
            }
        }

        var isComplete: Bool {
            first != LayerProduct.undecided && second != LayerProduct.undecided
                && third != LayerProduct.undecided && fourth != LayerProduct.undecided
        }

        var array: [Int32] { [first, second, third, fourth] }
    }

    /// Everything that a state depends on.
    struct Key: Hashable {
        /// What was decided on the way, once and for all.
        var decided = Decided(repeating: LayerProduct.undecided)
        /// The layers, the base first.
        var cursors: [Cursor]
    }

    /// Nothing is said in this context.
    static let undecided: Int32 = -3
    /// It is allowed in this context.
    static let allowed: Int32 = -2

    let graph: MatcherGraph
    /// The exceptions of each layer, the base first.
    let exceptions: [PathTrie]
    private var states: [Key: Int32] = [:]

    init(graph: MatcherGraph, exceptions: [PathTrie]) {
        self.graph = graph
        self.exceptions = exceptions
    }

    /// Builds the states that start from one matcher a layer; the number of the root.
    mutating func build(roots: [Int32], into automaton: inout Automaton) -> Int32 {
        var key = Key(cursors: [])
        for (layer, root) in roots.enumerated() {
            var cursor = Cursor()
            if exceptions[layer].nodes[0].isEnd { allow(&cursor) }
            cursor.exception = follow(layer, 0)
            enter(&cursor, node: root, live: 15)
            key.cursors.append(cursor)
        }
        settle(&key)
        return state(key, into: &automaton)
    }

    private mutating func state(_ key: Key, into automaton: inout Automaton) -> Int32 {
        if let known = states[key] { return known }
        var edges: [Automaton.Edge] = []
        for name in names(of: key) {
            edges.append(edge(key, name, into: &automaton))
        }
        let fallback = edge(key, nil, into: &automaton)
        let isNothing = fallback.verdict.stop == 15
        let end = automaton.verdict(atEnd(of: key).array)
        let state = automaton.add(edges: edges, fallback: isNothing ? nil : fallback, end: end)
        states[key] = state
        return state
    }

    private mutating func edge(
        _ key: Key, _ name: Int32?, into automaton: inout Automaton
    ) -> Automaton.Edge {
        var next = key
        for layer in next.cursors.indices { advance(&next.cursors[layer], layer, name) }
        settle(&next)
        let verdict = automaton.verdict(next.decided.array)
        let child = next.decided.isComplete ? -1 : state(next, into: &automaton)
        return Automaton.Edge(name: name ?? -1, verdict: verdict, child: child)
    }

    /// The names about which any layer says something here.
    private func names(of key: Key) -> [Int32] {
        var names: [Int32] = []
        var sources = 0
        for (layer, cursor) in key.cursors.enumerated() {
            if cursor.node >= 0 {
                let range = graph.nodes[Int(cursor.node)].entries
                for index in range { names.append(graph.entries[Int(index)].name) }
                sources += 1
            }
            if cursor.exception >= 0 {
                names += exceptions[layer].nodes[Int(cursor.exception)].children.map(\.name)
                sources += 2
            }
        }
        guard sources > 1 else { return names }
        names.sort()
        var unique: [Int32] = []
        for name in names where unique.last != name { unique.append(name) }
        return unique
    }

    /// Takes one layer over one name, or over any name that none of them knows.
    private func advance(_ cursor: inout Cursor, _ layer: Int, _ name: Int32?) {
        let exception = cursor.exception
        cursor.exception = MatcherGraph.nothing
        let node = cursor.node >= 0 ? graph.nodes[Int(cursor.node)] : nil
        let entry = name.flatMap { name in node.flatMap { graph.entry($0, name) } }
        var live = cursor.live
        if let node, live != 0 {
            if entry?.isExcluded == true { live = 0 }
            if node.onlyRuntime { live &= MatcherGraph.runtimeContexts }
            if node.matchSelf >= 0 { say(node.matchSelf, in: &live, mask: 15, &cursor) }
        }
        // An exception for this very name is deeper than the node's own match, and not deeper
        // than a match of the name.
        if let name, exception >= 0, let below = exceptions[layer].child(exception, name) {
            if exceptions[layer].nodes[Int(below)].isEnd { allow(&cursor) }
            cursor.exception = follow(layer, below)
        }
        guard let node, live != 0 else {
            cursor.node = MatcherGraph.nothing
            cursor.live = 0
            return
        }
        let access = entry.flatMap { $0.access >= 0 ? $0.access : nil } ?? node.wildcard.access
        if access >= 0 { say(access, in: &live, mask: 15, &cursor) }
        let use = entry.flatMap { $0.use >= 0 ? $0.use : nil } ?? node.wildcard.use
        if use >= 0 { say(use, in: &live, mask: MatcherGraph.useContexts, &cursor) }
        let child = entry.flatMap { $0.child >= 0 ? $0.child : nil } ?? node.wildcard.child
        enter(&cursor, node: child, live: live)
    }

    /// Puts the cursor on a node, and says at once what it will say in any case.
    private func enter(_ cursor: inout Cursor, node number: Int32, live: UInt8) {
        var live = live
        cursor.node = MatcherGraph.nothing
        cursor.live = 0
        guard number >= 0, live != 0 else { return }
        let node = graph.nodes[Int(number)]
        live &= node.canMatch
        if node.matchSelf >= 0, !node.excludes {
            say(node.matchSelf, in: &live, mask: 15, &cursor)
        }
        guard live != 0 else { return }
        cursor.node = number
        cursor.live = live
    }

    private func say(_ rule: Int32, in live: inout UInt8, mask: UInt8, _ cursor: inout Cursor) {
        for context in 0..<4 where live & mask & (1 << UInt8(context)) != 0 {
            cursor.said[context] = rule
        }
        live &= ~mask
    }

    private func allow(_ cursor: inout Cursor) {
        cursor.said = Decided(repeating: LayerProduct.allowed)
    }

    /// The place in a layer's exceptions, or nothing if no exception can follow.
    private func follow(_ layer: Int, _ node: Int32) -> Int32 {
        exceptions[layer].nodes[Int(node)].children.isEmpty ? MatcherGraph.nothing : node
    }

    /// Decides the contexts in which nothing can change any more, and forgets in every layer what
    /// cannot matter any more, so that equal states have equal keys.
    private func settle(_ key: inout Key) {
        var relevant: UInt8 = 0
        for context in 0..<4 where key.decided[context] == LayerProduct.undecided {
            let decision = decide(key, context)
            if decision == LayerProduct.undecided {
                relevant |= 1 << UInt8(context)
            } else {
                key.decided[context] = decision
            }
        }
        for layer in key.cursors.indices.reversed() {
            var cursor = key.cursors[layer]
            cursor.live &= relevant
            if cursor.live == 0 { cursor.node = MatcherGraph.nothing }
            var needsException = false
            var below = relevant
            for context in 0..<4 {
                let bit = 1 << UInt8(context)
                guard relevant & UInt8(bit) != 0 else {
                    cursor.said[context] = LayerProduct.undecided
                    continue
                }
                let said = cursor.said[context]
                if said != LayerProduct.allowed || cursor.live & UInt8(bit) != 0 {
                    needsException = true
                }
                if said != LayerProduct.undecided { below &= ~UInt8(bit) }
            }
            if !needsException { cursor.exception = MatcherGraph.nothing }
            key.cursors[layer] = cursor
            relevant = below
        }
    }

    /// What holds in a context whatever follows; undecided if that depends.
    private func decide(_ key: Key, _ context: Int) -> Int32 {
        var decision = LayerProduct.allowed
        for cursor in key.cursors {
            if cursor.live & (1 << UInt8(context)) != 0 {
                decision = LayerProduct.undecided
                continue
            }
            let said = cursor.said[context]
            if said == LayerProduct.allowed {
                decision = said
                continue
            }
            if said != LayerProduct.undecided { decision = said }
            // An exception that can still follow makes no difference to what is allowed anyway.
            if cursor.exception >= 0, decision != LayerProduct.allowed {
                decision = LayerProduct.undecided
            }
        }
        return decision
    }

    /// The decision if the path ends here.
    private func atEnd(of key: Key) -> Decided {
        var end = key.decided
        for context in 0..<4 where end[context] == LayerProduct.undecided {
            end[context] = LayerProduct.allowed
            for cursor in key.cursors.reversed() {
                var said = cursor.said[context]
                if cursor.live & (1 << UInt8(context)) != 0, cursor.node >= 0 {
                    let node = graph.nodes[Int(cursor.node)]
                    if node.matchSelf >= 0, !node.onlyRuntime || context & 1 != 0 {
                        said = node.matchSelf
                    }
                }
                if said != LayerProduct.undecided {
                    end[context] = said
                    break
                }
            }
        }
        return end
    }
}
