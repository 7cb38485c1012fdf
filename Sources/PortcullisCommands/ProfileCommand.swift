internal import ArgumentParser
internal import PythonHost

/// `portcullis profile`: what the imports of a workflow cost every run.
struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Show what the imports of a workflow cost each run",
        discussion: """
            Each run of a workflow executes anew what the policy does not pass through.
            This measures it, module by module: the time, the memory, and what speaks
            against sharing the module. Then it tries which packages save most when they
            are passed through.

              portcullis profile orders.py
              portcullis profile orders.py --policy orders.xml --html orders.html

            A module that is passed through costs a run nothing, but it is shared and
            trusted: what one run writes in it the next one sees, and what its code calls
            is not gated. The workflow is run once to see what it writes; `--input` and
            `--stub` are for that, as in `portcullis run`.
            """)

    @Argument(
        help: ArgumentHelp("The Python file of the workflow.", valueName: "file"),
        completion: .file(extensions: ["py"]))
    var file: String

    @Option(help: ArgumentHelp("Which workflow, if the file has several.", valueName: "name"))
    var workflow: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("An argument of the workflow; repeat for more.", valueName: "json"))
    var input: [String] = []

    @Option(
        help: ArgumentHelp("A policy, .xml or .policybc.", valueName: "policy"),
        completion: .policy)
    var policy: String?

    @Option(
        help: ArgumentHelp(
            "The interpreter or its environment; by default $VIRTUAL_ENV, .venv or python3.",
            valueName: "path"),
        completion: .file())
    var python: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("What an activity returns; repeat for more.", valueName: "name=json"))
    var stub: [String] = []

    @Option(
        help: ArgumentHelp("Write a page for a browser as well.", valueName: "page"),
        completion: .file(extensions: ["html"]))
    var html: String?

    @Option(help: "For whom to write: human or json.")
    var format: OutputFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(format) { () throws(CommandError) in
            switch try measured() {
            case .success(let profile):
                if let html {
                    let page = ProfilePage(profile, file: file).text
                    try OutputFile(path: html).replace(with: Array(page.utf8))
                }
                switch format {
                case .human: StandardStream.output.write(profile.table(of: file))
                case .json: StandardStream.output.write(profile.json)
                }
            case .failure(let unprofiled):
                switch format {
                case .human: unprofiled.run.print()
                case .json: StandardStream.output.write(unprofiled.run.json)
                }
                throw .reported(.workflow)
            }
        }
    }

    private func measured() throws(CommandError) -> Result<ImportProfile, WorkflowRun.Unprofiled> {
        try PolicyFile.requireFile(file)
        let stubs = try namedStubs(stub)
        let policy = try WorkflowRunner.Policy.named(policy)
        // Seconds pass, in which the interpreter has the process to itself.
        let isWatched = Terminal.isTerminal(.error)
        if isWatched { StandardStream.error.write("measuring \(file) ...") }
        defer { if isWatched { StandardStream.error.write("\r\u{1B}[K") } }
        do {
            let interpreter = try PythonInterpreter.start(python)
            let runner = try WorkflowRunner(interpreter, policy: policy)
            return try runner.profile(file: file, workflow: workflow, input: input, stubs: stubs)
        } catch {
            throw .host(error)
        }
    }
}
