internal import ArgumentParser
internal import PolicyModel
internal import PythonHost

/// For whom `portcullis test` writes.
enum TestReportFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case human, json, sarif, github, junit
}

/// `portcullis test`: whether policies decide as their tests expect.
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests of policies",
        discussion: """
            Tests are XML files beside the policy: paths with the decision that is
            expected, modules that are passed through, Python code that must run or must
            be stopped at a rule. Of a folder, all files are run; without arguments, those
            of policies/tests or tests.

              portcullis test
              portcullis test policies/tests --coverage --threshold 100
              portcullis test tests/orders.xml --format junit

            Python code is run as `portcullis run` runs it, and left out where there is no
            Python. Coverage counts the rules and exceptions of the policy's own file.

            Exit code 1: a test fails, or the coverage is below the threshold.
            """)

    @Argument(
        help: ArgumentHelp("Files or folders of tests.", valueName: "file"),
        completion: .file(extensions: ["xml"]))
    var files: [String] = []

    @Flag(help: "Name every rule and exception that no test exercises.")
    var coverage = false

    @Flag(help: "Count also the rules and exceptions of extended policies.")
    var extended = false

    @Option(help: ArgumentHelp("The least coverage, 0 to 100.", valueName: "percent"))
    var threshold: Int?

    @Option(
        help: ArgumentHelp(
            "The interpreter or its environment; by default $VIRTUAL_ENV, .venv or python3.",
            valueName: "path"),
        completion: .file())
    var python: String?

    @Flag(help: "Fail where there is no Python for the tests that need one.")
    var requirePython = false

    @Option(help: "For whom to write: human, json, sarif, github or junit.")
    var format: TestReportFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func validate() throws {
        if let threshold, !(0...100).contains(threshold) {
            throw ValidationError("the threshold \(threshold) is not between 0 and 100")
        }
    }

    func run() throws {
        try reporting(format == .human || format == .junit ? .human : .json) {
            () throws(CommandError) in
            let report = try finishedReport()
            switch format {
            case .human: report.print()
            case .json: StandardStream.output.write(report.json)
            case .sarif: StandardStream.output.write(report.diagnosticReport.sarif)
            case .github: StandardStream.output.write(report.diagnosticReport.workflowCommands)
            case .junit: StandardStream.output.write(report.junit)
            }
            if let status = report.status { throw .reported(status) }
        }
    }

    private func finishedReport() throws(CommandError) -> TestReport {
        let snippets = SnippetRunner(python: python)
        var policies: [String: TestedPolicy] = [:]
        var suites: [TestSuite] = []
        let progress = Progress("tests")
        for file in try TestFiles.found(files) {
            suites.append(
                TestSuite(
                    file: file, policies: &policies, snippets: snippets, progress: progress))
        }
        progress.finish()
        // An interpreter that was asked for by name must be there.
        if let fault = snippets.fault, requirePython || python != nil { throw .host(fault) }
        let isCounted = coverage || extended || threshold != nil
        return TestReport(
            suites: suites,
            coverages: isCounted
                ? policies.values.map { PolicyCoverage($0, all: extended) }
                    .sorted { $0.policy < $1.policy } : [],
            threshold: threshold, pythonFault: snippets.fault?.message)
    }
}
