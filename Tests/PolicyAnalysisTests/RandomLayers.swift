import PolicyCompiler
import PolicyModel
import PolicyRuntime

/// Random policies as authors write them: conditions, passthrough and settings included.
struct RandomLayers {
    static let versions = (10...12).map { PythonVersion(3, $0) }
    private static let conditions = [
        "", "", "", ">=3.11", "<3.11", "==3.12", "!=3.11",
    ].map { PythonVersionCondition(parsing: $0) ?? PythonVersionCondition() }

    private var random: RandomPolicies
    private var line = 0

    init(seed: UInt64) { random = RandomPolicies(seed: seed) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random.random)]
    }

    private mutating func rule(_ file: String) -> Rule {
        line += 1
        let effect = pick([Effect.deny, .deny, .deny, .warn, .audit])
        return Rule(
            id: random.chance(0.8) ? "" : "own-\(pick([1, 2]))", effect: effect,
            warningCategory: effect == .warn ? pick(["UserWarning", "FutureWarning"]) : nil,
            message: random.chance(0.2) ? pick(["one", "two"]) : nil,
            arguments: random.chance(0.1) ? pick([0, 1]) : nil,
            location: SourceLocation(file: file, line: line, column: 1))
    }

    private mutating func declarations(_ file: String, depth: Int) -> [MatcherDeclaration] {
        (0..<pick([0, 1, 2, 3])).map { _ in
            var kinds: MatcherDeclaration.Kinds = []
            if random.chance(0.15) { kinds.insert(.access) }
            if random.chance(0.3) { kinds.insert(.use) }
            if random.chance(0.2) { kinds.insert(.matchSelf) }
            if kinds.isEmpty { kinds.insert(.node) }
            return MatcherDeclaration(
                name: pick(RandomPolicies.alphabet + ["*"]), kinds: kinds,
                onlyRuntime: random.chance(0.3), rule: rule(file),
                children: depth < 3 ? declarations(file, depth: depth + 1) : [],
                exclusions: random.chance(0.2)
                    ? [MatcherDeclaration.Exclusion(pick(RandomPolicies.alphabet))] : [],
                condition: pick(Self.conditions))
        }
    }

    mutating func layer(_ file: String) -> PolicyLayer {
        var layer = PolicyLayer(name: "random", file: file)
        layer.invalidModuleMembers = declarations(file, depth: 0)
        layer.invalidModules = declarations(file, depth: 1)
        layer.unrestrictions = (0..<pick([0, 0, 1, 2])).map { _ in
            Unrestriction(
                path: (0..<pick([1, 2, 3])).map { _ in pick(RandomPolicies.alphabet) },
                condition: pick(Self.conditions))
        }
        layer.passthroughModules = (0..<pick([0, 1, 2])).map { _ in
            PassthroughDeclaration(
                random.chance(0.1) ? .allModules : .module(pick(["a", "b", "a.b", "b.c.a"])),
                condition: pick(Self.conditions))
        }
        for flag in [
            ImportNotificationPolicy.warnOnDynamicImport, .raiseOnUnintentionalPassthrough,
        ]
        where random.chance(0.3) {
            layer.importNotificationPolicy.append(
                ImportNotificationDeclaration(
                    flag, random.chance(0.5), condition: pick(Self.conditions)))
        }
        layer.lazySysModulesPassthrough = pick([nil, nil, true, false])
        return layer
    }

    /// A policy and another one that has some of its layers.
    mutating func pair() -> (Policy, Policy) {
        let layers = (0..<pick([1, 1, 2])).map { _ in layer("old.xml") }
        var others = layers
        switch pick([0, 1, 2, 3]) {
        case 0: others = [layer("new.xml")]
        case 1: others.append(layer("new.xml"))
        case 2: others[others.count - 1] = changed(others[others.count - 1])
        default: others.insert(layer("new.xml"), at: 0)
        }
        return (Policy(layers: layers), Policy(layers: others))
    }

    /// A layer with one thing less or one rule that does something else.
    private mutating func changed(_ layer: PolicyLayer) -> PolicyLayer {
        var layer = layer
        switch pick([0, 1, 2]) {
        case 0 where !layer.invalidModuleMembers.isEmpty:
            layer.invalidModuleMembers.removeLast()
        case 1 where !layer.invalidModuleMembers.isEmpty:
            layer.invalidModuleMembers[0].rule.effect = .audit
        default: layer.unrestrictions = []
        }
        return layer
    }

    /// The image of a policy, without the exceptions that change nothing, which are errors.
    static func image(_ policy: Policy) throws -> PolicyImage {
        var policy = policy
        let compiler = PolicyCompiler(versions: versions)
        while true {
            do {
                return try PolicyImage(copying: try compiler.compile(policy).image)
            } catch let error as PolicyError {
                let idle = error.diagnostics.filter { $0.code == "unrestrict-changes-nothing" }
                guard !idle.isEmpty, idle.count == error.diagnostics.count else { throw error }
                for index in policy.layers.indices {
                    policy.layers[index].unrestrictions.removeAll { exception in
                        let path = "`\(exception.path.joined(separator: "."))`"
                        return idle.contains { $0.message.contains(path) }
                    }
                }
            }
        }
    }
}
