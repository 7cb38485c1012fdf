internal import PolicyFormat
internal import PolicyModel

/// One matcher on the way of a path, with where it stands in the policy.
final class ProbeNode {
    let matcher: SandboxMatcher
    let prefix: String
    let leaf: String
    /// The path as authors write it.
    let path: String

    init(_ matcher: SandboxMatcher, prefix: String, leaf: String) {
        self.matcher = matcher
        self.prefix = prefix
        self.leaf = leaf
        path = prefix.isEmpty ? leaf : "\(prefix).\(leaf)"
    }

    /// The matcher for a name: its own or else the wildcard's.
    func child(_ name: String, without omitted: Omissions) -> ProbeNode? {
        if matcher.children.isEmpty { return nil }
        if let own = matcher.children[name], !omitted.contains(own) {
            return ProbeNode(own, prefix: path, leaf: name)
        }
        guard let other = matcher.children[SandboxMatcher.wildcard], !omitted.contains(other) else {
            return nil
        }
        return ProbeNode(other, prefix: path, leaf: SandboxMatcher.wildcard)
    }
}

/// Elements of a policy file that a probe takes for absent.
struct Omissions {
    /// Those that were found to be superfluous before.
    var earlier: Set<SourceLocation> = []
    /// The one that is in question.
    var location: SourceLocation?

    func contains(_ other: SourceLocation?) -> Bool {
        guard let location, let other else { return false }
        return other == location || !earlier.isEmpty && earlier.contains(other)
    }

    /// Whether a matcher is nothing but what one omitted element says.
    func contains(_ matcher: SandboxMatcher) -> Bool {
        contains(matcher.matchSelf?.location) && matcher.access.isEmpty && matcher.use.isEmpty
            && matcher.children.isEmpty && matcher.exclude.isEmpty
    }
}

/// What one layer says about a path, taken from the definition and from nothing else: the compiled
/// automaton is compared with this, so the two share no code but the model.
struct LayerProbe {
    /// What the layer's matcher has done in one context.
    enum Status {
        case running
        case stopped
        /// It matched with a rule when so many segments were consumed.
        case matched(rule: Int32, depth: Int)
    }

    /// Gives a rule its number.
    typealias Numbering = (RuleTable.Entry) -> Int32

    private var node: ProbeNode?
    private var depth = 0
    private var statuses: (Status, Status, Status, Status) = (
        .running, .running, .running, .running
    )
    /// The length of the longest exception that is a prefix of the path.
    private var exceptionDepth: Int?
    /// The exceptions that the path is a prefix of, and that are longer.
    private var pending: [[String]]

    /// What the matcher is taken not to say from here on.
    var omitted = Omissions()

    init(matcher: SandboxMatcher, exceptions: [[String]]) {
        node = ProbeNode(matcher, prefix: "", leaf: "")
        exceptionDepth = exceptions.contains([]) ? 0 : nil
        pending = exceptions.filter { !$0.isEmpty }
    }

    /// Whether a longer path can make a difference.
    var isAlive: Bool { node != nil || !pending.isEmpty }

    /// Adds the names about which the layer says something here.
    func names(into names: inout Set<String>) {
        if let matcher = node?.matcher {
            names.formUnion(matcher.access.keys)
            names.formUnion(matcher.use.keys)
            names.formUnion(matcher.children.keys)
            names.formUnion(matcher.exclude.keys)
        }
        for exception in pending { names.insert(exception[depth]) }
    }

    private func status(_ context: Int) -> Status {
        switch context {
        case 0: statuses.0
        case 1: statuses.1
        case 2: statuses.2
        default: statuses.3
        }
    }

    private mutating func set(_ context: Int, _ status: Status) {
        switch context {
        case 0: statuses.0 = status
        case 1: statuses.1 = status
        case 2: statuses.2 = status
        default: statuses.3 = status
        }
    }

