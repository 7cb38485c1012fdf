public import PolicyRuntime

/// Why a path is allowed or not: the walk, the rule, where it is written, what would change it.
public struct Explanation: Sendable {
    /// Over which edge a segment led.
    public enum Way: String, Hashable, Sendable {
        /// The policy names the segment here.
        case named
        /// The policy has a wildcard here.
        case wildcard
        /// The policy says nothing about it here.
        case unknown
    }

    /// One segment of the walk.
    public struct Step: Sendable {
        /// The path up to and with this segment.
        public var path: String
        /// The segment.
        public var segment: String
        /// Over which edge it led.
        public var way: Way
        /// Where it led.
        public var step: PolicyRuntime.Step
    }

    /// The segments of the path.
    public let path: [String]
    /// When and how it is touched.
    public let context: MatchContext
    /// The walk, up to the segment at which it was decided.
    public let steps: [Step]
    /// The decision.
    public let decision: Decision
    /// The rule, if one matches.
    public let rule: RuleRecord?
    /// The decisions in all four contexts, in the order of `MatchContext.rawValue`.
    public let decisions: [Decision]

    /// Explains the decision of `matcher`.
    public init(_ matcher: Matcher, path: [String], context: MatchContext) {
        var steps: [Step] = []
        var state = matcher.root
        walk: for (depth, segment) in path.enumerated() {
            let number = matcher.segmentID(segment)
            let edge = matcher.edge(state, number)
            let other = matcher.edge(state, .other)
            let way: Way =
                edge.isExplicit ? .named : other.stop == 15 ? .unknown : .wildcard
            let step = matcher.step(state, number, context: context)
            steps.append(
                Step(
                    path: path[...depth].joined(separator: "."), segment: segment, way: way,
                    step: step))
            guard case .next(let child) = step else { break walk }
            state = child
        }
        self.path = path
        self.context = context
        self.steps = steps
        decision = matcher.decide(segments: path, context: context)
        rule = decision.rule.map { matcher.rule($0) }
        decisions = (0..<4).map { number in
            matcher.decide(segments: path, context: MatchContext(rawValue: number))
        }
    }

    /// What would change the decision, each as one line.
    public var remedies: [String] {
        guard let rule else { return [] }
        var remedies: [String] = []
        if let instead = rule.instead { remedies.append("write `\(instead)` instead") }
        if let arguments = rule.arguments, context.isUse {
            remedies.append("call it with more than \(Disassembly.counted(arguments))")
        }
        remedies.append(
            "add `<unrestrict path=\"\(path.joined(separator: "."))\" because=\"...\"/>` to a "
                + "policy that extends this one")
        let reading = MatchContext(runtime: context.isRuntime, use: false)
        if context.isUse, decisions[Int(reading.rawValue)].isAllowed {
            remedies.append("only using it is restricted, reading it is not")
        }
        let importing = MatchContext(runtime: false, use: context.isUse)
        if context.isRuntime, decisions[Int(importing.rawValue)].isAllowed {
            remedies.append("it is restricted at run time only, not while importing")
        }
        return remedies
    }

    /// The explanation for people.
    public var text: String {
        let when = Disassembly.contexts[Int(context.rawValue)]
        var lines = ["\(path.joined(separator: ".")) (\(when)): \(verdict)"]
        for step in steps {
            let way =
                switch step.way {
                case .named: "named by the policy"
                case .wildcard: "covered by a wildcard"
                case .unknown: "not mentioned"
                }
            let result =
                switch step.step {
                case .matched: "a rule matches"
                case .stopped: "nothing matches here or below"
                case .next: "goes on"
                }
            lines.append("  \(step.path): \(way), \(result)")
        }
        if case .next? = steps.last?.step {
            lines.append(
                "  the path ends here: \(decision.isAllowed ? "no rule" : "a rule") matches")
        }
        guard let rule else { return lines.joined(separator: "\n") + "\n" }
        lines.append("  rule `\(rule.id)` for `\(rule.path)`" + place(rule))
        if let arguments = rule.arguments {
            lines.append("    holds for calls \(Disassembly.calls(withAtMost: arguments))")
        }
        for (label, note) in [
            ("message", rule.message), ("because", rule.because), ("see", rule.see),
        ] {
            if let note { lines.append("    \(label): \(note)") }
        }
        lines.append("  what would change it:")
        lines += remedies.map { "    - \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private var verdict: String {
        guard let rule else { return "allowed" }
        switch rule.effect {
        case .deny: return "denied"
        case .warn: return "allowed with a warning (\(rule.warningCategory ?? "UserWarning"))"
        case .audit: return "allowed and recorded"
        }
    }

    private func place(_ rule: RuleRecord) -> String {
        rule.location.map { ", written at \($0)" } ?? ""
    }
}
