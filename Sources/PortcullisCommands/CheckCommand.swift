internal import ArgumentParser
internal import PolicyAnalysis
internal import PolicyCompiler
internal import PolicyModel
internal import PolicyXML

/// `portcullis check`: all that is wrong with policies, without writing anything.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say everything that is wrong with policies",
        discussion: """
            Reads and compiles each policy and writes nothing. Every fault is named with
            its file, line and column, all of them at once.

              portcullis check policies/*.xml
              portcullis check policy.xml --format sarif > policy.sarif
              portcullis check policy.xml --resolved > flat.xml

            --resolved prints one policy with everything that it extends as one file,
            layer by layer, each rule with the place that it comes from in a comment. It
            decides exactly as the policy does.
            """)

    @Argument(
        help: ArgumentHelp("The policies to check.", valueName: "policy"),
        completion: .policy)
    var policies: [String]

    @Option(help: ReportFormat.help)
    var format: ReportFormat = .human

    @Flag(help: "Print the policy with all that it extends as one file.")
    var resolved = false

    @Option(help: DayOption.help, transform: DayOption.read)
    var date: CalendarDay?

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        let today = try date ?? DayOption.today()
        if resolved { return try printResolved(today: today) }
        let progress = Progress("policies", isBusy: true)
        let results = policies.map { path in
            defer { progress.advance() }
            return CheckResult(path: path, today: today)
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

    func validate() throws {
        if resolved, policies.count != 1 || format != .human {
            throw ValidationError("--resolved takes one policy, and prints it as XML")
        }
    }

    /// Prints a policy without errors as one file; its faults go to standard error.
    private func printResolved(today: CalendarDay) throws {
        try reporting(.human) { () throws(CommandError) in
            for path in policies {
                let file = try PolicyFile(path)
                for warning in try CheckResult.warnings(of: file, today: today) {
                    StandardStream.error.write(warning)
                }
                StandardStream.output.write(PolicyWriter.flattened(try file.read().policy))
            }
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

    init(path: String, today: CalendarDay) {
        self.path = path
        do {
            let file = try PolicyFile(path)
            switch file.kind {
            case .source: diagnostics = try Self.warnings(of: file, today: today)
            case .image: _ = try file.image()
            }
        } catch {
            self.error = error
            diagnostics = error.diagnostics
        }
    }

    /// The warnings; throws the errors, exceptions past their last day among them.
    static func warnings(
        of file: PolicyFile, today: CalendarDay
    ) throws(CommandError) -> [Diagnostic] {
        let reading = try file.read()
        let warnings = try file.compiled(reading).warnings
        let expired = reading.policy.layers.flatMap { layer in
            Linter.expiredExceptions(in: layer, today: today).map(\.diagnostic)
        }
        guard expired.isEmpty else {
            throw .diagnostics(PolicyError(warnings + file.shown(expired)))
        }
        return warnings
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
