internal import PolicyFormat
internal import PolicyModel
internal import PolicyRuntime

/// Walks the layers of a policy and the states of an image together.
struct ProofWalk {
    /// Which of a layer's matchers is compared.
    enum Set { case members, modules }

    let matcher: Matcher
    let index: MatcherIndex
    // Rationale: made once, because a method handed on as a function copies the whole walk.
    private let number: LayerProbe.Numbering
    private var cases = 0
    private var path: [String] = []

    init(matcher: Matcher, index: MatcherIndex, rules: RuleTable) {
        self.matcher = matcher
        self.index = index
        number = { rules.known($0) ?? -9 }
    }

    /// Compares all paths; the number of comparisons.
    mutating func run(
        _ layers: [SandboxRestrictions.Layer], _ set: Set
    ) throws(PolicyError) -> Int {
        let probes = layers.map { layer in
            LayerProbe(
                matcher: set == .members ? layer.invalidModuleMembers : layer.invalidModules,
                exceptions: layer.unrestrictions.map(\.path))
        }
        try walk(probes, matcher.root, Decided())
        return cases
    }

    /// What the image has decided on the way in each context.
    private struct Decided {
        var known: UInt8 = 0
        var values: (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)

        subscript(context: AccessContext) -> Int32? {
            get {
                guard known & context.mask != 0 else { return nil }
                switch context.rawValue {
                case 0: return values.0
                case 1: return values.1
                case 2: return values.2
                default: return values.3
                }
            }
            set {
                known |= context.mask
                let value = newValue ?? LayerProbe.allowed
                switch context.rawValue {
                case 0: values.0 = value
                case 1: values.1 = value
                case 2: values.2 = value
                default: values.3 = value
                }
            }
        }
    }

    /// What a verdict of the image decides in a context; nil if it does not.
    private func decision(_ verdict: Verdict, _ context: AccessContext) -> Int32? {
        let own = MatchContext(rawValue: context.rawValue)
        if let rule = matcher.rule(of: verdict, in: own) { return Int32(rule.rawValue) }
        return verdict.stop & context.mask != 0 ? LayerProbe.allowed : nil
    }

    private mutating func walk(
        _ probes: [LayerProbe], _ state: State?, _ decided: Decided
    ) throws(PolicyError) {
        let end = state.map { matcher.selfOutcome($0) }
        for context in AccessContext.allCases {
            let expected = LayerProbe.decision(probes, context, number)
            let own = end.flatMap { decision($0, context) }
            let found = decided[context] ?? own
            cases += 1
            // A state also repeats what was decided before it, for walks that change context.
            guard found == expected, state == nil || own == found else {
                throw difference(context, expected, found)
            }
        }
        guard state != nil || probes.contains(where: \.isAlive) else { return }
        var names = LayerProbe.names(probes)
        if let state {
            for segment in index.namedSegments(of: state) {
                if let name = index.name(of: segment) { names.insert(name) }
            }
        }
        names.insert(SandboxMatcher.wildcard)
        for name in names { try step(probes, state, decided, name) }
        try step(probes, state, decided, ProofWalk.unknownName(besides: names))
    }

    private mutating func step(
        _ probes: [LayerProbe], _ state: State?, _ decided: Decided, _ name: String
    ) throws(PolicyError) {
        var probes = probes
        for layer in probes.indices { probes[layer].advance(name, number) }
        var decided = decided
        var child: State?
        path.append(name)
        if let state {
            let edge = matcher.edge(state, matcher.segmentID(name))
            for context in AccessContext.allCases {
                guard let found = decision(edge.verdict, context) else {
                    guard decided[context] == nil else {
                        throw difference(context, decided[context] ?? LayerProbe.allowed, nil)
                    }
                    continue
                }
                if let before = decided[context], before != found {
                    throw difference(context, before, found)
                }
                decided[context] = found
            }
            child = edge.child
        }
        try walk(probes, child, decided)
        path.removeLast()
    }

    /// A name that is none of those given.
    static func unknownName(besides names: Swift.Set<String>) -> String {
        var name = "other"
        while names.contains(name) { name += "_" }
        return name
    }

    private func difference(
        _ context: AccessContext, _ expected: Int32, _ found: Int32?
    ) -> PolicyError {
        func text(_ decision: Int32) -> String {
            guard decision >= 0 else { return "allowed" }
            return "restricted by `\(matcher.rule(RuleID(rawValue: UInt32(decision))).id)`"
        }
        return Proof.bug(
            "`\(path.joined(separator: "."))` in context \(context.rawValue) should be "
                + "\(text(expected)) and is \(found.map(text) ?? "undecided")")
    }
}
