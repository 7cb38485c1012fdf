internal import PolicyModel
internal import PolicyRuntime

extension PolicyDifference {
    /// The differences for people.
    ///
    /// - Parameters:
    ///   - old: What the old policy is called.
    ///   - new: What the new policy is called.
    public func text(old: String, new: String) -> String {
        var lines = ["--- \(old)", "+++ \(new)"]
        for subject in Subject.allCases {
            let own = changes.filter { $0.subject == subject }
            lines += section("\(subject)", own.filter(\.changesDecision))
            lines += section(
                "\(subject): the same decision with another id or text",
                own.filter { !$0.changesDecision })
        }
        if !settings.isEmpty { lines += ["", "settings"] }
        for setting in settings {
            lines.append(
                "  \(setting.name) (\(Self.list(setting.versions))): \(setting.old) -> \(!setting.old)"
            )
        }
        for (versions, name) in [(versionsOfOldOnly, old), (versionsOfNewOnly, new)]
        where !versions.isEmpty {
            lines += ["", "only \(name) covers \(Self.list(versions))"]
        }
        return (lines + ["", summary]).joined(separator: "\n") + "\n"
    }

    /// One line: whether they are equivalent, and how many comparisons say so.
    public var summary: String {
        let cases = "\(comparedCases) decisions compared"
        let reworded = changes.count { !$0.changesDecision }
        guard isEquivalent else {
            let counts = Subject.allCases.compactMap { subject -> String? in
                let count = changes.count { $0.subject == subject && $0.changesDecision }
                return count == 0 ? nil : "\(count) in \(subject)"
            }
            let settings = settings.isEmpty ? [] : ["\(settings.count) in settings"]
            let all = counts + settings
            return
                "different: \(all.isEmpty ? "other versions" : all.joined(separator: ", ")); \(cases)"
        }
        let words = reworded == 0 ? "" : ", other ids or texts in \(reworded)"
        return "equivalent: \(cases), no difference\(words)"
    }

    private func section(_ title: String, _ changes: [Change]) -> [String] {
        guard !changes.isEmpty else { return [] }
        return ["", title] + changes.flatMap(\.lines)
    }

    /// Versions as ranges: `Python 3.10 to 3.12, 3.14`.
    static func list(_ versions: [PythonVersion]) -> String {
        var ranges: [ClosedRange<PythonVersion>] = []
        for version in versions {
            if let last = ranges.last, last.upperBound.major == version.major,
                last.upperBound.minor + 1 == version.minor
            {
                ranges[ranges.count - 1] = last.lowerBound...version
            } else {
                ranges.append(version...version)
            }
        }
        let texts = ranges.map { range in
            range.lowerBound == range.upperBound
                ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        }
        return "Python " + texts.joined(separator: ", ")
    }
}

extension PolicyDifference.Change {
    /// The paths as people write them.
    public var pathText: String {
        if path.isEmpty { return coversBelow ? "every path" : "the empty path" }
        let text = path.map(\.text).joined(separator: ".")
        return coversBelow ? "\(text) and below" : text
    }

    fileprivate var lines: [String] {
        ["  \(pathText)"] + path.compactMap(\.exceptions).map { "    except \($0)" }
            + aspects.flatMap(\.lines)
    }
}

extension PolicyDifference.Segment {
    /// The name, or `*`; the literal name `*` stands in quotes.
    fileprivate var text: String {
        switch self {
        case .any: "*"
        case .name("*"): "\"*\""
        case .name(let name): name
        }
    }

    /// The names that a wildcard does not stand for.
    fileprivate var exceptions: String? {
        guard case .any(let names) = self, !names.isEmpty else { return nil }
        return names.joined(separator: ", ")
    }
}

extension PolicyDifference.Aspect {
    fileprivate var lines: [String] {
        let versions = PolicyDifference.list(versions)
        let place = contexts.isEmpty ? versions : "\(Self.text(contexts)), \(versions)"
        return [
            "    \(place)", "      - \(old.text(contexts.isEmpty))",
            "      + \(new.text(contexts.isEmpty))",
        ]
    }

    /// Phases and operations, or the contexts one by one where they are no product of these.
    static func text(_ contexts: [MatchContext]) -> String {
        let phases = Set(contexts.map(\.isRuntime))
        let operations = Set(contexts.map(\.isUse))
        guard phases.count * operations.count == contexts.count else {
            return contexts.map { Disassembly.contexts[Int($0.rawValue)] }.joined(separator: ", ")
        }
        let phase =
            phases.count == 2 ? "import and runtime" : phases == [true] ? "runtime" : "import"
        let operation =
            operations.count == 2 ? "access and use" : operations == [true] ? "use" : "access"
        return "\(phase), \(operation)"
    }
}

extension PolicyDifference.Outcome {
    /// What happens and because of which rule.
    fileprivate func text(_ isPassthrough: Bool) -> String {
        switch self {
        case .allowed: return isPassthrough ? "not passed through" : "allowed"
        case .passedThrough: return "passed through"
        case .restricted(let rule):
            let calls = rule.arguments.map { ", calls \(Disassembly.calls(withAtMost: $0))" } ?? ""
            let place = rule.location.map { " (\($0))" } ?? ""
            return "\(rule.effect.participle(rule.warningCategory)) by `\(rule.id)`\(place)\(calls)"
        }
    }
}

extension RuleRecord.Effect {
    fileprivate func participle(_ category: String?) -> String {
        switch self {
        case .deny: "denied"
        case .warn: "warned of (\(category ?? "UserWarning"))"
        case .audit: "recorded"
        }
    }
}
