import Foundation
import Testing

@testable import PythonHost

/// One interpreter serves the process, whatever these tests run in: they need a CPython that can be
/// embedded, and nothing in it.
@Suite struct WorkflowRunnerTests {
    private let scratch: ScratchFolder
    private let runner: WorkflowRunner

    init() throws {
        scratch = try ScratchFolder()
        runner = try WorkflowRunner(try PythonInterpreter.start(), policy: .unsandboxed)
    }

    private static let greeting = """
        import asyncio
        import warnings
        from dataclasses import dataclass
        from datetime import timedelta

        from portcullis import workflow

        @dataclass
        class Person:
            name: str
            mood: str = "fine"

        @workflow.defn
        class Greeting:
            @workflow.run
            async def run(self, person: Person) -> dict:
                started = workflow.time()
                await asyncio.sleep(3600)
                if person.mood == "curious":
                    warnings.warn("asking")
                    person.mood = await workflow.execute_activity(
                        "ask", person.name, start_to_close_timeout=timedelta(seconds=5))
                if person.mood == "again":
                    workflow.continue_as_new(args=[{"name": person.name}])
                if person.mood == "bad":
                    raise RuntimeError("in a bad mood")
                return {"greeting": f"hello {person.name}", "hours": (workflow.time() - started) / 3600}
        """

    private func greet(_ mood: String, stubs: [String: String] = [:]) throws -> WorkflowRun {
        let file = try scratch.write("greeting.py", Self.greeting)
        return try runner.run(
            file: file, workflow: "Greeting", input: [#"{"name": "Ada", "mood": "\#(mood)"}"#],
            stubs: stubs)
    }

    @Test func aWorkflowCompletes() throws {
        let outcome = try greet("fine").outcome
        guard case .completed(let json) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(value?["greeting"] as? String == "hello Ada")
        #expect(value?["hours"] as? Double == 1)
    }

    @Test func anActivityWithoutAStubIsPending() throws {
        let run = try greet("curious")
        #expect(run.outcome == .pending(["activity `ask`: no stub answers it"]))
        #expect(run.warnings.map(\.message) == ["asking"])
        #expect(run.warnings.first?.category == "UserWarning")
        #expect(run.warnings.first?.line == 20)
    }

    @Test func aStubAnswersAnActivity() throws {
        let run = try greet("curious", stubs: ["ask": #""again""#])
        guard case .continuedAsNew("Greeting", let input) = run.outcome else {
            Issue.record("\(run.outcome)")
            return
        }
        #expect(input.map { $0.filter { $0 != " " } } == [#"{"name":"Ada"}"#])
    }

    @Test func aFailedTaskTellsWhereInTheFile() throws {
        guard case .failed(let failure) = try greet("bad").outcome else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.kind == .task)
        #expect(failure.type == "RuntimeError")
        #expect(failure.message == "in a bad mood")
        #expect(failure.trace.map(\.line) == [26])
    }

    @Test func theFixedFileRuns() throws {
        let file = try scratch.write(
            "fixed.py",
            Self.greeting.replacingOccurrences(of: "return {", with: "return undefined or {"))
        let input = [#"{"name": "Ada"}"#]
        guard case .failed = try runner.run(file: file, input: input).outcome else {
            Issue.record("it did not fail")
            return
        }
        try scratch.write("fixed.py", Self.greeting)
        guard case .completed = try runner.run(file: file, input: input).outcome else {
            Issue.record("it did not complete")
            return
        }
    }

    @Test func faultsOfTheFileAreTyped() throws {
        let broken = try scratch.write("broken.py", "def f(:\n")
        let error = #expect(throws: PythonHostError.self) { try runner.run(file: broken) }
        #expect(error?.code == .syntaxError)
        #expect(error?.line == 1)
        let missing = #expect(throws: PythonHostError.self) {
            try runner.run(file: "\(scratch.path)/none.py")
        }
        #expect(missing?.code == .fileNotReadable)
    }

    @Test func runsFromManyThreads() async throws {
        let file = try scratch.write("greeting.py", Self.greeting)
        let outcomes = try await withThrowingTaskGroup(of: WorkflowOutcome.self) { group in
            for _ in 0..<8 {
                group.addTask { [runner] in
                    try runner.run(file: file, input: [#"{"name": "Ada"}"#]).outcome
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count == 8)
        #expect(Set(outcomes.map(String.init(describing:))).count == 1)
    }

    @Test func theSameInterpreterIsGivenAgain() throws {
        let first = try PythonInterpreter.start()
        #expect(try PythonInterpreter.start(first.executable) === first)
    }

    @Test func aSecondInterpreterIsRefused() throws {
        let first = try PythonInterpreter.start()
        let other = "\(scratch.path)/python3"
        try FileManager.default.createSymbolicLink(
            atPath: other, withDestinationPath: first.executable)
        let error = #expect(throws: PythonHostError.self) { try PythonInterpreter.start(other) }
        #expect(error?.code == .otherInterpreter)
        #expect(error?.message.contains("start another process") == true)
    }

    @Test(arguments: [[UInt8](), Array("not an image at all, whatever it is called".utf8)])
    func aBrokenImageIsRefusedBeforeAnythingRuns(bytes: [UInt8]) throws {
        let interpreter = try PythonInterpreter.start()
        let error = #expect(throws: PythonHostError.self) {
            try WorkflowRunner(interpreter, policy: .image(bytes))
        }
        #expect(error?.code == .policyNotUsable)
        let missing = #expect(throws: PythonHostError.self) {
            try WorkflowRunner(interpreter, policy: .file("\(scratch.path)/none.policybc"))
        }
        #expect(missing?.code == .policyNotUsable)
        #expect(missing?.message.contains("none.policybc") == true)
    }
}
