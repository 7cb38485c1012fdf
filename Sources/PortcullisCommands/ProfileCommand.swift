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

    @OptionGroup var workflow: WorkflowOptions

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
                    let page = ProfilePage(profile, file: workflow.file).text
                    try OutputFile(path: html).replace(with: Array(page.utf8))
                }
                switch format {
                case .human: StandardStream.output.write(profile.table(of: workflow.file))
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
        // Seconds pass, in which the interpreter has the process to itself.
        let isWatched = Terminal.isTerminal(.error)
        if isWatched { StandardStream.error.write("measuring \(workflow.file) ...") }
        defer { if isWatched { StandardStream.error.write("\r\u{1B}[K") } }
        return try workflow.withRunner { runner, stubs throws(PythonHostError) in
            try runner.profile(
                file: workflow.file, workflow: workflow.workflow, input: workflow.input,
                stubs: stubs)
        }
    }
}
