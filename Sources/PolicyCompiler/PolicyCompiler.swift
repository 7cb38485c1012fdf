internal import PolicyFormat
public import PolicyModel
internal import PolicyRuntime

/// Compiles policies into images.
///
/// The stages: *resolve* the layers for each version of Python, *check* what they say, build the
/// *automaton* of all layers together, *lay out* its states in a double array, *emit* the bytes,
/// and *prove* them by reading them back and walking policy and image together.
public struct PolicyCompiler: Sendable {
    /// The versions that an image covers, oldest first.
    public let versions: [PythonVersion]

    /// Makes a compiler.
    ///
    /// - Parameter versions: The versions to cover; by default all that are supported.
    public init(versions: [PythonVersion] = PythonVersion.supported) {
        self.versions = versions.sorted()
    }

    /// What holds on one version of Python, the conditions decided and the rules named.
    public static func resolve(
        _ policy: Policy, on version: PythonVersion
    ) -> SandboxRestrictions {
        Resolver(policy: policy).restrictions(on: version)
    }

    /// Compiles a policy.
    ///
    /// - Throws: ``PolicyError`` with every fault that was found.
    public func compile(_ policy: Policy) throws(PolicyError) -> CompiledPolicy {
        try compile(parts(of: policy), name: policy.name)
    }

    /// Checks a policy without compiling it; what is worth knowing although it is no error.
    ///
    /// - Throws: ``PolicyError`` with every fault that was found.
    package func check(_ policy: Policy) throws(PolicyError) -> [Diagnostic] {
        try RestrictionCheck(parts: parts(of: policy)).run()
    }

    /// What the topmost layer of a policy without errors could leave out, sorted by place.
    package func idleDeclarations(of policy: Policy) -> [IdleDeclaration] {
        guard let layer = policy.layers.last else { return [] }
        return IdleCheck(layer: layer, parts: parts(of: policy)).run()
    }

    private func parts(of policy: Policy) -> [Part] {
        let resolver = Resolver(policy: policy)
        return resolver.ranges(of: versions).map { range in
            Part(versions: range, restrictions: resolver.restrictions(on: range.lowerBound))
        }
    }

    /// Compiles what holds on every version alike.
    ///
    /// - Throws: ``PolicyError`` with every fault that was found.
    public func compile(
        _ restrictions: SandboxRestrictions, name: String
    ) throws(PolicyError) -> CompiledPolicy {
        guard let first = versions.first, let last = versions.last else {
            return try compile([], name: name)
        }
        return try compile([Part(versions: first...last, restrictions: restrictions)], name: name)
    }

    /// What holds on a range of versions.
    struct Part {
        var versions: ClosedRange<PythonVersion>
        var restrictions: SandboxRestrictions
    }

    private func compile(_ parts: [Part], name: String) throws(PolicyError) -> CompiledPolicy {
        let warnings = try RestrictionCheck(parts: parts).run()
        var names = NameTable()
        var rules = RuleTable()
        var automaton = Automaton()
        var roots: [ImageEmitter.Root] = []
        for part in parts {
            roots.append(part.root(&names, &rules, &automaton))
        }
        var emitter = ImageEmitter(
            automaton: automaton, names: names, rules: rules, roots: roots, policyName: name)
        try RestrictionCheck.checkLimits(
            rules: rules.entries.count, names: emitter.nameCount, cells: emitter.cellCount,
            outcomes: automaton.outcomes.count)
        let image = emitter.emit()
        guard !emitter.isOverfull else { throw RestrictionCheck.overfull() }
        let proof = try Proof(parts: parts, rules: rules).run(image)
        return CompiledPolicy(
            image: image, warnings: warnings,
            statistics: CompiledPolicy.Statistics(
                rules: rules.entries.count, states: automaton.states.count,
                cells: emitter.cellCount, strings: emitter.stringBytes, bytes: image.count,
                roots: roots.count, provenCases: proof))
    }
}

extension PolicyCompiler.Part {
    /// Builds the states of the three sets.
    fileprivate func root(
        _ names: inout NameTable, _ rules: inout RuleTable, _ automaton: inout Automaton
    ) -> ImageEmitter.Root {
        let layers = restrictions.layers
        let exceptions = layers.map { layer in
            var trie = PathTrie()
            for unrestriction in layer.unrestrictions {
                trie.insert(unrestriction.path.map { names.number($0) })
            }
            return trie
        }
        func build(_ matcher: (SandboxRestrictions.Layer) -> SandboxMatcher) -> Int32 {
            var graph = MatcherGraph()
            let roots = layers.map { layer in
                graph.add(matcher(layer), prefix: "", leaf: "", names: &names, rules: &rules)
            }
            var product = LayerProduct(graph: graph, exceptions: exceptions)
            return product.build(roots: roots, into: &automaton)
        }
        let members = build { $0.invalidModuleMembers }
        let modules = build { $0.invalidModules }
        var passthrough = PathTrie()
        for module in restrictions.passthroughModules.sorted() {
            passthrough.insert(
                module.split(separator: ".", omittingEmptySubsequences: false)
                    .map { names.number(String($0)) })
        }
        return ImageEmitter.Root(
            first: versions.lowerBound, last: versions.upperBound, flags: flags,
            members: members, modules: modules, passthrough: automaton.add(passthrough))
    }

    private var flags: UInt32 {
        var flags =
            UInt32(restrictions.importNotificationPolicy.rawValue & 7)
            << RootFlags.notificationShift
        if restrictions.passthroughAllModules { flags |= RootFlags.passesAllThrough }
        if restrictions.lazySysModulesPassthrough { flags |= RootFlags.lazySysModules }
        return flags
    }
}
