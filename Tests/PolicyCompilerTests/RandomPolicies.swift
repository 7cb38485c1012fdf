import PolicyModel

/// A small generator of random numbers whose sequence is the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Random matchers and layers over a small alphabet.
struct RandomPolicies {
    static let alphabet = ["a", "b", "c"]
    /// Every name that a path may have: the alphabet, a stranger and the literal star.
    static let names = alphabet + ["stranger", "*"]

    var random: SeededGenerator
    private var rules = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }

    private mutating func rule() -> Rule {
        rules += 1
        return Rule(id: "rule \(rules)", message: chance(0.5) ? "message \(rules)" : nil)
    }

    private mutating func names(_ probability: Double) -> [String] {
        (RandomPolicies.alphabet + ["*"]).filter { _ in chance(probability) }
    }

    mutating func matcher(depth: Int = 0) -> SandboxMatcher {
        var matcher = SandboxMatcher()
        for name in names(0.15) { matcher.access[name] = rule() }
        for name in names(0.2) { matcher.use[name] = rule() }
        for name in names(0.15) { matcher.exclude.updateValue(nil, forKey: name) }
        if chance(0.2) { matcher.onlyRuntime = true }
        if chance(depth == 0 ? 0.05 : 0.25) { matcher.matchSelf = rule() }
        if depth < 3 {
            for name in names(depth == 0 ? 0.6 : 0.35) {
                matcher.children[name] = self.matcher(depth: depth + 1)
            }
        }
        return matcher
    }

    mutating func layers() -> [SandboxRestrictions.Layer] {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let exceptions = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                Unrestriction(
                    path: (0..<Int.random(in: 1...3, using: &random)).map { _ in
                        RandomPolicies.alphabet[Int.random(in: 0..<3, using: &random)]
                    })
            }
            return SandboxRestrictions.Layer(
                invalidModules: matcher(depth: 1), invalidModuleMembers: matcher(),
                unrestrictions: exceptions)
        }
    }

    /// All paths up to a length.
    static func paths(upTo length: Int) -> [[String]] {
        var all: [[String]] = [[]]
        var last = all
        for _ in 0..<length {
            last = last.flatMap { path in names.map { path + [$0] } }
            all += last
        }
        return all
    }
}

/// What a policy means, written down as its definition reads: slow, and on whole paths only.
enum Definition {
    /// The rule and the depth at which one matcher matches, as temporalio's `access_matcher`.
    static func match(
        _ matcher: SandboxMatcher, _ path: [String], _ context: AccessContext
    ) -> (rule: Rule, depth: Int)? {
        var matcher = matcher
        for (depth, name) in path.enumerated() {
            if matcher.exclude.keys.contains(name) { return nil }
            if !context.isRuntime && matcher.onlyRuntime { return nil }
            if let rule = matcher.matchSelf { return (rule, depth) }
            if let rule = matcher.access[name] ?? matcher.access["*"] { return (rule, depth + 1) }
            if context.isUse, let rule = matcher.use[name] ?? matcher.use["*"] {
                return (rule, depth + 1)
            }
            guard let child = matcher.children[name] ?? matcher.children["*"] else { return nil }
            matcher = child
        }
        if !context.isRuntime && matcher.onlyRuntime { return nil }
        return matcher.matchSelf.map { ($0, path.count) }
    }

    /// The id of the rule that restricts a path; nil if none does.
    static func decide(
        _ layers: [SandboxRestrictions.Layer],
        _ set: (SandboxRestrictions.Layer) -> SandboxMatcher, _ path: [String],
        _ context: AccessContext
    ) -> String? {
        for layer in layers.reversed() {
            let matched = match(set(layer), path, context)
            let exception = layer.unrestrictions.map(\.path).filter { path.starts(with: $0) }
                .map(\.count).max()
            if let matched {
                if let exception, exception > matched.depth { return nil }
                return matched.rule.id
            }
            if exception != nil { return nil }
        }
        return nil
    }
}
