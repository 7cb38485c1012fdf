internal import ArgumentParser
internal import PolicyAnalysis
internal import PolicyModel
internal import PolicyRuntime

/// `portcullis explain`: why one path is allowed or not.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show how a policy decides about one path",
        discussion: """
            Prints the steps of the walk, the rule that matches, where it is written, and
            what would change the decision.

              portcullis explain policy.xml os.getcwd
              portcullis explain policy.xml os.getcwd --phase import
              portcullis explain policy.xml requests --set modules --phase import

            Without options: a member, used at run time, on the newest Python.
            """)

    @Argument(
        help: ArgumentHelp("A policy, .xml or .policybc.", valueName: "policy"),
        completion: .policy)
    var policy: String

    @Argument(help: ArgumentHelp("A dotted path, for example os.getcwd.", valueName: "path"))
    var path: String

    @Option(help: "Which rules to ask: members or modules.")
    var set: RuleSet = .members

    @Option(help: "When: import or runtime.")
    var phase: QueryPhase = .runtime

    @Option(help: "How: access or use.")
    var operation: QueryOperation = .use

    @Option(
        help: ArgumentHelp("For which Python, by default the newest.", valueName: "version"),
        transform: PythonVersion.option)
    var python: PythonVersion = .newest

    @Option(help: "For whom to write: human or json.")
    var format: OutputFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(format) { () throws(CommandError) in
            let matcher = try PolicyFile(policy).image().matcher(set, for: python, of: policy)
            let explanation = Explanation(
                matcher,
                path: path.split(separator: ".", omittingEmptySubsequences: false).map(String.init),
                context: MatchContext(runtime: phase == .runtime, use: operation == .use))
            switch format {
            case .human: StandardStream.output.write(explanation.text)
            case .json: StandardStream.output.write(explanation.json)
            }
        }
    }
}

extension Explanation {
    /// The explanation for programs.
    fileprivate var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("path", .array(path.map { .string($0) })),
            ("phase", .string(context.isRuntime ? "runtime" : "import")),
            ("operation", .string(context.isUse ? "use" : "access")),
            ("decision", .string(rule?.effect.word ?? "allow")),
            ("steps", .array(steps.map(\.json))),
        ]
        if let rule {
            members += [("rule", .string(rule.id)), ("rule_path", .string(rule.path))]
            let texts = [
                ("message", rule.message), ("warning", rule.warningCategory),
                ("because", rule.because), ("see", rule.see), ("instead", rule.instead),
                ("location", rule.location),
            ]
            for (name, text) in texts where text != nil { members.append((name, .optional(text))) }
            if let arguments = rule.arguments {
                members.append(("arguments", .integer(arguments)))
            }
        }
        members.append(("remedies", .array(remedies.map { .string($0) })))
        return .object(members)
    }
}

extension Explanation.Step {
    fileprivate var json: JSONValue {
        let result =
            switch step {
            case .matched: "match"
            case .stopped: "stop"
            case .next: "next"
            }
        return .object([
            ("path", .string(path)), ("way", .string(way.rawValue)), ("result", .string(result)),
        ])
    }
}