    /// Takes the layer over one more segment.
    mutating func advance(_ name: String, _ numbering: Numbering) {
        if let node {
            var next: ProbeNode??
            var goesOn = false
            for context in AccessContext.allCases {
                guard case .running = status(Int(context.rawValue)) else { continue }
                let matched = match(node, name, context, numbering)
                if let matched {
                    set(Int(context.rawValue), matched)
                    continue
                }
                if next == nil { next = .some(node.child(name, without: omitted)) }
                if next.flatMap({ $0 }) == nil {
                    set(Int(context.rawValue), .stopped)
                } else {
                    goesOn = true
                }
            }
            self.node = goesOn ? next.flatMap { $0 } : nil
        }
        if !pending.isEmpty {
            let matching = pending.filter { $0[depth] == name }
            if matching.contains(where: { $0.count == depth + 1 }) { exceptionDepth = depth + 1 }
            pending = matching.filter { $0.count > depth + 1 }
        }
        depth += 1
    }

    /// What a node says about a name before its children are looked at.
    private func match(
        _ node: ProbeNode, _ name: String, _ context: AccessContext, _ numbering: Numbering
    ) -> Status? {
        let matcher = node.matcher
        if !matcher.exclude.isEmpty, let index = matcher.exclude.index(forKey: name),
            !omitted.contains(matcher.exclude[index].value)
        {
            return .stopped
        }
        if !context.isRuntime, matcher.onlyRuntime { return .stopped }
        if let rule = matcher.matchSelf, !omitted.contains(rule.location) {
            return .matched(rule: own(node, rule, numbering), depth: depth)
        }
        if let (rule, leaf) = find(matcher.access, name) {
            let entry = RuleTable.Entry(prefix: node.path, leaf: leaf, kind: .access, rule: rule)
            return .matched(rule: numbering(entry), depth: depth + 1)
        }
        if context.isUse, let (rule, leaf) = find(matcher.use, name) {
            let entry = RuleTable.Entry(prefix: node.path, leaf: leaf, kind: .use, rule: rule)
            return .matched(rule: numbering(entry), depth: depth + 1)
        }
        return nil
    }

    private func find(_ rules: [String: Rule], _ name: String) -> (Rule, String)? {
        if rules.isEmpty { return nil }
        if let own = rules[name], !omitted.contains(own.location) { return (own, name) }
        guard let other = rules[SandboxMatcher.wildcard], !omitted.contains(other.location) else {
            return nil
        }
        return (other, SandboxMatcher.wildcard)
    }

    private func own(_ node: ProbeNode, _ rule: Rule, _ numbering: Numbering) -> Int32 {
        numbering(
            RuleTable.Entry(prefix: node.prefix, leaf: node.leaf, kind: .matchSelf, rule: rule))
    }

    /// What the layer says if the path ends here: a rule, `LayerProbe.allowed`, or nil.
    func decision(_ context: AccessContext, _ numbering: Numbering) -> Int32? {
        var matched: (rule: Int32, depth: Int)?
        switch status(Int(context.rawValue)) {
        case .matched(let rule, let depth): matched = (rule, depth)
        case .stopped: break
        case .running:
            if let node, let rule = node.matcher.matchSelf, !omitted.contains(rule.location),
                context.isRuntime || !node.matcher.onlyRuntime
            {
                matched = (own(node, rule, numbering), depth)
            }
        }
        guard let matched else { return exceptionDepth == nil ? nil : LayerProbe.allowed }
        guard let exceptionDepth, exceptionDepth > matched.depth else { return matched.rule }
        return LayerProbe.allowed
    }

    /// Nothing matches, or an exception does.
    static let allowed: Int32 = -2

    /// What a stack of layers says, the base first: the topmost layer that says something.
    static func decision(
        _ layers: [LayerProbe], _ context: AccessContext, _ numbering: Numbering
    ) -> Int32 {
        for layer in layers.reversed() {
            if let decision = layer.decision(context, numbering) { return decision }
        }
        return allowed
    }

    /// The names about which any of the layers says something here.
    static func names(_ layers: [LayerProbe]) -> Set<String> {
        var names: Set<String> = []
        for layer in layers { layer.names(into: &names) }
        return names
    }
}
