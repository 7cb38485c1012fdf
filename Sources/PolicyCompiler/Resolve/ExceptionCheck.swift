internal import PolicyModel

/// Finds the exceptions that change nothing on any version: typing errors mostly.
struct ExceptionCheck {
    let parts: [PolicyCompiler.Part]

    /// An error for each exception without an effect.
    func run() -> [Diagnostic] {
        var idle: Set<Unrestriction> = []
        var effective: Set<Unrestriction> = []
        for part in parts {
            let layers = part.restrictions.layers
            for (number, layer) in layers.enumerated() {
                for index in layer.unrestrictions.indices {
                    let unrestriction = layer.unrestrictions[index]
                    guard !effective.contains(unrestriction) else { continue }
                    if hasEffect(layers, number, index) {
                        effective.insert(unrestriction)
                        idle.remove(unrestriction)
                    } else {
                        idle.insert(unrestriction)
                    }
                }
            }
        }
        guard !idle.isEmpty else { return [] }
        let known = knownPaths()
        return idle.map { unrestriction in
            let path = unrestriction.path.joined(separator: ".")
            let near = Spelling.nearest(to: path, among: known)
            return Diagnostic(
                .error, code: "unrestrict-changes-nothing",
                message: "nothing restricts `\(path)`, so this exception changes nothing",
                at: unrestriction.location,
                notes: near.map { [Diagnostic.Note("did you mean `\($0)`?")] } ?? [])
        }
    }

    /// Whether an exception changes a decision, given the layers below and the exceptions before.
    private func hasEffect(
        _ layers: [SandboxRestrictions.Layer], _ number: Int, _ index: Int
    ) -> Bool {
        let path = layers[number].unrestrictions[index].path
        for matcher in [\SandboxRestrictions.Layer.invalidModuleMembers, \.invalidModules] {
            func probes(_ end: Int) -> [LayerProbe] {
                (0...number).map { layer in
                    let exceptions = layers[layer].unrestrictions
                    return LayerProbe(
                        matcher: layers[layer][keyPath: matcher],
                        // Only those on the way of the path can matter.
                        exceptions: (layer == number ? exceptions[..<end] : exceptions[...])
                            .map(\.path)
                            .filter { $0.starts(with: path) || path.starts(with: $0) })
                }
            }
            var without = probes(index)
            var with = probes(index + 1)
            for name in path {
                for layer in without.indices {
                    without[layer].advance(name) { _ in 0 }
                    with[layer].advance(name) { _ in 0 }
                }
            }
            if differ(without, with) { return true }
        }
        return false
    }

    private func differ(_ a: [LayerProbe], _ b: [LayerProbe]) -> Bool {
        for context in AccessContext.allCases {
            let first = LayerProbe.decision(a, context) { _ in 0 }
            if first != LayerProbe.decision(b, context, { _ in 0 }) { return true }
        }
        guard a.contains(where: \.isAlive) || b.contains(where: \.isAlive) else { return false }
        var names = LayerProbe.names(a).union(LayerProbe.names(b))
        names.insert(ProofWalk.unknownName(besides: names))
        for name in names {
            var a = a
            var b = b
            for layer in a.indices {
                a[layer].advance(name) { _ in 0 }
                b[layer].advance(name) { _ in 0 }
            }
            if differ(a, b) { return true }
        }
        return false
    }

    private func knownPaths() -> Set<String> {
        var paths: Set<String> = []
        func add(_ matcher: SandboxMatcher, _ prefix: String) {
            for name in Array(matcher.access.keys) + Array(matcher.use.keys) {
                paths.insert(prefix + name)
            }
            for (name, child) in matcher.children {
                paths.insert(prefix + name)
                add(child, "\(prefix)\(name).")
            }
        }
        for part in parts {
            for layer in part.restrictions.layers {
                add(layer.invalidModuleMembers, "")
                add(layer.invalidModules, "")
            }
        }
        return paths.filter { !$0.contains(SandboxMatcher.wildcard) }
    }
}
