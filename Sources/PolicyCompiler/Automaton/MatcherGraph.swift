internal import PolicyFormat
internal import PolicyModel

/// The matchers of all layers as flat arrays, with numbers for names and rules.
struct MatcherGraph {
    /// What a node says about one name.
    struct Entry {
        var name: Int32
        var isExcluded = false
        var access = MatcherGraph.nothing
        var use = MatcherGraph.nothing
        var child = MatcherGraph.nothing
    }

    /// One `SandboxMatcher`.
    struct Node {
        /// Its entries, a range of ``MatcherGraph/entries`` in the order of the names' numbers.
        var entries: Range<Int32>
        /// What the wildcard says.
        var wildcard: Entry
        /// The rule with which it matches itself.
        var matchSelf: Int32
        /// Whether it is for run time only.
        var onlyRuntime: Bool
        /// Whether it excludes any name.
        var excludes: Bool
        /// The contexts in which it, or anything below it, can match at all.
        var canMatch: UInt8
    }

    /// No node and no rule.
    static let nothing: Int32 = -1
    /// The contexts at run time, and those that are uses.
    static let runtimeContexts: UInt8 = 0b1010
    static let useContexts: UInt8 = 0b1100

    private(set) var nodes: [Node] = []
    private(set) var entries: [Entry] = []

    /// Adds a matcher and all below it; the number of its node.
    mutating func add(
        _ matcher: SandboxMatcher, prefix: String, leaf: String, names: inout NameTable,
        rules: inout RuleTable
    ) -> Int32 {
        let path = prefix.isEmpty ? leaf : "\(prefix).\(leaf)"
        func rule(_ rule: Rule, _ name: String, _ kind: RuleKind) -> Int32 {
            rules.number(RuleTable.Entry(prefix: path, leaf: name, kind: kind, rule: rule))
        }
        var own: [Entry] = []
        var wildcard = Entry(name: MatcherGraph.nothing)
        var canMatch: UInt8 = matcher.matchSelf == nil ? 0 : 15
        let sorted = MatcherGraph.sortedNames(of: matcher)
        // The names of one node get numbers next to each other, so that its cells are close.
        for name in sorted where name != SandboxMatcher.wildcard || matcher.exclude[name] != nil {
            _ = names.number(name)
        }
        for name in sorted {
            var entry = Entry(name: MatcherGraph.nothing)
            if let found = matcher.access[name] {
                entry.access = rule(found, name, .access)
                canMatch |= 15
            }
            if let found = matcher.use[name] {
                entry.use = rule(found, name, .use)
                canMatch |= MatcherGraph.useContexts
            }
            if let child = matcher.children[name] {
                entry.child = add(child, prefix: path, leaf: name, names: &names, rules: &rules)
                canMatch |= nodes[Int(entry.child)].canMatch
            }
            let isExcluded = matcher.exclude[name] != nil
            if name == SandboxMatcher.wildcard {
                wildcard = entry
                // The literal `*` differs from any other unknown name only where it is excluded.
                if !isExcluded { continue }
                entry = Entry(name: MatcherGraph.nothing)
            }
            entry.name = names.number(name)
            entry.isExcluded = isExcluded
            own.append(entry)
        }
        own.sort { $0.name < $1.name }
        let start = Int32(entries.count)
        entries.append(contentsOf: own)
        let matchSelf = matcher.matchSelf.map {
            rules.number(RuleTable.Entry(prefix: prefix, leaf: leaf, kind: .matchSelf, rule: $0))
        }
        nodes.append(
            Node(
                entries: start..<Int32(entries.count), wildcard: wildcard,
                matchSelf: matchSelf ?? MatcherGraph.nothing, onlyRuntime: matcher.onlyRuntime,
                excludes: !matcher.exclude.isEmpty,
                canMatch: canMatch & (matcher.onlyRuntime ? MatcherGraph.runtimeContexts : 15)))
        return Int32(nodes.count - 1)
    }

    /// The entry of a name at a node; nil if the node does not name it.
    func entry(_ node: Node, _ name: Int32) -> Entry? {
        var low = Int(node.entries.lowerBound)
        var high = Int(node.entries.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].name < name { low = middle + 1 } else { high = middle }
        }
        guard low < Int(node.entries.upperBound), entries[low].name == name else { return nil }
        return entries[low]
    }

    private static func sortedNames(of matcher: SandboxMatcher) -> [String] {
        var names = Set(matcher.access.keys)
        names.formUnion(matcher.use.keys)
        names.formUnion(matcher.children.keys)
        names.formUnion(matcher.exclude.keys)
        return names.sorted()
    }
}
