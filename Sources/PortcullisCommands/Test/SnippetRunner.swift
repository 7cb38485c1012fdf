internal import FoundationEssentials
internal import PolicyAnalysis
internal import PolicyModel
internal import PolicyRuntime
internal import PythonHost

/// Runs the Python code of tests, as `portcullis run` runs a workflow's file.
final class SnippetRunner {
    private let python: String?
    private var interpreter: Result<PythonInterpreter, PythonHostError>?
    private var folder: URL?

    init(python: String?) {
        self.python = python
    }

    deinit {
        if let folder { try? FileManager.default.removeItem(at: folder) }
    }

    /// Why code cannot be run here; nil if it can, or if nobody has tried.
    var fault: PythonHostError? {
        if case .failure(let error) = interpreter { error } else { nil }
    }

    private func start() throws(PythonHostError) -> PythonInterpreter {
        if let interpreter { return try interpreter.get() }
        let result: Result<PythonInterpreter, PythonHostError>
        do throws(PythonHostError) {
            result = .success(try PythonInterpreter.start(python))
        } catch {
            result = .failure(error)
        }
        interpreter = result
        return try result.get()
    }

    /// Runs a snippet under a policy.
    func run(
        _ test: PolicyTest, _ snippet: PolicyTest.Snippet, _ tested: TestedPolicy
    ) -> TestResult.Status {
        if let fault = snippet.rule.flatMap(tested.run.names.fault) { return .failed(fault) }
        let interpreter: PythonInterpreter
        do {
            interpreter = try start()
        } catch {
            return .skipped("no Python to run it")
        }
        guard let version = PythonVersion(interpreter.version), test.condition.contains(version)
        else { return .skipped("not for Python \(interpreter.version)") }
        let program = SnippetProgram(snippet.code)
        do {
            let runner = try WorkflowRunner(
                interpreter, policy: .image(tested.image.withBytes { Array($0) }))
            let run = try runner.run(file: try file(program.text))
            let verdict = SnippetVerdict(
                test: test, snippet: snippet, program: program, tested: tested)
            return verdict.status(run.outcome)
        } catch let error as PythonHostError {
            return .failed(
                Diagnostic(
                    .error, code: "snippet-not-runnable",
                    message: "the code cannot be run: \(error.message)", at: test.place))
        } catch {
            return .failed(
                Diagnostic(
                    .error, code: "snippet-not-runnable",
                    message: "the code cannot be written to a temporary file", at: test.place))
        }
    }

    /// Writes the program where Python finds it.
    private func file(_ text: String) throws -> String {
        let manager = FileManager.default
        let folder =
            self.folder
            ?? manager.temporaryDirectory.appending(path: "portcullis-\(UUID().uuidString)")
        if self.folder == nil {
            try manager.createDirectory(at: folder, withIntermediateDirectories: true)
            self.folder = folder
        }
        let file = folder.appending(path: "snippet.py")
        try Data(text.utf8).write(to: file)
        return file.path
    }
}

/// What the outcome of a run means for a test.
private struct SnippetVerdict {
    let test: PolicyTest
    let snippet: PolicyTest.Snippet
    let program: SnippetProgram
    let tested: TestedPolicy

    func status(_ outcome: WorkflowOutcome) -> TestResult.Status {
        switch outcome {
        case .violation(let violation): status(violation)
        case .completed, .continuedAsNew: ended()
        case .pending(let lines):
            failed(
                "snippet-pending", "the code waits for what nothing answers",
                lines.map { .init($0) })
        case .failed(let failure):
            failed(
                "snippet-failed", "the code fails: \(failure.type): \(failure.message)",
                place(failure.trace.last?.line).map { [.init("here", at: $0)] } ?? [])
        }
    }

    private func ended() -> TestResult.Status {
        guard let rule = snippet.rule else { return .passed([]) }
        return failed(
            "snippet-not-stopped",
            "the code runs to its end, but should be stopped at `\(rule.text)`")
    }

    private func status(_ violation: Violation) -> TestResult.Status {
        let found = violation.rule.flatMap {
            tested.run.names.rule(id: $0, location: violation.policyLocation)
        }
        let record = found.flatMap { tested.run.names[$0] }
        let line = PythonPlace(violation.callerLocation)?.line ?? violation.trace.last?.line
        let here: [Diagnostic.Note] =
            [.init("it may not use `\(violation.qualifiedName)`", at: place(line))]
            + (record.map { [.init("the rule is \($0.shown)")] } ?? [])
        guard let rule = snippet.rule else {
            return failed("snippet-stopped", "the code is stopped, but should run to its end", here)
        }
        guard let found, tested.run.names.rules(named: rule.text).contains(found) else {
            return failed(
                "wrong-rule", "the code is stopped by another rule than `\(rule.text)`", here)
        }
        if let path = snippet.path, path != violation.qualifiedName {
            return failed("wrong-path", "the code is stopped at another name than `\(path)`", here)
        }
        return .passed([found])
    }

    private func failed(
        _ code: String, _ message: String, _ notes: [Diagnostic.Note] = []
    ) -> TestResult.Status {
        .failed(Diagnostic(.error, code: code, message: message, at: test.place, notes: notes))
    }

    /// The place in the file of tests of a line of the program.
    private func place(_ line: Int?) -> SourceLocation? {
        guard let line, let origin = program.origin(of: line) else { return nil }
        return SourceLocation(
            file: test.place.location.file, line: snippet.line + origin, column: 1)
    }
}
