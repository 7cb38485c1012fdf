import PolicyCompiler
import PolicyModel
import PolicyRuntime
import Testing

/// Layers, exceptions and wildcards against the definition, by brute force.
@Suite struct LayeringTests {
    private static let paths = RandomPolicies.paths(upTo: 4)

    @Test(arguments: 0..<12)
    func randomLayersDecideAsDefined(batch: Int) throws {
        var compared = 0
        for number in 0..<25 {
            let seed = UInt64(batch * 1000 + number)
            var random = RandomPolicies(seed: seed)
            var layers = random.layers()
            var compiled: CompiledPolicy?
            while compiled == nil {
                do {
                    compiled = try PolicyCompiler(versions: [PythonVersion(3, 11)])
                        .compile(SandboxRestrictions(layers: layers), name: "random")
                } catch {
                    // Random exceptions often change nothing, which is an error; try without.
                    try #require(
                        error.diagnostics.allSatisfy { $0.code == "unrestrict-changes-nothing" },
                        "seed \(seed): \(error.diagnostics)")
                    let idle = Set(error.diagnostics.map(\.message))
                    for index in layers.indices {
                        layers[index].unrestrictions.removeAll { exception in
                            let path = exception.path.joined(separator: ".")
                            return idle.contains { $0.contains("`\(path)`") }
                        }
                    }
                }
            }
            let image = try PolicyImage(copying: try #require(compiled).image)
            let restrictions = try image.restrictions(for: (3, 11))
            for path in LayeringTests.paths {
                for context in AccessContext.allCases {
                    let own = MatchContext(rawValue: context.rawValue)
                    let members = restrictions.members.decide(segments: path, context: own)
                    let modules = restrictions.modules.decide(segments: path, context: own)
                    let expected = (
                        Definition.decide(layers, \.invalidModuleMembers, path, context),
                        Definition.decide(layers, \.invalidModules, path, context)
                    )
                    let found = (
                        members.rule.map { restrictions.rule($0).id },
                        modules.rule.map { restrictions.rule($0).id }
                    )
                    compared += 2
                    if expected != found {
                        Issue.record(
                            "seed \(seed), \(path), context \(context.rawValue): \(found), not \(expected)"
                        )
                        return
                    }
                }
            }
        }
        #expect(compared == 25 * LayeringTests.paths.count * 8)
    }
}
