internal import PolicyFormat
internal import PolicyModel

/// All rules of an image, each once, numbered in the order in which they were met.
struct RuleTable {
    /// A rule together with the place in the matcher at which it stands.
    struct Entry: Equatable {
        /// The dotted path of the node above; empty at the top.
        var prefix: String
        /// The last segment, or `*`.
        var leaf: String
        /// How it matches.
        var kind: RuleKind
        /// What the author wrote.
        var rule: Rule

        /// The path as authors write it.
        var path: String {
            if prefix.isEmpty || leaf.isEmpty { return prefix + leaf }
            return "\(prefix).\(leaf)"
        }
        /// The id of a rule to which its author gave none.
        var derivedID: String { "\(path)#\(kind.word)" }
    }

    /// The rules by number.
    private(set) var entries: [Entry] = []
    /// The first rule of each hash, and for each rule the next one of the same hash; a dictionary
    /// of whole entries would move hundreds of bytes for each of them whenever it grows.
    private var heads: [Int: Int32] = [:]
    private var following: [Int32] = []

    /// The number of `entry`, a new one if it was not met before.
    mutating func number(_ entry: Entry) -> Int32 {
        let hash = RuleTable.hash(entry)
        let head = heads[hash]
        if let known = find(entry, from: head) { return known }
        let number = Int32(entries.count)
        entries.append(entry)
        following.append(head ?? -1)
        heads[hash] = number
        return number
    }

    /// The number of `entry` if it was met before.
    func known(_ entry: Entry) -> Int32? { find(entry, from: heads[RuleTable.hash(entry)]) }

    private func find(_ entry: Entry, from head: Int32?) -> Int32? {
        var candidate = head ?? -1
        while candidate >= 0 {
            if entries[Int(candidate)] == entry { return candidate }
            candidate = following[Int(candidate)]
        }
        return nil
    }

    /// A hash of what tells most rules apart; equality looks at everything.
    private static func hash(_ entry: Entry) -> Int {
        var hasher = Hasher()
        hasher.combine(entry.prefix)
        hasher.combine(entry.leaf)
        hasher.combine(entry.kind)
        hasher.combine(entry.rule.message)
        return hasher.finalize()
    }
}

/// All names that have edges of their own, numbered in the order in which they were met.
struct NameTable {
    /// The names by number.
    private(set) var names: [String] = []
    private var numbers: [String: Int32] = [:]

    /// The number of `name`, a new one if it was not met before.
    mutating func number(_ name: String) -> Int32 {
        if let known = numbers[name] { return known }
        let number = Int32(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }

    /// The number of `name` if it was met before.
    func known(_ name: String) -> Int32? { numbers[name] }
}
