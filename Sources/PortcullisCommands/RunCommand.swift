internal import ArgumentParser
internal import PythonHost

/// `portcullis run`: one workflow in a fresh sandbox, without a server.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a workflow in a fresh sandbox",
        discussion: """
            Runs the workflow of a Python file under a policy and prints its result as
            JSON. No server is needed: timers fire at once on a virtual clock, stubs
            answer activities, and what is left pending is listed.

              portcullis run greeting.py --input '"Ada"' --stub greet='"Hello"'

            What the policy forbids stops the workflow: the rule, where it is written,
            the place in the workflow's file and the next step are printed, and the exit
            code is 3. Without --policy, the default policy holds.

            With --audit, what the policy forbids is written to a file, a JSON object a
            line, and the workflow goes on. `portcullis suggest` reads that file.

            With --report-leaks, what the run tried to write on modules, classes, containers
            and registries of the host is listed by file and line: `private` to the run,
            `ignored`, `stopped` or `reached`. The exit code is that of the run, and 3 if
            something reached the host.
            """)

    @OptionGroup var workflow: WorkflowOptions

    @Flag(help: "Run without a sandbox and without a policy.")
    var unsandboxed = false

    @Option(
        help: ArgumentHelp("Record what the policy forbids, and let it go on.", valueName: "log"))
    var audit: String?

    @Flag(help: "List what the run tried to write on the host.")
    var reportLeaks = false

    @Option(help: "For whom to write: human or json.")
    var format: OutputFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(format) { () throws(CommandError) in
            let run = try finishedRun()
            try writeAudit(run.audit)
            switch format {
            case .human: run.print()
            case .json: StandardStream.output.write(run.json)
            }
            // The run's own report has said why.
            if run.outcome.isFailure || run.hasReachedHost { throw .reported(.workflow) }
        }
    }

    private func finishedRun() throws(CommandError) -> WorkflowRun {
        if unsandboxed && workflow.policy != nil {
            throw .usage("`--unsandboxed` runs without a policy; leave one of the two out")
        }
        if unsandboxed && audit != nil {
            throw .usage("`--unsandboxed` runs without a policy, so there is nothing to audit")
        }
        if unsandboxed && reportLeaks {
            throw .usage("`--unsandboxed` isolates nothing; leave it or `--report-leaks` out")
        }
        return try workflow.withRunner(isSandboxed: !unsandboxed) {
            runner, stubs throws(PythonHostError) in
            try runner.run(
                file: workflow.file, workflow: workflow.workflow, input: workflow.input,
                stubs: stubs, audit: audit != nil, reportLeaks: reportLeaks)
        }
    }

    private func writeAudit(_ entries: [String]) throws(CommandError) {
        guard let audit else { return }
        let text = entries.map { $0 + "\n" }.joined()
        try OutputFile(path: audit).replace(with: Array(text.utf8))
        let count = entries.count == 1 ? "1 access" : "\(entries.count) accesses"
        StandardStream.error.write(
            "audit: \(count) that the policy forbids, written to `\(audit)`\n")
    }
}

extension CommandError {
    /// A workflow that could not be run at all.
    static func host(_ error: PythonHostError) -> CommandError {
        CommandError(
            status: error.code == .badInput ? .usage : .environment, code: error.code.rawValue,
            message: error.description)
    }
}
