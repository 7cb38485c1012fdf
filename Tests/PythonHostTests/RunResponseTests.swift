import Foundation
import Testing

@testable import PythonHost

@Suite struct RunResponseTests {
    private func outcome(_ text: String) throws -> WorkflowOutcome {
        try RunResponse(text).run().outcome
    }

    @Test func aViolationKeepsEverythingItSays() throws {
        let outcome = try outcome(
            """
            {"status": "failed", "kind": "violation", "warnings": [], "error": {
              "type": "RestrictedWorkflowAccessError", "message": "cannot", "text": "cannot ...",
              "qualified_name": "datetime.datetime.now.__call__", "rule": "datetime.now",
              "policy_location": "temporal-1.35.xml:12:5", "caller": "greeting.py:9",
              "next_step": "use `workflow.now()`",
              "trace": [{"file": "greeting.py", "line": 9, "function": "run", "source": "x"}]}}
            """)
        let frame = WorkflowFrame(file: "greeting.py", line: 9, function: "run", source: "x")
        let violation = Violation(
            qualifiedName: "datetime.datetime.now.__call__", rule: "datetime.now",
            policyLocation: "temporal-1.35.xml:12:5", callerLocation: "greeting.py:9",
            message: "cannot", nextStep: "use `workflow.now()`", trace: [frame])
        #expect(outcome == .violation(violation))
    }

    @Test(arguments: [
        ("file", PythonHostError.Code.fileNotReadable), ("syntax", .syntaxError),
        ("import", .importError), ("workflow", .noSuchWorkflow), ("input", .badInput),
        ("policy", .policyNotUsable), ("gate", .gateNotLoadable), ("internal", .internalFault),
    ])
    func everyFaultHasItsCode(kind: String, code: PythonHostError.Code) {
        let text = """
            {"status": "error", "kind": "\(kind)", "warnings": [],
             "error": {"message": "why", "file": "a.py", "line": 3}}
            """
        let error = #expect(throws: PythonHostError.self) { try outcome(text) }
        #expect(error?.code == code)
        #expect(error?.message.contains("why") == true)
        if kind == "syntax" { #expect(error?.description == "a.py:3: why") }
    }

    @Test(arguments: [
        "", "{}", #"{"status": "completed", "kind": "completed", "warnings": []}"#,
        #"{"status": "failed", "kind": "new", "warnings": [], "error": {"message": "x"}}"#,
    ])
    func whatIsNotUnderstoodIsADefect(text: String) {
        let error = #expect(throws: PythonHostError.self) { try outcome(text) }
        #expect(error?.code == .internalFault)
    }

    @Test func leaksAreToldOnlyIfTheyWereAskedFor() throws {
        let leak = """
            {"file": "a.py", "line": 3, "kind": "registry", "name": "x", "fate": "ignored"}
            """
        let start = #"{"status": "completed", "kind": "completed", "result": "1", "warnings": []"#
        #expect(try RunResponse(start + "}").run().leaks == nil)
        #expect(try RunResponse(start + #", "leaks": []}"#).run().leaks == [])
        let told = WorkflowLeak(file: "a.py", line: 3, kind: "registry", name: "x", fate: .ignored)
        #expect(try RunResponse(start + #", "leaks": [\#(leak)]}"#).run().leaks == [told])
        let unknown = leak.replacingOccurrences(of: "ignored", with: "lost")
        #expect(throws: PythonHostError.self) {
            try RunResponse(start + #", "leaks": [\#(unknown)]}"#)
        }
    }
}
