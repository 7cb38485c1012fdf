package import PolicyModel

/// Which exceptions of a policy decide about given paths.
package struct ExceptionUse {
    private let versions: [(version: PythonVersion, restrictions: SandboxRestrictions)]

    /// Resolves a policy for all versions that are supported.
    package init(_ policy: Policy) {
        let resolver = Resolver(policy: policy)
        versions = PythonVersion.supported.map { ($0, resolver.restrictions(on: $0)) }
    }

    /// The exceptions without which a question would be answered in another way.
    package func exceptions(
        for question: PolicyTest.Question, on condition: PythonVersionCondition
    ) -> Set<Unrestriction> {
        var found: Set<Unrestriction> = []
        for (version, restrictions) in versions where condition.contains(version) {
            let layers = restrictions.layers
            for exception in layers.flatMap(\.unrestrictions)
            where question.path.starts(with: exception.path) && !found.contains(exception) {
                let with = decisions(question, layers, without: nil)
                if with != decisions(question, layers, without: exception) {
                    found.insert(exception)
                }
            }
        }
        return found
    }

    /// For each context, a number that stands for allowed or for restricted.
    private func decisions(
        _ question: PolicyTest.Question, _ layers: [SandboxRestrictions.Layer],
        without exception: Unrestriction?
    ) -> [Int32] {
        var probes = layers.map { layer in
            LayerProbe(
                matcher: question.isImport ? layer.invalidModules : layer.invalidModuleMembers,
                exceptions: layer.unrestrictions
                    .filter { $0 != exception && question.path.starts(with: $0.path) }
                    .map(\.path))
        }
        for name in question.path {
            for index in probes.indices { probes[index].advance(name) { _ in 0 } }
        }
        return question.contexts.map { LayerProbe.decision(probes, $0) { _ in 0 } }
    }
}
