internal import PolicyModel

extension LayerBuilder {
    typealias Matchers = (
        declarations: [MatcherDeclaration], exclusions: [MatcherDeclaration.Exclusion]
    )

    /// Reads the modules, members and exclusions in an element.
    ///
    /// - Parameters:
    ///   - path: The names that lead to `node`.
    ///   - node: Where what is declared is written down for later checks.
    mutating func matchers(
        in parent: Element, _ place: Place, _ condition: PythonVersionCondition, _ path: [String],
        _ node: DeclaredNode
    ) -> Matchers {
        var found: Matchers = ([], [])
        for element in parent.children where accept(element, in: place, under: parent) {
            switch element.name {
            case "when":
                let inner = matchers(in: element, place, when(element, condition), path, node)
                found.declarations += inner.declarations
                found.exclusions += inner.exclusions
            case "exclude":
                if let exclusion = exclusion(element, condition, node) {
                    found.exclusions.append(exclusion)
                }
            default:
                if let declaration = declaration(element, place, condition, path, node) {
                    found.declarations.append(declaration)
                }
            }
        }
        return found
    }

    private mutating func exclusion(
        _ element: Element, _ condition: PythonVersionCondition, _ node: DeclaredNode
    ) -> MatcherDeclaration.Exclusion? {
        guard let name = segments(of: element, "name", wildcard: true, dotted: false)?.first else {
            return nil
        }
        if name == "*" {
            faults.warn(
                "exclude-wildcard", "this excludes only a member that is called `*`",
                at: valueRange(element, "name"),
                notes: [.init("`exclude` takes names literally")])
        }
        let mark = Mark(element: element, mask: condition.mask)
        if let first = node.exclusions[name]?.first(where: { $0.overlaps(mark) }) {
            duplicate("duplicate-exclude", "\(quoted(name)) is excluded twice", mark, first)
        }
        if mark.mask != 0 { node.exclusions[name, default: []].append(mark) }
        return MatcherDeclaration.Exclusion(name, condition: condition, location: element.location)
    }

    /// Reads one `module` or `member`; a dotted name becomes nodes inside one another.
    private mutating func declaration(
        _ element: Element, _ place: Place, _ condition: PythonVersionCondition, _ path: [String],
        _ parent: DeclaredNode
    ) -> MatcherDeclaration? {
        guard
            let names = segments(
                of: element, "name", wildcard: true, dotted: element.name == "module"),
            let name = names.last
        else {
            // What is inside still deserves its diagnostics.
            _ = matchers(in: element, place.inside(element.name), condition, path, DeclaredNode())
            return nil
        }
        guard path.count + names.count <= ReadingLimits.pathLength else {
            fault(
                "nesting-too-deep", "a path has more than \(ReadingLimits.pathLength) names",
                element
            )
            return nil
        }
        var owner = parent
        for name in names.dropLast() { owner = owner.child(name) }
        let node = owner.child(name)
        let inside = matchers(
            in: element, place.inside(element.name), condition, path + names, node)
        var declared = MatcherDeclaration(
            name: name, kinds: [], onlyRuntime: onlyRuntime(element), rule: rule(element),
            children: inside.declarations, exclusions: inside.exclusions, condition: condition)
        let isModuleList = place == .invalidModules || place == .invalidModule
        declared.kinds = kinds(of: element, declared, isModuleList: isModuleList)
        checkKinds(declared, element, owner, isModuleList: isModuleList)
        record(declared, element, node)
        for name in names.dropLast().reversed() {
            declared = MatcherDeclaration(
                name: name, kinds: .node, rule: Rule(id: "", location: element.location),
                children: [declared], condition: condition)
        }
        return declared
    }

    /// What a section says about everything in it: a declaration without a name, or none.
    mutating func whole(
        _ element: Element, _ inside: Matchers, _ condition: PythonVersionCondition,
        _ node: DeclaredNode
    ) -> [MatcherDeclaration] {
        guard !element.attributes.isEmpty || !inside.exclusions.isEmpty else { return [] }
        var declared = MatcherDeclaration(
            name: "", kinds: .node, onlyRuntime: onlyRuntime(element), rule: rule(element),
            exclusions: inside.exclusions, condition: condition)
        let kinds = kinds(of: element, declared, isModuleList: false)
        if !kinds.isDisjoint(with: [.access, .use]) {
            faultInValue(
                "bad-value", "\(quoted(element.name)) has no name that is accessed or used",
                element, "match", notes: [.init("match=\"self\" matches everything")])
        }
        guard kinds.contains(.matchSelf) else {
            for attribute in Vocabulary.ruleAttributes where element[attribute] != nil {
                faultInValue(
                    "rule-without-match",
                    "\(quoted(attribute)) needs a match, and \(quoted(element.name)) has none",
                    element, attribute, notes: [.init("match=\"self\" matches everything")])
            }
            return [declared]
        }
        declared.kinds.insert(.matchSelf)
        let mark = Mark(element: element, mask: condition.mask)
        if let first = node.marks[.matchSelf].first(where: { $0.overlaps(mark) }) {
            duplicate(
                "duplicate-section", "\(quoted(element.name)) matches everything twice", mark, first
            )
        }
        node.record(mark, .matchSelf)
        return [declared]
    }

