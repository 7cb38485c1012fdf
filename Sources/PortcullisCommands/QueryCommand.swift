internal import ArgumentParser
internal import PolicyModel

/// `portcullis query`: decisions for programs, a line each.
struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Answer questions to a policy, one JSON object a line",
        discussion: """
            Reads questions from standard input and writes one answer a line. A line that
            is not a question is answered with {"error":...}, and the stream goes on.

              echo '{"path":["os","getcwd"],"phase":"runtime","operation":"use"}' |
                  portcullis query policy.xml

            phase is import or runtime; operation is access (the value is read) or use
            (it is called, subscripted, ...). An answer holds decision (allow, deny, warn
            or audit) and, unless that is allow, rule, message, location and, for warn,
            the warning's class.
            """)

    @Argument(
        help: ArgumentHelp("A policy, .xml or .policybc.", valueName: "policy"),
        completion: .policy)
    var policy: String

    @Option(help: "Which rules to ask: members or modules.")
    var set: RuleSet = .members

    @Option(
        help: ArgumentHelp("For which Python, by default the newest.", valueName: "version"),
        transform: PythonVersion.option)
    var python: PythonVersion = .newest

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(.human) { () throws(CommandError) in
            let image = try PolicyFile(policy).image()
            let matcher = try image.matcher(set, for: python, of: policy)
            var answers = QueryAnswers(matcher: matcher)
            try answers.answerStandardInput()
        }
    }
}
