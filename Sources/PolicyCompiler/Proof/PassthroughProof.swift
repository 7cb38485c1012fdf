internal import PolicyModel
internal import PolicyRuntime

/// Compares the passed-through modules of a policy and an image.
struct PassthroughProof {
    let restrictions: Restrictions
    let index: MatcherIndex

    /// Compares all names that either can tell from another; the number of comparisons.
    func run(_ model: SandboxRestrictions) throws(PolicyError) -> Int {
        var names: Set<String> = []
        for module in model.passthroughModules {
            names.formUnion(PassthroughProof.prefixes(of: module))
        }
        collect(restrictions.passthrough.root, [], into: &names)
        let other = "other"
        var tops: Set<String> = []
        for name in names {
            tops.insert("\(name).\(other)")
            tops.insert("\(name).")
            tops.insert("\(name)_\(other)")
            tops.insert("\(name).\(SandboxMatcher.wildcard)")
        }
        names.formUnion(tops)
        names.formUnion(["", ".", other, SandboxMatcher.wildcard])
        for name in names {
            let expected =
                model.passthroughAllModules
                || PassthroughProof.prefixes(of: name)
                    .contains(where: model.passthroughModules.contains)
            guard restrictions.isPassthrough(name) == expected else {
                throw Proof.bug("module `\(name)` should \(expected ? "" : "not ")pass through")
            }
        }
        return names.count
    }

    /// A dotted name and every part of it that ends before a dot.
    private static func prefixes(of name: String) -> [String] {
        var prefixes = [name]
        for dot in name.indices where name[dot] == "." { prefixes.append(String(name[..<dot])) }
        return prefixes
    }

    private func collect(_ state: State, _ path: [String], into names: inout Set<String>) {
        for segment in index.namedSegments(of: state) {
            guard let name = index.name(of: segment) else { continue }
            let path = path + [name]
            names.insert(path.joined(separator: "."))
            if let child = restrictions.passthrough.edge(state, segment).child {
                collect(child, path, into: &names)
            }
        }
    }
}
