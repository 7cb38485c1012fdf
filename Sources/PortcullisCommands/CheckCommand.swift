internal import ArgumentParser
internal import PolicyCompiler
internal import PolicyModel

/// `portcullis check`: all that is wrong with policies, without writing anything.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say everything that is wrong with policies",
        discussion: """
            Reads and compiles each policy and writes nothing. Every fault is named with
            its file, line and column, all of them at once.

              portcullis check policies/*.xml
            """)

    @Argument(
        help: ArgumentHelp("The policies to check.", valueName: "policy"),
        completion: .policy)
    var policies: [String]

    @Option(help: ReportFormat.help)
    var format: ReportFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let progress = Progress("policies", isBusy: true)
        let results = policies.map { path in
            defer { progress.advance() }
            return CheckResult(path: path)
        }
        progress.finish()
        switch format {
        case .human: for result in results { result.print() }
        case .json:
            StandardStream.output.write(
                .object([("policies", .array(results.map(\.json)))]))
        case .sarif: StandardStream.output.write(report(results).sarif)
        case .github: StandardStream.output.write(report(results).workflowCommands)
        }
        if let worst = results.compactMap(\.error?.status.rawValue).max() {
            throw ExitCode(worst)
        }
    }

    private func report(_ results: [CheckResult]) -> DiagnosticReport {
        DiagnosticReport(
            diagnostics: results.flatMap(\.diagnostics),
            failures: results.compactMap(\.error).filter(\.diagnostics.isEmpty))
    }
}

/// What the check of one policy found.
private struct CheckResult {
    var path: String
    var diagnostics: [Diagnostic] = []
    var error: CommandError?

    init(path: String) {
        self.path = path
        do {
            let file = try PolicyFile(path)
            switch file.kind {
            case .source: diagnostics = try file.compiled().warnings
            case .image: _ = try file.image()
            }
        } catch {
            self.error = error
            diagnostics = error.diagnostics
        }
    }

    func print() {
        for diagnostic in diagnostics {
            StandardStream.error.write(diagnostic)
        }
        switch error?.status {
        case nil:
            let found = diagnostics.isEmpty ? "no faults" : Tally(diagnostics).description
            StandardStream.output.write("\(path): \(found)\n")
        case .diagnostics: StandardStream.error.write("\(path): \(Tally(diagnostics))\n")
        default: StandardStream.error.write("portcullis: \(error?.message ?? "")\n")
        }
    }

    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("policy", .string(path)), ("diagnostics", .array(diagnostics.map(\.json))),
        ]
        if let error { members.append(("error", error.jsonFault)) }
        return .object(members)
    }
}
