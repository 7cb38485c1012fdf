package import PolicyModel
package import PolicyRuntime

/// The rules of an image by the names that authors give them: ids, and places as `file:line`.
package struct RuleNames {
    private let rules: [RuleRecord]
    private let numbers: [String: [RuleID]]

    /// Reads the names of all rules.
    package init(_ image: PolicyImage) {
        let matcher = image.restrictions(root: 0)?.members
        rules = (0..<image.ruleCount).compactMap { matcher?.rule(RuleID(rawValue: UInt32($0))) }
        var numbers: [String: [RuleID]] = [:]
        for rule in rules {
            numbers[rule.id, default: []].append(rule.index)
            if let place = Self.place(of: rule) { numbers[place, default: []].append(rule.index) }
        }
        self.numbers = numbers
    }

    /// All rules, by number.
    package var all: [RuleRecord] { rules }

    /// The record of a rule.
    package subscript(_ id: RuleID) -> RuleRecord? {
        rules.indices.contains(Int(id.rawValue)) ? rules[Int(id.rawValue)] : nil
    }

    /// The rules that a name means; one may be written in several layers.
    package func rules(named name: String) -> [RuleID] { numbers[name] ?? [] }

    /// The rule of an id that is written at `file:line:column`.
    package func rule(id: String, location: String?) -> RuleID? {
        rules(named: id).first { self[$0]?.location == location }
    }

    /// An error for a name that no rule has.
    package func fault(of name: PolicyTest.RuleName) -> Diagnostic? {
        guard rules(named: name.text).isEmpty else { return nil }
        let near = Spelling.nearest(to: name.text, among: Set(numbers.keys))
        return Diagnostic(
            .error, code: "unknown-rule", message: "the policy has no rule `\(name.text)`",
            at: name.place, notes: near.map { [Diagnostic.Note("did you mean `\($0)`?")] } ?? [])
    }

    private static func place(of rule: RuleRecord) -> String? {
        rule.file.map { "\($0):\(rule.line)" }
    }
}

extension RuleRecord {
    /// The rule as messages name it.
    package var shown: String { "`\(id)`" + (location.map { " at \($0)" } ?? "") }

    /// Where it is written.
    package var sourceLocation: SourceLocation? {
        guard let file, line > 0 else { return nil }
        return SourceLocation(file: file, line: line, column: column)
    }
}
