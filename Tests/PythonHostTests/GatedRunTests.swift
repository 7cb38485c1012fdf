import Foundation
import PolicyCompiler
import PolicyXML
import Testing

@testable import PythonHost

/// The chain as a worker uses it: the default policy, a runner, a violation, the fix.
@Suite struct GatedRunTests {
    private let scratch: ScratchFolder
    private let runner: WorkflowRunner

    init() throws {
        scratch = try ScratchFolder()
        runner = try WorkflowRunner(
            try PythonInterpreter.start(), policy: .image(try Self.image.get()))
    }

    private static let image = Result<[UInt8], any Error> {
        let source = try #require(ShippedPolicy.source(named: "default.xml"))
        let reading = try PolicyReader().read(bytes: source, named: "default.xml")
        return try PolicyCompiler().compile(reading.policy).image
    }

    private static let workflow = """
        from datetime import datetime

        from portcullis import workflow


        @workflow.defn
        class Clock:
            @workflow.run
            async def run(self) -> int:
                return datetime.now().year
        """

    private func outcome(of text: String, file: String = "clock.py") throws -> WorkflowOutcome {
        try runner.run(file: try scratch.write(file, text)).outcome
    }

    @Test func aViolationIsTypedAndTheFixedFileRuns() throws {
        guard case .violation(let violation) = try outcome(of: Self.workflow) else {
            Issue.record("nothing was refused")
            return
        }
        #expect(violation.qualifiedName == "datetime.datetime.now.__call__")
        #expect(violation.callerLocation == "\(scratch.path)/clock.py:10")
        #expect(violation.policyLocation?.contains(".xml:") == true)
        #expect(violation.rule?.isEmpty == false)
        #expect(violation.nextStep?.isEmpty == false)
        #expect(violation.trace.map(\.function) == ["run"])

        let fixed = Self.workflow.replacing("datetime.now()", with: "workflow.now()")
        #expect(try outcome(of: fixed) == .completed("2024"))
    }

    @Test func anImageFromAFileHoldsLikeOneInMemory() throws {
        let file = "\(scratch.path)/default.policybc"
        try Data(try Self.image.get()).write(to: URL(fileURLWithPath: file))
        let runner = try WorkflowRunner(try PythonInterpreter.start(), policy: .file(file))
        let run = try runner.run(file: try scratch.write("clock.py", Self.workflow))
        guard case .violation = run.outcome else {
            Issue.record("\(run.outcome)")
            return
        }
    }

    @Test func theUnsandboxedRunnerRunsTheSameFile() throws {
        let runner = try WorkflowRunner(try PythonInterpreter.start(), policy: .unsandboxed)
        let run = try runner.run(file: try scratch.write("clock.py", Self.workflow))
        guard case .completed = run.outcome else {
            Issue.record("\(run.outcome)")
            return
        }
    }

    @Test func manyRunsFromManyThreadsAreEachRefused() async throws {
        let file = try scratch.write("clock.py", Self.workflow)
        let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask { [runner] in
                    if case .violation = try runner.run(file: file).outcome { true } else { false }
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(refused == 16)
    }
}
