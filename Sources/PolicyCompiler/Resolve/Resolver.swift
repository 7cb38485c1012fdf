internal import PolicyModel

/// Turns a policy's layers, with all their conditions, into what holds on one version of Python.
struct Resolver {
    let policy: Policy

    /// What holds on `version`.
    func restrictions(on version: PythonVersion) -> SandboxRestrictions {
        var restrictions = SandboxRestrictions()
        for layer in policy.layers {
            restrictions.layers.append(
                SandboxRestrictions.Layer(
                    invalidModules: matcher(layer.invalidModules, version),
                    invalidModuleMembers: matcher(layer.invalidModuleMembers, version),
                    unrestrictions: layer.unrestrictions.filter { $0.condition.contains(version) }))
            for declaration in layer.passthroughModules
            where declaration.condition.contains(version) {
                switch declaration.subject {
                case .module(let name): restrictions.passthroughModules.insert(name)
                case .standardLibrary:
                    restrictions.passthroughModules.formUnion(
                        StandardLibrary.moduleNames(for: version))
                case .allModules: restrictions.passthroughAllModules = true
                }
            }
            for declaration in layer.importNotificationPolicy
            where declaration.condition.contains(version) {
                if declaration.value {
                    restrictions.importNotificationPolicy.formUnion(declaration.flags)
                } else {
                    restrictions.importNotificationPolicy.subtract(declaration.flags)
                }
            }
            if let lazy = layer.lazySysModulesPassthrough {
                restrictions.lazySysModulesPassthrough = lazy
            }
        }
        return restrictions
    }

    /// The ranges of versions for which every condition says the same, oldest first.
    func ranges(of versions: [PythonVersion]) -> [ClosedRange<PythonVersion>] {
        let conditions = allConditions()
        var ranges: [ClosedRange<PythonVersion>] = []
        var signatures: [[Bool]] = []
        var libraries: [[String]] = []
        for version in versions {
            let signature = conditions.map { $0.contains(version) }
            let library = usesStandardLibrary ? StandardLibrary.moduleNames(for: version) : []
            if let last = ranges.last, signatures.last == signature, libraries.last == library {
                ranges[ranges.count - 1] = last.lowerBound...version
            } else {
                ranges.append(version...version)
                signatures.append(signature)
                libraries.append(library)
            }
        }
        return ranges
    }

    private var usesStandardLibrary: Bool {
        policy.layers.contains { layer in
            layer.passthroughModules.contains { $0.subject == .standardLibrary }
        }
    }

    private func allConditions() -> [PythonVersionCondition] {
        var conditions: Set<PythonVersionCondition> = []
        // Most hold on every version, and need no place in the set.
        func insert(_ condition: PythonVersionCondition) {
            if !condition.clauses.isEmpty { conditions.insert(condition) }
        }
        func add(_ declarations: [MatcherDeclaration]) {
            for declaration in declarations {
                insert(declaration.condition)
                for exclusion in declaration.exclusions { insert(exclusion.condition) }
                add(declaration.children)
            }
        }
        for layer in policy.layers {
            add(layer.invalidModules)
            add(layer.invalidModuleMembers)
            conditions.formUnion(layer.passthroughModules.map(\.condition))
            conditions.formUnion(layer.unrestrictions.map(\.condition))
            conditions.formUnion(layer.importNotificationPolicy.map(\.condition))
        }
        conditions.remove(PythonVersionCondition())
        return Array(conditions)
    }

    private func matcher(
        _ declarations: [MatcherDeclaration], _ version: PythonVersion
    ) -> SandboxMatcher {
        var matcher = SandboxMatcher()
        add(declarations, to: &matcher, path: "", version)
        return matcher
    }

    private func add(
        _ declarations: [MatcherDeclaration], to matcher: inout SandboxMatcher, path: String,
        _ version: PythonVersion
    ) {
        for declaration in declarations where declaration.condition.contains(version) {
            let name = declaration.name
            let full = path.isEmpty ? name : "\(path).\(name)"
            func rule(_ kind: String) -> Rule {
                var rule = declaration.rule
                if rule.id.isEmpty { rule.id = "\(full)#\(kind)" }
                // Reading a name has no arguments: it is denied as if none were named.
                if kind == "access" { rule.arguments = nil }
                return rule
            }
            guard !declaration.isWhole else {
                // It speaks of the matcher itself.
                merge(
                    declaration, into: &matcher,
                    matchSelf: declaration.kinds.contains(.matchSelf) ? rule("self") : nil,
                    path: path, version)
                continue
            }
            // The first declaration of a name stands; a second one is an error of its own.
            if declaration.kinds.contains(.access), matcher.access[name] == nil {
                matcher.access[name] = rule("access")
            }
            if declaration.kinds.contains(.use), matcher.use[name] == nil {
                matcher.use[name] = rule("use")
            }
            let hasNode =
                !declaration.kinds.isDisjoint(with: [.node, .matchSelf])
                || !declaration.children.isEmpty || !declaration.exclusions.isEmpty
            guard hasNode else { continue }
            // `default:` mutates in place, so that large matchers are not copied.
            merge(
                declaration, into: &matcher.children[name, default: SandboxMatcher()],
                matchSelf: declaration.kinds.contains(.matchSelf) ? rule("self") : nil,
                path: full, version)
        }
    }

    private func merge(
        _ declaration: MatcherDeclaration, into node: inout SandboxMatcher, matchSelf: Rule?,
        path: String, _ version: PythonVersion
    ) {
        if declaration.onlyRuntime { node.onlyRuntime = true }
        if node.matchSelf == nil { node.matchSelf = matchSelf }
        for exclusion in declaration.exclusions where exclusion.condition.contains(version) {
            node.exclude.updateValue(exclusion.location, forKey: exclusion.name)
        }
        add(declaration.children, to: &node, path: path, version)
    }
}
