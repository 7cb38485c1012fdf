import PolicyRuntime

/// Runs workflows, each in a sandbox of its own, under one policy.
///
/// A run needs no Temporal server: timers fire at once on a virtual clock, stubs answer activities.
///
/// ```swift
/// let interpreter = try PythonInterpreter.start()
/// let runner = try WorkflowRunner(interpreter, policy: .file("default.policybc"))
/// let run = try runner.run(file: "greeting.py", input: [#""Ada""#])
/// switch run.outcome {
/// case .completed(let result): print(result)
/// case .violation(let violation): print(violation.message)
/// case .continuedAsNew, .failed, .pending: break
/// }
/// ```
public struct WorkflowRunner: Sendable {
    /// Where the policy comes from.
    public enum Policy: Sendable {
        /// A compiled policy in memory.
        case image([UInt8])
        /// The path of a compiled policy, a `.policybc` file.
        case file(String)
        /// No policy and no sandbox: the whole worker runs unrestricted.
        case unsandboxed
    }

    private let interpreter: PythonInterpreter
    private let image: [UInt8]?

    /// Makes a runner; a policy is verified here, before any workflow runs.
    ///
    /// - Throws: ``PythonHostError`` with the code `policy-not-usable` or `gate-not-loadable`.
    public init(_ interpreter: PythonInterpreter, policy: Policy) throws(PythonHostError) {
        self.interpreter = interpreter
        image = try policy.verifiedImage()
        if image != nil, let fault = interpreter.gateFault { throw .gateNotLoadable(fault) }
    }

    /// Runs a workflow to its end, or to where it waits for what nothing answers.
    ///
    /// The file and what it imports are executed anew for every run. Runs of one process take turns.
    ///
    /// - Parameters:
    ///   - file: The path of the Python file.
    ///   - workflow: The name of the workflow or of its class; needed if the file has several.
    ///   - input: The arguments, a JSON text each.
    ///   - stubs: The results of activities and child workflows by name, a JSON text each.
    ///   - audit: Whether what the policy denies goes on and is recorded.
    ///   - reportLeaks: Whether ``WorkflowRun/leaks`` tells what the run tried to write on the host.
    /// - Throws: ``PythonHostError`` if the workflow cannot be run at all.
    public func run(
        file: String, workflow: String? = nil, input: [String] = [], stubs: [String: String] = [:],
        audit: Bool = false, reportLeaks: Bool = false
    ) throws(PythonHostError) -> WorkflowRun {
        let request = RunRequest(
            file: file, workflow: workflow, input: input, stubs: stubs, unsandboxed: image == nil,
            audit: audit, reportLeaks: reportLeaks)
        let response = try interpreter.respond(to: try request.text(), image: image)
        return try RunResponse(response).run()
    }

    /// Measures what the imports of a workflow file cost each run, module by module.
    ///
    /// The workflow is run once, to see what it writes in its modules. The file is executed some
    /// dozens of times, so this takes seconds.
    ///
    /// - Returns: The profile, or how executing the file failed.
    /// - Throws: ``PythonHostError`` if the file cannot be executed at all.
    public func profile(
        file: String, workflow: String? = nil, input: [String] = [], stubs: [String: String] = [:]
    ) throws(PythonHostError) -> Result<ImportProfile, WorkflowRun.Unprofiled> {
        let request = RunRequest(
            file: file, workflow: workflow, input: input, stubs: stubs, unsandboxed: false,
            profile: true)
        let response = try interpreter.respond(to: try request.text(), image: image)
        return try RunResponse(response).profiled()
    }
}

extension WorkflowRunner.Policy {
    fileprivate func verifiedImage() throws(PythonHostError) -> [UInt8]? {
        do {
            switch self {
            case .unsandboxed:
                return nil
            case .image(let bytes):
                _ = try PolicyImage(copying: bytes)
                return bytes
            case .file(let path):
                return try PolicyImage.load(file: path).withBytes { Array($0) }
            }
        } catch {
            throw .policyNotUsable(String(describing: error))
        }
    }
}
