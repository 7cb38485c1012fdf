internal import PolicyFormat
internal import PolicyModel

/// All rules of an image, each once, numbered in the order in which they were met.
struct RuleTable {
    /// A rule together with the place in the matcher at which it stands.
    struct Entry: Hashable {
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
    private var numbers: [Entry: Int32] = [:]

    /// The number of `entry`, a new one if it was not met before.
    mutating func number(_ entry: Entry) -> Int32 {
        if let known = numbers[entry] { return known }
        let number = Int32(entries.count)
        entries.append(entry)
        numbers[entry] = number
        return number
    }

    /// The number of `entry` if it was met before.
    func known(_ entry: Entry) -> Int32? { numbers[entry] }
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
