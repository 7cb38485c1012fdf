internal import PolicyModel

/// Walks the topmost layer on one version of Python, with all layers beside it.
struct IdleWalk {
    /// What all layers have said on the way to a place, the base first.
    private typealias Place = [LayerProbe]

    let candidates: IdleCandidates
    let layers: [SandboxRestrictions.Layer]
    /// What changes a decision when it is left out.
    private(set) var needed: Set<SourceLocation> = []
    /// What does not.
    private(set) var idle: [SourceLocation: IdleDeclaration.Reason] = [:]
    private var omissions = Omissions()
    /// The rules that matched on the way to a place, by the numbers that the probes have for them.
    private var matched: [RuleTable.Entry] = []

    init(candidates: IdleCandidates, layers: [SandboxRestrictions.Layer]) {
        self.candidates = candidates
        self.layers = layers
    }

    /// Looks at every candidate that holds on this version.
    mutating func run() {
        guard let top = layers.last else { return }
        for set in [\SandboxRestrictions.Layer.invalidModuleMembers, \.invalidModules] {
            let start = layers.map { layer in
                LayerProbe(
                    matcher: layer[keyPath: set], exceptions: layer.unrestrictions.map(\.path))
            }
            walk(top[keyPath: set], [start])
        }
    }

    private mutating func walk(_ matcher: SandboxMatcher, _ places: [Place]) {
        var names = Set(matcher.access.keys)
        names.formUnion(matcher.use.keys)
        names.formUnion(matcher.children.keys)
        names.formUnion(matcher.exclude.keys)
        for name in names.sorted() {
            let found: [SourceLocation?] = [
                matcher.access[name]?.location, matcher.use[name]?.location,
                matcher.children[name]?.matchSelf?.location,
            ]
            for location in Set(found.compactMap { $0 }) where candidates.paths[location] != nil {
                judge(location, name, isLiteral: false, places)
            }
            if let location = matcher.exclude[name] ?? nil, candidates.paths[location] != nil {
                judge(location, name, isLiteral: true, places)
            }
            guard let child = matcher.children[name], !child.isLeaf else { continue }
            let below = self.places(behind: name, of: matcher, places)
            // A node that no path reaches has no places, and nothing below it is needed.
            if below.count <= IdleCheck.placeLimit { walk(child, below) }
        }
    }

    /// The places that one more name leads to where the layer goes on to the child of that name.
    private mutating func places(
        behind name: String, of matcher: SandboxMatcher, _ places: [Place]
    ) -> [Place] {
        var behind: [Place] = []
        for place in places {
            for concrete in Self.names(name, isLiteral: false, place)
            where concrete == name || matcher.children[concrete] == nil {
                var next = place
                for layer in next.indices {
                    next[layer].advance(concrete) { entry in
                        matched.append(entry)
                        return Int32(matched.count - 1)
                    }
                }
                if next.last?.isAlive == true { behind.append(next) }
                if behind.count > IdleCheck.placeLimit { return behind }
            }
        }
        return behind
    }

    /// The names to follow for one that is declared: for the wildcard all that any layer knows at
    /// the place, and one that none of them knows.
    private static func names(_ name: String, isLiteral: Bool, _ place: Place) -> [String] {
        if isLiteral || name != SandboxMatcher.wildcard { return [name] }
        var names = LayerProbe.names(place)
        names.insert(name)
        return names + [ProofWalk.unknownName(besides: names)]
    }

    // MARK: - With and without

    private mutating func judge(
        _ location: SourceLocation, _ name: String, isLiteral: Bool, _ places: [Place]
    ) {
        var trial = IdleTrial(location: location, earlier: matched)
        omissions.location = location
        for place in places {
            for name in Self.names(name, isLiteral: isLiteral, place) {
                var without = place
                without[without.count - 1].omitted = omissions
                guard trial.isSame(place, without, after: name) else {
                    needed.insert(location)
                    return
                }
            }
        }
        omissions.earlier.insert(location)
        idle[location] =
            candidates.exclusions.contains(location) ? .excludesNothing : trial.reason
    }
}

extension SandboxMatcher {
    /// Whether nothing is said below this node.
    fileprivate var isLeaf: Bool {
        access.isEmpty && use.isEmpty && children.isEmpty && exclude.isEmpty
    }
}
