/// A set of paths, for exceptions and for passed-through modules.
struct PathTrie {
    /// One node: whether a path ends here, and what follows.
    struct Node {
        var isEnd = false
        var children: [(name: Int32, node: Int32)] = []
    }

    /// The nodes, the root first.
    private(set) var nodes: [Node] = [Node()]
    private var edges: [Int64: Int32] = [:]

    /// Adds the path of the given names.
    mutating func insert(_ path: [Int32]) {
        var node: Int32 = 0
        for name in path {
            let key = Int64(node) << 32 | Int64(name)
            if let next = edges[key] {
                node = next
                continue
            }
            let next = Int32(nodes.count)
            nodes.append(Node())
            nodes[Int(node)].children.append((name, next))
            edges[key] = next
            node = next
        }
        nodes[Int(node)].isEnd = true
    }

    /// Whether the trie has no path but, perhaps, the empty one.
    var isEmpty: Bool { nodes[0].children.isEmpty && !nodes[0].isEnd }

    /// The node behind `name`; nil if no path goes there.
    func child(_ node: Int32, _ name: Int32) -> Int32? { edges[Int64(node) << 32 | Int64(name)] }
}
