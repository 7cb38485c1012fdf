internal import ArgumentParser
internal import PolicyCompiler
internal import PolicyRuntime
internal import PythonHost

/// Which workflow is run, with what, under which policy and by which interpreter.
struct WorkflowOptions: ParsableArguments {
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

    /// Does something with a runner for the policy, and with the stubs by name.
    func withRunner<Value>(
        isSandboxed: Bool = true,
        _ work: (WorkflowRunner, [String: String]) throws(PythonHostError) -> Value
    ) throws(CommandError) -> Value {
        try PolicyFile.requireFile(file)
        let stubs = try namedStubs()
        let policy = isSandboxed ? try runnerPolicy() : .unsandboxed
        do {
            let interpreter = try PythonInterpreter.start(python)
            return try work(try WorkflowRunner(interpreter, policy: policy), stubs)
        } catch {
            throw .host(error)
        }
    }

    /// The policy that a person named, or else the default.
    private func runnerPolicy() throws(CommandError) -> WorkflowRunner.Policy {
        guard let policy else { return .image(try PolicyFile.compiledDefault().image) }
        return .image(try PolicyFile(policy).image().withBytes { Array($0) })
    }

    private func namedStubs() throws(CommandError) -> [String: String] {
        var stubs: [String: String] = [:]
        for text in stub {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw .usage("the stub `\(text)` is not of the form `NAME=JSON`")
            }
            let name = String(text[..<equals])
            guard stubs[name] == nil else { throw .usage("`\(name)` has two stubs") }
            stubs[name] = String(text[text.index(after: equals)...])
        }
        return stubs
    }
}