    // MARK: - How a name matches

    private mutating func kinds(
        of element: Element, _ declared: MatcherDeclaration, isModuleList: Bool
    ) -> MatcherDeclaration.Kinds {
        var kinds: MatcherDeclaration.Kinds = []
        if let text = element["match"] {
            for word in text.split(whereSeparator: { $0 == " " || $0.isWhitespace }) {
                switch word {
                case "access": kinds.insert(.access)
                case "use": kinds.insert(.use)
                case "self": kinds.insert(.matchSelf)
                default:
                    let guess = nearest(to: String(word), among: ["access", "use", "self"])
                    faultInValue(
                        "bad-value", "\(quoted(word)) is not a way to match", element, "match",
                        notes: [
                            .init(
                                guess.map { "did you mean \(quoted($0))?" }
                                    ?? "it may be `access`, `use`, `self` or several of them")
                        ])
                }
            }
        } else if isModuleList, declared.children.isEmpty, declared.exclusions.isEmpty {
            // What is on the list of invalid modules is invalid, unless only some of it is listed.
            kinds = declared.onlyRuntime ? .matchSelf : .access
        }
        let hasNode =
            kinds.isEmpty || kinds.contains(.matchSelf) || declared.onlyRuntime
            || !declared.children.isEmpty || !declared.exclusions.isEmpty
        if hasNode { kinds.insert(.node) }
        return kinds
    }

    /// Says what about an element can have no effect.
    private mutating func checkKinds(
        _ declared: MatcherDeclaration, _ element: Element, _ owner: DeclaredNode,
        isModuleList: Bool
    ) {
        let hasInside = !declared.children.isEmpty || !declared.exclusions.isEmpty
        let matches = !declared.kinds.subtracting(.node).isEmpty
        if !matches, !faultyElements.contains(element.ordinal) {
            for attribute in Vocabulary.ruleAttributes where element[attribute] != nil {
                faultInValue(
                    "rule-without-match",
                    "\(quoted(attribute)) needs a match, and \(quoted(declared.name)) has none",
                    element, attribute, notes: [.init("add match=\"use\" or match=\"access\"")])
            }
            let isEmpty = element.children.isEmpty && element["match"] == nil
            if isEmpty, owner.children["*"]?.marks[.node].isEmpty ?? true {
                faults.warn(
                    "element-without-effect", "\(quoted(declared.name)) matches nothing",
                    at: tagRange(element),
                    notes: [
                        .init(
                            "add match=\"use\" or match=\"access\", or match=\"\" if that is meant")
                    ])
            }
        }
        if declared.onlyRuntime, !hasInside, !declared.kinds.contains(.matchSelf), matches {
            faults.warn(
                "only-without-effect",
                "`only` has no effect: it speaks of the matcher of \(quoted(declared.name)), "
                    + "not of its `access` or `use`", at: valueRange(element, "only"),
                notes: [.init("put it on the element around, or use match=\"self\"")])
        }
        if element["arguments"] != nil, matches,
            declared.kinds.isDisjoint(with: [.use, .matchSelf])
        {
            faultInValue(
                "arguments-without-use", "`arguments` speaks of calls, which `access` does not see",
                element, "arguments", notes: [.init("add match=\"use\" or match=\"self\"")])
        }
        if isModuleList, declared.kinds.contains(.use) {
            faults.warn(
                "unreachable-rule", "`use` never matches in `invalid-modules`",
                at: valueRange(element, "match"), notes: [.init("an import is an access")])
        }
    }

    /// Writes a declaration down, and says if the same was declared before.
    private mutating func record(
        _ declared: MatcherDeclaration, _ element: Element, _ node: DeclaredNode
    ) {
        var kinds: [DeclaredNode.Kind] = []
        if declared.kinds.contains(.access) { kinds.append(.access) }
        if declared.kinds.contains(.use) { kinds.append(.use) }
        if declared.kinds.contains(.matchSelf) {
            kinds.append(.matchSelf)
        } else if declared.kinds.contains(.node) {
            kinds.append(.node)
        }
        let mark = Mark(element: element, mask: declared.condition.mask)
        var isReported = false
        for kind in kinds {
            if !isReported, let first = node.marks[kind].first(where: { $0.overlaps(mark) }) {
                isReported = true
                duplicate(
                    "duplicate-\(element.name)",
                    "\(quoted(element["name"] ?? "")) is declared twice",
                    mark, first)
            }
            node.record(mark, kind)
        }
    }

    /// Records a rule that no path ever reaches.
    mutating func unreachable(_ found: DeclaredNode.Unreachable) {
        faults.warn(
            "unreachable-rule",
            "\(quoted(found.rule.element["name"] ?? "")) can never match: \(found.reason)",
            at: tagRange(found.rule.element),
            notes: [.init("because of this", at: found.cause.location)])
    }
}
