package import PolicyModel
package import PolicyRuntime

/// Asks a policy what its tests expect, all but Python code.
package struct PolicyTestRun {
    /// What came of one test.
    package struct Outcome {
        /// What is wrong; nil: what was expected holds.
        package var fault: Diagnostic?
        /// The rules that decided as was expected.
        package var rules: Set<RuleID> = []
    }

    /// A decision that differs from what is expected.
    private struct Miss {
        var version: PythonVersion
        var context: AccessContext
        var rule: RuleRecord?
    }

    /// The rules of the policy.
    package let names: RuleNames
    private let restrictions: [(version: PythonVersion, value: Restrictions)]

    /// Makes a run on a compiled policy.
    package init(_ image: PolicyImage) {
        names = RuleNames(image)
        restrictions = PythonVersion.supported.compactMap { version in
            guard let value = try? image.restrictions(for: (version.major, version.minor)) else {
                return nil
            }
            return (version, value)
        }
    }

    /// Runs a test; nil if it is Python code, which needs an interpreter.
    package func run(_ test: PolicyTest) -> Outcome? {
        switch test.expectation {
        case .decision(let question, let effect, let rule):
            if let fault = rule.flatMap(names.fault) { return Outcome(fault: fault) }
            return run(test, question, effect, rule)
        case .passthrough(let module, let expected):
            let wrong = versions(of: test).filter { $0.value.isPassthrough(module) != expected }
            let found = expected ? "loaded anew for every run" : "passed through"
            let wanted = expected ? "passed through" : "loaded anew"
            return outcome(
                test, wrong, "wrong-passthrough",
                "`\(module)` is \(found), but should be \(wanted)")
        case .notification(let set, let clear):
            let wrong = versions(of: test).filter {
                let flags = ImportNotificationPolicy(rawValue: $0.value.importNotificationPolicy)
                return !flags.isSuperset(of: set) || !flags.isDisjoint(with: clear)
            }
            return outcome(
                test, wrong, "wrong-notification",
                "the import notification policy is another than the one expected")
        case .snippet: return nil
        }
    }

    private func versions(
        of test: PolicyTest
    ) -> [(version: PythonVersion, value: Restrictions)] {
        restrictions.filter { test.condition.contains($0.version) }
    }

    private func outcome(
        _ test: PolicyTest, _ wrong: [(version: PythonVersion, value: Restrictions)],
        _ code: String, _ message: String
    ) -> Outcome {
        guard !wrong.isEmpty else { return Outcome() }
        let versions = wrong.map(\.version.description).joined(separator: ", ")
        return Outcome(
            fault: Diagnostic(
                .error, code: code, message: message, at: test.place,
                notes: [.init("on Python \(versions)")]))
    }

    // MARK: - Decisions

    private func run(
        _ test: PolicyTest, _ question: PolicyTest.Question, _ effect: Effect?,
        _ rule: PolicyTest.RuleName?
    ) -> Outcome {
        let wanted = rule.map { Set(names.rules(named: $0.text)) }
        var found: Set<RuleID> = []
        var misses: [Miss] = []
        for (version, restrictions) in versions(of: test) {
            let matcher = question.isImport ? restrictions.modules : restrictions.members
            for context in question.contexts {
                let decision = matcher.decide(
                    segments: question.path, context: MatchContext(rawValue: context.rawValue)
                ).rule
                let record = decision.flatMap { names[$0] }
                let isRight =
                    record?.effect.word == effect?.rawValue
                    && (decision.map { wanted?.contains($0) ?? true } ?? true)
                if isRight {
                    if let decision { found.insert(decision) }
                } else {
                    misses.append(Miss(version: version, context: context, rule: record))
                }
            }
        }
        guard let first = misses.first else { return Outcome(rules: found) }
        return Outcome(fault: fault(test, question, effect, rule, first, misses), rules: found)
    }

    private func fault(
        _ test: PolicyTest, _ question: PolicyTest.Question, _ effect: Effect?,
        _ rule: PolicyTest.RuleName?, _ first: Miss, _ misses: [Miss]
    ) -> Diagnostic {
        let path = question.path.joined(separator: ".")
        let subject = question.isImport ? "the import of `\(path)`" : "`\(path)`"
        var notes: [Diagnostic.Note] = []
        if let record = first.rule { notes.append(.init("the rule is \(record.shown)")) }
        notes.append(.init(Self.places(misses, isImport: question.isImport)))
        let found = Self.word(first.rule?.effect.word)
        let isOtherRule = first.rule?.effect.word == effect?.rawValue
        let message =
            isOtherRule
            ? "\(subject) is \(found) by another rule than `\(rule?.text ?? "")`"
            : "\(subject) is \(found), but should be \(Self.word(effect?.rawValue))"
        return Diagnostic(
            .error, code: isOtherRule ? "wrong-rule" : "wrong-decision", message: message,
            at: test.place, notes: notes)
    }

    private static func word(_ effect: String?) -> String {
        switch effect {
        case "deny": "denied"
        case "warn": "warned of"
        case "audit": "audited"
        default: "allowed"
        }
    }

    /// On which Pythons, and when and how.
    private static func places(_ misses: [Miss], isImport: Bool) -> String {
        var versions: [PythonVersion] = []
        var contexts: [AccessContext] = []
        for miss in misses {
            if !versions.contains(miss.version) { versions.append(miss.version) }
            if !contexts.contains(miss.context) { contexts.append(miss.context) }
        }
        let ways = contexts.map { context in
            let phase = context.isRuntime ? "at run time" : "at import time"
            return isImport ? phase : (context.isUse ? "used " : "read ") + phase
        }
        return "on Python \(versions.map(\.description).joined(separator: ", ")), "
            + ways.joined(separator: " and ")
    }
}
