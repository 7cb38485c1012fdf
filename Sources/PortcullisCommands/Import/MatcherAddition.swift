internal import PolicyModel

/// What a layer over a base has to say so that both together decide as a wanted matcher does.
///
/// It is a proposal: whoever uses it compares the decisions afterwards.
struct MatcherAddition {
    /// What to restrict.
    private(set) var added = SandboxMatcher()
    /// What to allow first.
    private(set) var unrestrictions: [[String]] = []
    /// Whether a layer can say it at all.
    private(set) var isPossible = true

    /// Compares two matchers from their roots on.
    init(base: SandboxMatcher, wanted: SandboxMatcher) {
        added = compare(base, wanted, path: [])
    }

    /// What is to be added below a node of which both have one.
    private mutating func compare(
        _ base: SandboxMatcher, _ wanted: SandboxMatcher, path: [String]
    ) -> SandboxMatcher {
        var layer = SandboxMatcher(onlyRuntime: wanted.onlyRuntime)
        guard Self.sameNode(base, wanted) else {
            if path.isEmpty { isPossible = false }
            return replaced(wanted, path)
        }
        var names = Set(base.children.keys).union(wanted.children.keys)
        for rules in [base.access, base.use, wanted.access, wanted.use] {
            names.formUnion(rules.keys)
        }
        for name in names.sorted() {
            let isListedAlike =
                (base.access[name] == nil) == (wanted.access[name] == nil)
                && (base.use[name] == nil) == (wanted.use[name] == nil)
            let (before, after) = (base.children[name], wanted.children[name])
            if isListedAlike {
                guard let before, let after else {
                    if (before == nil) != (after == nil) {
                        take(name, from: wanted, into: &layer, replacing: before != nil, path)
                    }
                    continue
                }
                let below = compare(before, after, path: path + [name])
                if below != SandboxMatcher(onlyRuntime: below.onlyRuntime) {
                    layer.children[name] = below
                }
                continue
            }
            let isNew = base.access[name] == nil && base.use[name] == nil && before == nil
            take(name, from: wanted, into: &layer, replacing: !isNew, path)
        }
        return layer
    }

    /// Restricts a name as it is wanted, after allowing it where the base says something else.
    private mutating func take(
        _ name: String, from wanted: SandboxMatcher, into layer: inout SandboxMatcher,
        replacing: Bool, _ path: [String]
    ) {
        if replacing { unrestrict(path + [name]) }
        layer.access[name] = wanted.access[name]
        layer.use[name] = wanted.use[name]
        layer.children[name] = wanted.children[name]
    }

    private mutating func replaced(_ wanted: SandboxMatcher, _ path: [String]) -> SandboxMatcher {
        unrestrict(path)
        return wanted
    }

    private mutating func unrestrict(_ path: [String]) {
        if path.contains(SandboxMatcher.wildcard) { isPossible = false }
        unrestrictions.append(path)
    }

    /// Whether two nodes say the same of themselves.
    private static func sameNode(_ base: SandboxMatcher, _ wanted: SandboxMatcher) -> Bool {
        base.onlyRuntime == wanted.onlyRuntime
            && Set(base.exclude.keys) == Set(wanted.exclude.keys)
            && (base.matchSelf == nil) == (wanted.matchSelf == nil)
            && base.matchSelf?.effect == wanted.matchSelf?.effect
            && base.matchSelf?.message == wanted.matchSelf?.message
            && base.matchSelf?.warningCategory == wanted.matchSelf?.warningCategory
    }
}
