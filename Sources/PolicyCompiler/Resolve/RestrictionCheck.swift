internal import PolicyFormat
internal import PolicyModel

/// What a policy must not say, and what an image cannot hold.
struct RestrictionCheck {
    let parts: [PolicyCompiler.Part]

    /// The classes of warnings that every Python has as built-ins.
    static let warningCategories: Set<String> = [
        "Warning", "UserWarning", "DeprecationWarning", "PendingDeprecationWarning",
        "SyntaxWarning", "RuntimeWarning", "FutureWarning", "ImportWarning", "UnicodeWarning",
        "BytesWarning", "ResourceWarning", "EncodingWarning",
    ]

    /// Checks everything that can be checked before the automaton is built; the warnings.
    func run() throws(PolicyError) -> [Diagnostic] {
        guard !parts.isEmpty else {
            throw PolicyError([
                Diagnostic(.error, code: "no-python-version", message: "no Python version to cover")
            ])
        }
        var found: Set<Diagnostic> = []
        for part in parts {
            for layer in part.restrictions.layers {
                check(layer.invalidModules, path: [], &found)
                check(layer.invalidModuleMembers, path: [], &found)
                for unrestriction in layer.unrestrictions { check(unrestriction, &found) }
            }
            for module in part.restrictions.passthroughModules {
                let path = module.split(separator: ".", omittingEmptySubsequences: false)
                check(path.map(String.init), nil, &found)
            }
        }
        // Walking paths that are too deep would not end in reasonable time.
        if found.isEmpty { found.formUnion(ExceptionCheck(parts: parts).run()) }
        if found.contains(where: { $0.severity == .error }) { throw PolicyError(Array(found)) }
        return found.sorted()
    }

    private func check(_ matcher: SandboxMatcher, path: [String], _ found: inout Set<Diagnostic>) {
        if let rule = matcher.matchSelf { check(rule, path, &found) }
        for (name, rule) in matcher.access { check(rule, path + [name], &found) }
        for (name, rule) in matcher.use { check(rule, path + [name], &found) }
        for (name, location) in matcher.exclude { check(path + [name], location, &found) }
        guard path.count < ImageLimits.depth else {
            if !matcher.children.isEmpty { check(path + [""], location(of: matcher), &found) }
            return
        }
        for (name, child) in matcher.children {
            check([name], location(of: child), &found)
            check(child, path: path + [name], &found)
        }
    }

    private func location(of matcher: SandboxMatcher) -> SourceLocation? {
        var locations = matcher.access.values.compactMap(\.location)
        locations += matcher.use.values.compactMap(\.location)
        return matcher.matchSelf?.location ?? locations.min()
    }

    private func check(_ rule: Rule, _ path: [String], _ found: inout Set<Diagnostic>) {
        check(path.last.map { [$0] } ?? [], rule.location, &found)
        if path.count > ImageLimits.depth { check(path, rule.location, &found) }
        let texts = [
            rule.id, rule.message, rule.because, rule.see, rule.instead, rule.warningCategory,
            rule.location?.file,
        ]
        for text in texts {
            guard let text, text.utf8.count > ImageLimits.textBytes else { continue }
            found.insert(
                Diagnostic(
                    .error, code: "text-too-long",
                    message: "a text of \(text.utf8.count) bytes, more than "
                        + "\(ImageLimits.textBytes)", at: rule.location))
        }
        if let arguments = rule.arguments, !Rule.argumentLimits.contains(arguments) {
            found.insert(
                Diagnostic(
                    .error, code: "bad-arguments",
                    message: "`\(arguments)` is not a number of arguments from "
                        + "\(Rule.argumentLimits.lowerBound) to \(Rule.argumentLimits.upperBound)",
                    at: rule.location))
        }
        // A class of somebody's own has the name of its module before it.
        guard rule.effect == .warn, let category = rule.warningCategory, !category.contains("."),
            !RestrictionCheck.warningCategories.contains(category)
        else { return }
        let near = Spelling.nearest(to: category, among: RestrictionCheck.warningCategories)
        found.insert(
            Diagnostic(
                .error, code: "unknown-warning-category",
                message: "`\(category)` is not a built-in warning category", at: rule.location,
                notes: near.map { [Diagnostic.Note("did you mean `\($0)`?")] } ?? []))
    }

    private func check(_ unrestriction: Unrestriction, _ found: inout Set<Diagnostic>) {
        check(unrestriction.path, unrestriction.location, &found)
        guard unrestriction.path.contains(SandboxMatcher.wildcard) else { return }
        let path = unrestriction.path.joined(separator: ".")
        found.insert(
            Diagnostic(
                .error, code: "unrestrict-wildcard",
                message: "`\(path)` has a wildcard; an exception names one path and covers all "
                    + "below it", at: unrestriction.location))
    }

    private func check(
        _ path: [String], _ location: SourceLocation?, _ found: inout Set<Diagnostic>
    ) {
        if path.count > ImageLimits.depth {
            found.insert(
                Diagnostic(
                    .error, code: "path-too-deep",
                    message: "a path of more than \(ImageLimits.depth) segments", at: location))
        }
        for name in path where name.utf8.count > ImageLimits.nameBytes {
            found.insert(
                Diagnostic(
                    .error, code: "name-too-long",
                    message: "the name `\(name.prefix(40))...` has \(name.utf8.count) bytes, more "
                        + "than \(ImageLimits.nameBytes)", at: location))
        }
    }

    /// The error for texts that an image cannot hold.
    static func overfull() -> PolicyError {
        PolicyError([
            Diagnostic(
                .error, code: "policy-too-large",
                message: "the texts of the policy do not fit into an image")
        ])
    }

    /// Checks what is known only when the automaton is there.
    static func checkLimits(
        rules: Int, names: Int, cells: Int, outcomes: Int
    ) throws(PolicyError) {
        let limits = [
            ("rules", rules, ImageLimits.rules), ("names", names, ImageLimits.names),
            ("cells", cells, ImageLimits.cells),
            ("combinations of rules", outcomes, ImageLimits.outcomes),
        ]
        let broken = limits.filter { $0.1 > $0.2 }
        guard !broken.isEmpty else { return }
        throw PolicyError(
            broken.map { what, count, limit in
                Diagnostic(
                    .error, code: "policy-too-large",
                    message: "the policy needs \(count) \(what), an image holds \(limit)")
            })
    }
}
