internal import PolicyModel

/// The names of the standard library, of any supported Python and platform.
public struct KnownNames: Sendable {
    private struct Entry: Sendable {
        var bases: [String]
        var names: Set<String>
    }

    /// The members of the modules and classes that are listed.
    private let entries: [String: Entry]
    /// The top-level modules.
    private let modules: Set<String>
    /// The same by their first two letters and by their last two.
    private let modulesByEnd: [String: [String]]

    /// Reads the shipped lists of members.
    ///
    /// - Parameter modules: The top-level modules of all versions.
    public init(modules: Set<String>) {
        self.modules = modules
        var modulesByEnd: [String: [String]] = [:]
        for module in modules {
            for end in Self.ends(of: module) { modulesByEnd[end, default: []].append(module) }
        }
        self.modulesByEnd = modulesByEnd
        var entries: [String: Entry] = [:]
        let text = String(decoding: PackageResources.stdlib_members_txt, as: UTF8.self)
        for line in text.split(separator: "\n") where line.first != "#" {
            let halves = line.split(separator: ":", maxSplits: 1)
            let head = halves[0].split(separator: " ", maxSplits: 1)
            let bases = head.count > 1 ? head[1].dropFirst().dropLast().split(separator: " ") : []
            let names = halves.count > 1 ? halves[1].split(separator: " ") : []
            entries[String(head[0])] = Entry(
                bases: bases.map(String.init), names: Set(names.map(String.init)))
        }
        self.entries = entries
    }

    /// The first name of a path that no Python has, with what its author may have meant.
    ///
    /// Nothing is said about modules beyond the standard library, private names and constants, and
    /// below wildcards.
    public func unknownName(in path: [String]) -> (path: String, meant: String?)? {
        guard let first = path.first, first != "*" else { return nil }
        guard first != "__builtins__" else { return unknownMember(of: "builtins", path, from: 1) }
        guard modules.contains(first) else { return nil }
        // The longest module that is listed: `http.client` of `http.client.HTTPConnection`.
        var depth = path.count
        while depth > 0, entries[path[..<depth].joined(separator: ".")] == nil { depth -= 1 }
        guard depth > 0 else { return nil }
        return unknownMember(of: path[..<depth].joined(separator: "."), path, from: depth)
    }

    /// The module that a top-level name is almost; nil if it is one, or one of somebody else.
    public func misspeltModule(_ name: String) -> String? {
        guard name.count >= Self.leastLetters, isJudged(name), !modules.contains(name) else {
            return nil
        }
        // One edit leaves the first two or the last two letters as they are.
        let near = Self.ends(of: name).flatMap { modulesByEnd[$0] ?? [] }
        return Spelling.nearest(to: name, among: Set(near), edits: 1)
    }

    /// How many letters a name must have to be taken for a misspelt module.
    private static let leastLetters = 6

    private static func ends(of name: String) -> [String] {
        [name.prefix(2) + "-", "-" + name.suffix(2)]
    }

    private func unknownMember(
        of owner: String, _ path: [String], from depth: Int
    ) -> (path: String, meant: String?)? {
        guard depth < path.count, isJudged(path[depth]) else { return nil }
        let known = names(of: owner)
        let name = path[depth]
        if known.contains(name) {
            let below = "\(owner).\(name)"
            return entries[below] == nil ? nil : unknownMember(of: below, path, from: depth + 1)
        }
        let meant = Spelling.nearest(to: name, among: known)
        return (path[...depth].joined(separator: "."), meant)
    }

    private func names(of owner: String) -> Set<String> {
        guard let entry = entries[owner] else { return [] }
        return entry.bases.reduce(entry.names) { $0.union(names(of: $1)) }
    }

    private func isJudged(_ name: String) -> Bool {
        name != "*" && !name.hasPrefix("_") && name.uppercased() != name
    }
}
