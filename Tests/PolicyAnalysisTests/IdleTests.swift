import PolicyAnalysis
import PolicyCompiler
import PolicyModel
import PolicyRuntime
import Testing

private typealias Place = PolicyModel.SourceLocation

/// What lint calls superfluous, against the policies without it.
@Suite struct IdleTests {
    private static let compiler = PolicyCompiler(versions: [PythonVersion(3, 11)])

    @Test(arguments: 0..<8)
    func whatIsIdleCanGoAndNothingElseCan(batch: Int) throws {
        var idleCount = 0
        var neededCount = 0
        for number in 0..<12 {
            let seed = UInt64(batch * 1000 + number)
            var random = RandomLayers(seed: seed)
            let policy = Policy(
                layers: (0..<2).map { Self.readable(random.layer("\($0).xml")) })
            let before = try Self.image(policy)
            var without = policy
            var idle: Set<Place> = []
            // One thing may be superfluous only once another one is gone.
            repeat {
                idle = Set(Self.compiler.idleDeclarations(of: without).map(\.location))
                without = Self.removing(idle, from: without)
                idleCount += idle.count
            } while !idle.isEmpty
            #expect(try Self.isSame(before, Self.image(without)), "seed \(seed)")
            for location in Self.candidates(without) {
                neededCount += 1
                let less = try Self.image(Self.removing([location], from: without))
                #expect(try !Self.isSame(before, less), "seed \(seed), \(location)")
            }
        }
        #expect(idleCount > 0 && neededCount > 0)
    }

    /// A layer as the reader makes it: no name twice in one place, no exceptions (which have a
    /// check of their own), and a node wherever something stands below.
    private static func readable(_ layer: PolicyLayer) -> PolicyLayer {
        func once(_ declarations: [MatcherDeclaration]) -> [MatcherDeclaration] {
            var names: Set<String> = []
            return declarations.compactMap { declaration in
                guard names.insert(declaration.name).inserted else { return nil }
                var own = declaration
                own.children = once(own.children)
                if !own.children.isEmpty || !own.exclusions.isEmpty { own.kinds.insert(.node) }
                own.exclusions = own.exclusions.map { exclusion in
                    var exclusion = exclusion
                    // One place for each element, as in a file.
                    exclusion.location = own.rule.location.map {
                        Place(file: $0.file, line: $0.line, column: 2)
                    }
                    return exclusion
                }
                return own
            }
        }
        var layer = layer
        layer.invalidModules = once(layer.invalidModules)
        layer.invalidModuleMembers = once(layer.invalidModuleMembers)
        layer.unrestrictions = []
        return layer
    }

    private static func image(_ policy: Policy) throws -> PolicyImage {
        try PolicyImage(copying: try compiler.compile(policy).image)
    }

    /// Whether every decision and every text is the same; derived ids follow the path of a rule.
    private static func isSame(_ old: PolicyImage, _ new: PolicyImage) throws -> Bool {
        let difference = PolicyDifference(from: old, to: new)
        return difference.isEquivalent
            && difference.changes.flatMap(\.aspects).allSatisfy { aspect in
                guard case .restricted(let a) = aspect.old, case .restricted(let b) = aspect.new
                else { return false }
                let ids = [a.id, b.id].map { $0.hasPrefix("own-") ? $0 : "" }
                return a.message == b.message && ids[0] == ids[1]
            }
    }

    /// The policy without some elements of its topmost layer.
    private static func removing(_ locations: Set<Place>, from policy: Policy) -> Policy {
        func less(_ declarations: [MatcherDeclaration]) -> [MatcherDeclaration] {
            declarations.compactMap { declaration in
                let isLeaf = declaration.children.isEmpty && declaration.exclusions.isEmpty
                if isLeaf, let location = declaration.rule.location, locations.contains(location) {
                    return nil
                }
                var own = declaration
                own.children = less(own.children)
                own.exclusions.removeAll { $0.location.map(locations.contains) ?? false }
                return own
            }
        }
        var policy = policy
        let top = policy.layers.count - 1
        policy.layers[top].invalidModules = less(policy.layers[top].invalidModules)
        policy.layers[top].invalidModuleMembers = less(policy.layers[top].invalidModuleMembers)
        return policy
    }

    /// The places of what could be removed from the topmost layer.
    private static func candidates(_ policy: Policy) -> [Place] {
        func list(_ declarations: [MatcherDeclaration]) -> [Place] {
            declarations.filter { $0.condition.contains(PythonVersion(3, 11)) }
                .flatMap { declaration -> [Place] in
                    let isLeaf = declaration.children.isEmpty && declaration.exclusions.isEmpty
                    let isRule = isLeaf && !declaration.kinds.subtracting(.node).isEmpty
                    return (isRule ? [declaration.rule.location].compactMap { $0 } : [])
                        + declaration.exclusions.compactMap(\.location)
                        + list(declaration.children)
                }
        }
        guard let top = policy.layers.last else { return [] }
        return list(top.invalidModules) + list(top.invalidModuleMembers)
    }
}
