internal import PolicyModel

extension LayerBuilder {
    /// Whether an element's own matcher holds at run time only.
    mutating func onlyRuntime(_ element: Element) -> Bool {
        guard let text = element["only"] else { return false }
        if text != "runtime" {
            faultInValue(
                "bad-value", "\(quoted(text)) is not a phase", element, "only",
                notes: [.init("the only one is `runtime`")])
        }
        return true
    }

    /// What an element says about the paths that it matches.
    mutating func rule(_ element: Element) -> Rule {
        var rule = Rule(
            id: element["id"] ?? "", message: element["message"].flatMap { $0.isEmpty ? nil : $0 },
            because: element["because"], see: element["see"], instead: element["instead"],
            arguments: arguments(element), location: element.location)
        if let id = element["id"] { checkIdentifier(id, element) }
        if let text = element["effect"] {
            if let effect = Effect(rawValue: text) {
                rule.effect = effect
            } else {
                let guess = nearest(to: text, among: Effect.allCases.map(\.rawValue))
                faultInValue(
                    "bad-value", "\(quoted(text)) is not an effect", element, "effect",
                    notes: [
                        .init(
                            guess.map { "did you mean \(quoted($0))?" }
                                ?? "it may be `deny`, `warn` or `audit`")
                    ])
            }
        }
        if let warning = element["warning"] {
            if element["effect"] != nil, rule.effect != .warn {
                faultInValue(
                    "conflicting-attributes",
                    "`warning` means effect=\"warn\", not \(quoted(element["effect"] ?? ""))",
                    element, "warning")
            }
            checkWarning(warning, element)
            rule.effect = .warn
            rule.warningCategory = warning
        } else if rule.effect == .warn {
            rule.warningCategory = "UserWarning"
        }
        return rule
    }

    private mutating func arguments(_ element: Element) -> Int? {
        guard let text = element["arguments"] else { return nil }
        // Digits alone: `Int` would take a sign, and the schema takes no leading zeros.
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.count <= 2,
            text == "0" || text.utf8.first != 0x30, let count = Int(text),
            Rule.argumentLimits.contains(count)
        {
            return count
        }
        let limits = Rule.argumentLimits
        faultInValue(
            "bad-value", "\(quoted(text)) is not a number of arguments", element, "arguments",
            notes: [.init("it is a number from \(limits.lowerBound) to \(limits.upperBound)")])
        return nil
    }

    private mutating func checkIdentifier(_ id: String, _ element: Element) {
        if id.isEmpty || id.contains(where: \.isWhitespace) {
            faultInValue("bad-value", "an id is one word", element, "id")
        } else if let first = ids[id] {
            faultInValue(
                "duplicate-id", "the id \(quoted(id)) is taken", element, "id",
                notes: [.init("first here", at: first.location)])
        } else {
            ids[id] = element
        }
    }

    private mutating func checkWarning(_ name: String, _ element: Element) {
        if Vocabulary.warningClasses.contains(name) { return }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let isDotted =
            parts.count > 1
            && parts.allSatisfy { part in
                !part.isEmpty && !(part.first?.isNumber ?? true)
                    && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            }
        if isDotted { return }
        let guess = nearest(to: name, among: Vocabulary.warningClasses)
        faultInValue(
            "unknown-warning", "\(quoted(name)) is no warning class of Python", element, "warning",
            notes: [
                .init(
                    guess.map { "did you mean \(quoted($0))?" }
                        ?? "write a built-in one, or the full name as in `package.MyWarning`")
            ])
    }
}
