import PolicyRuntime
import PythonHost

// Dependent IMAGE WORKFLOW: decides with the matcher alone, then runs a workflow in a sandbox.
let image = try PolicyImage.load(file: CommandLine.arguments[1])
let restrictions = try image.restrictions(for: (3, 11))
switch restrictions.members.decide(dottedPath: "os.getcwd", context: .runtimeUse) {
case .allow: print("os.getcwd allowed")
case .restricted(let rule): print("os.getcwd", restrictions.rule(rule).id)
}

let interpreter = try PythonInterpreter.start()
let runner = try WorkflowRunner(interpreter, policy: .file(CommandLine.arguments[1]))
let run = try runner.run(file: CommandLine.arguments[2], input: ["30"])
switch run.outcome {
case .completed(let result): print("completed", result)
case .violation(let violation): print("violation", violation.message)
case .continuedAsNew, .failed, .pending: print("something else")
}
