internal import ArgumentParser
internal import PolicyAnalysis
internal import PolicyModel

/// `portcullis lint`: what is valid and still not what an author wants.
struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Find what policies say in vain, too broadly or by mistake",
        discussion: """
            Finds rules that never decide or that another rule, a wildcard or the extended
            policy repeats, exclusions and passthrough lines without an effect, names that
            no supported Python has, rules and exceptions that are too broad, and
            exceptions without a reason or past their last day. A rule counts as
            superfluous when every decision stays the same without it.

              portcullis lint policies/*.xml
              portcullis lint policy.xml --fix

            A policy allows what is meant, with a reason:

              <lint><allow code="broad-exception" path="gettext" because="..."/></lint>

            --fix removes what can go without changing a decision, keeps comments, and
            proves the file equivalent before it replaces it.

            Exit codes: 0 nothing found; 1 a policy has errors; 2 a file is at fault; 4
            something was found; 64 the command line is wrong.
            """)

    @Argument(
        help: ArgumentHelp("The policies to look at, .xml.", valueName: "policy"),
        completion: .file(extensions: ["xml"]))
    var policies: [String]

    @Flag(help: "Remove what can go without changing a decision.")
    var fix = false

    @Option(help: DayOption.help, transform: DayOption.read)
    var date: CalendarDay?

    @Option(help: ReportFormat.help)
    var format: ReportFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let today = try date ?? DayOption.today()
        let results = policies.map { LintResult(path: $0, fix: fix, today: today) }
        switch format {
        case .human: for result in results { result.print() }
        case .json:
            StandardStream.output.write(.object([("policies", .array(results.map(\.json)))]))
        case .sarif: StandardStream.output.write(report(results).sarif)
        case .github: StandardStream.output.write(report(results).workflowCommands)
        }
        let worst = results.compactMap(\.status).max { $0.gravity < $1.gravity }
        if let worst { throw ExitCode(worst.rawValue) }
    }

    private func report(_ results: [LintResult]) -> DiagnosticReport {
        DiagnosticReport(
            diagnostics: results.flatMap(\.diagnostics),
            failures: results.compactMap(\.error).filter(\.diagnostics.isEmpty),
            rules: LintRule.allCases.map {
                DiagnosticReport.Rule(
                    code: $0.rawValue, summary: $0.summary, explanation: $0.explanation)
            })
    }
}

extension ExitStatus {
    /// What a command that looked at several files tells of them: a finding says the least.
    fileprivate var gravity: Int32 { self == .findings ? 0 : rawValue }
}

/// What lint found in one policy.
private struct LintResult {
    var path: String
    var findings: [LintFinding] = []
    var diagnostics: [Diagnostic] = []
    var fixed = 0
    var error: CommandError?

    init(path: String, fix: Bool, today: CalendarDay) {
        self.path = path
        do {
            let file = try PolicyFile(path)
            if fix { fixed = try LintRepair(file: file, today: today).run() }
            findings = try file.lintFindings(try file.read(), today: today)
            diagnostics = file.shown(findings.map(\.diagnostic))
        } catch {
            self.error = error
            diagnostics = error.diagnostics
        }
    }

    var status: ExitStatus? {
        if let error { return error.status }
        if diagnostics.contains(where: { $0.severity == .error }) { return .diagnostics }
        return diagnostics.isEmpty ? nil : .findings
    }

    func print() {
        for diagnostic in diagnostics {
            StandardStream.error.write(diagnostic)
        }
        if let error, error.diagnostics.isEmpty {
            StandardStream.error.write("portcullis: \(error.message)\n")
            return
        }
        let repaired = fixed == 0 ? "" : "\(fixed) fixed, "
        let found = diagnostics.isEmpty ? "nothing found" : Tally(diagnostics).description
        StandardStream.output.write("\(path): \(repaired)\(found)\n")
    }

    var json: JSONValue {
        let fixable = findings.map { $0.removal != nil }
        let found = diagnostics.enumerated().map { number, diagnostic -> JSONValue in
            guard case .object(let members) = diagnostic.json, number < fixable.count else {
                return diagnostic.json
            }
            return .object(members + [("fixable", .boolean(fixable[number]))])
        }
        var members: [(String, JSONValue)] = [
            ("policy", .string(path)), ("fixed", .integer(fixed)), ("findings", .array(found)),
        ]
        if let error { members.append(("error", error.jsonFault)) }
        return .object(members)
    }
}
