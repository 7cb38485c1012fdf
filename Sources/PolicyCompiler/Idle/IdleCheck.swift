internal import PolicyModel

/// Finds what the topmost layer says in vain: each element is left out in turn, and everything that
/// its absence could change is decided with and without it.
///
/// Only the paths through the element's own place are walked, from where the walk over the layer
/// stands anyway, so that the whole is linear in the number of elements.
struct IdleCheck {
    /// How many different places one wildcard may stand for before nothing is said below it.
    static let placeLimit = 4096

    let candidates: IdleCandidates
    let parts: [PolicyCompiler.Part]

    init(layer: PolicyLayer, parts: [PolicyCompiler.Part]) {
        candidates = IdleCandidates(layer)
        self.parts = parts
    }

    /// What makes no difference on any version on which it holds.
    func run() -> [IdleDeclaration] {
        var reasons: [SourceLocation: IdleDeclaration.Reason] = [:]
        var needed: Set<SourceLocation> = []
        for part in parts {
            var walk = IdleWalk(candidates: candidates, layers: part.restrictions.layers)
            walk.run()
            needed.formUnion(walk.needed)
            reasons.merge(walk.idle) { first, second in
                if case .shadowed = first { second } else { first }
            }
        }
        return reasons.compactMap { location, reason in
            guard !needed.contains(location), let path = candidates.paths[location] else {
                return nil
            }
            return IdleDeclaration(location: location, path: path, reason: reason)
        }
        .sorted { $0.location < $1.location }
    }
}
