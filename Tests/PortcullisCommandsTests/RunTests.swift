import Foundation
import Testing

/// `portcullis run`, in a CPython that need not have temporalio.
@Suite(.serialized) struct RunTests {
    /// A workflow whose `run` has the given body.
    func workflow(_ body: String, imports: String = "") -> String {
        """
        from portcullis import workflow
        \(imports)

        @workflow.defn
        class Sample:
            @workflow.run
            async def run(self, name: str = "Ada") -> str:
                \(body)

        """
    }

    @Test func theResultIsJSONOnStandardOutput() throws {
        let folder = try Folder()
        try folder.write(workflow("return name + '!'"), to: "sample.py")
        let outcome = try Tool.run("run", "sample.py", "--input", "\"Bo\"", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output == "\"Bo!\"\n")
    }

    @Test func aViolationNamesRulePlaceAndNextStepAndTheFixedFileRuns() throws {
        let folder = try Folder()
        let imports = "import datetime"
        try folder.write(
            workflow("return str(datetime.datetime.now())", imports: imports), to: "sample.py")
        let stopped = try Tool.run("run", "sample.py", in: folder)
        #expect(stopped.status == 3, "\(stopped.error)")
        #expect(stopped.output == "")
        for word in [
            "datetime.datetime.now", "sample.py:8", "temporal-1.35.xml:", "^", "workflow.now()",
        ] {
            #expect(stopped.error.contains(word), "\(stopped.error)")
        }
        let document = try Tool.run("run", "sample.py", "--format", "json", in: folder)
        #expect(document.status == 3)
        #expect(document.error == "")
        #expect(document.document["status"] as? String == "failed")
        #expect(document.document["kind"] as? String == "violation")

        try folder.write(
            workflow("return str(workflow.now().year > 2000)", imports: imports), to: "sample.py")
        let fixed = try Tool.run("run", "sample.py", in: folder)
        #expect(fixed.status == 0, "\(fixed.error)")
        #expect(fixed.output == "\"True\"\n")
    }

    @Test func thePolicyThatIsNamedDecides() throws {
        let folder = try Folder()
        try folder.write(
            workflow(
                "return str(len(str(datetime.datetime.now())) > 0)", imports: "import datetime"),
            to: "sample.py")
        let exception = "<unrestrict path=\"datetime.datetime.now\" because=\"a test\"/>"
        try folder.write(
            policy(exception, attributes: "name=\"free\" extends=\"default.xml\""), to: "free.xml")
        #expect(try Tool.run("compile", "free.xml", "-o", "free.policybc", in: folder).status == 0)
        for named in ["free.xml", "free.policybc"] {
            let outcome = try Tool.run("run", "sample.py", "--policy", named, in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
        }
        #expect(try Tool.run("run", "sample.py", "--unsandboxed", in: folder).status == 0)
        #expect(try Tool.run("run", "sample.py", in: folder).status == 3)
    }

    @Test func aStubAnswersAndWhatIsLeftIsListed() throws {
        let folder = try Folder()
        let body = """
            return await workflow.execute_activity(
                        "greet", name, start_to_close_timeout=datetime.timedelta(seconds=5))
            """
        try folder.write(workflow(body, imports: "import datetime"), to: "sample.py")
        let answered = try Tool.run("run", "sample.py", "--stub", "greet=\"hi\"", in: folder)
        #expect(answered.status == 0, "\(answered.error)")
        #expect(answered.output == "\"hi\"\n")
        let pending = try Tool.run("run", "sample.py", in: folder)
        #expect(pending.status == 0)
        #expect(pending.output == "")
        #expect(pending.error.contains("`greet`"), "\(pending.error)")
        #expect(pending.error.split(separator: "\n").count == 1)
    }

    @Test func anErrorOfTheWorkflowIs3AndABrokenFileIs2() throws {
        let folder = try Folder()
        try folder.write(workflow("raise ValueError('no')"), to: "raises.py")
        let raised = try Tool.run("run", "raises.py", in: folder)
        #expect(raised.status == 3)
        #expect(raised.error.contains("ValueError"))
        #expect(raised.error.contains("raises.py:8"))

        try folder.write("def (:\n", to: "broken.py")
        let broken = try Tool.run("run", "broken.py", in: folder)
        #expect(broken.status == 2)
        #expect(broken.error.contains("broken.py:1"))

        try folder.write("x = 1\n", to: "empty.py")
        #expect(try Tool.run("run", "empty.py", in: folder).status == 2)
    }

    @Test func theReportOfLeaksNamesWhatWasTriedAndTheExitCodeIsThatOfTheRun() throws {
        let folder = try Folder()
        let body = """
            json.marker = 1
                    logging.getLogger('a').setLevel(5)
                    return name
            """
        try folder.write(workflow(body, imports: "import json, logging"), to: "sample.py")
        let outcome = try Tool.run("run", "sample.py", "--report-leaks", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output == "\"Ada\"\n")
        #expect(
            outcome.error == """
                sample.py:8: leak: module attribute `json.marker`: private to the run
                sample.py:9: leak: registry `logging.getLogger('a').level`: private to the run

                """)
        let document = try Tool.run(
            "run", "sample.py", "--report-leaks", "--format", "json", in: folder)
        let leaks = try #require(document.document["leaks"] as? [[String: Any]])
        #expect(leaks.map { $0["line"] as? Int } == [8, 9])
        #expect(leaks.map { $0["fate"] as? String } == ["private", "private"])
        #expect(leaks.first?["name"] as? String == "json.marker")
        #expect(leaks.first?["kind"] as? String == "module attribute")

        let silent = try Tool.run("run", "sample.py", "--format", "json", in: folder)
        #expect(silent.document["leaks"] == nil)
        try folder.write(workflow("return name"), to: "clean.py")
        let clean = try Tool.run("run", "clean.py", "--report-leaks", in: folder)
        #expect(clean.error == "leaks: none\n")
        let both = try Tool.run("run", "clean.py", "--report-leaks", "--unsandboxed", in: folder)
        #expect(both.status == 64)
    }

    @Test func whatReachesTheHostFailsTheRunWhereThePythonCanTell() throws {
        let folder = try Folder()
        let imports = "import contextlib, io, sys\nclass Mine(io.StringIO): pass"
        let body = """
            contextlib.redirect_stdout(Mine()).__enter__()
                    return str(sys.version_info >= (3, 12))
            """
        try folder.write(workflow(body, imports: imports), to: "sample.py")
        let outcome = try Tool.run("run", "sample.py", "--report-leaks", in: folder)
        if outcome.output == "\"True\"\n" {
            #expect(outcome.status == 3, "\(outcome.error)")
            #expect(
                outcome.error == "sample.py:9: leak: module attribute `sys.stdout`: "
                    + "reached the host\n")
        } else {
            #expect(outcome.output == "\"False\"\n")
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.error == "leaks: none\n")
        }
    }
}
