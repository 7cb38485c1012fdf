import Foundation
import Testing

/// `portcullis run --audit` and `portcullis suggest`, which reads what it wrote.
@Suite(.serialized) struct SuggestTests {
    /// A workflow that six rules deny, each in a line of its own.
    static let workflow = """
        import datetime, os, random, time, uuid
        from portcullis import workflow

        @workflow.defn
        class Sample:
            @workflow.run
            async def run(self) -> str:
                datetime.datetime.now()
                random.random()
                time.time()
                uuid.uuid4()
                os.getcwd()
                os.environ.get("HOME")
                return "done"

        """

    static let policy = """
        <?xml version="1.0" encoding="UTF-8"?>
        <sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" name="own"
                              extends="default.xml">
          <!-- </sandbox-restrictions> -->
        </sandbox-restrictions>

        """

    func audited(_ policy: String = Self.policy) throws -> Folder {
        let folder = try Folder()
        try folder.write(Self.workflow, to: "sample.py")
        try folder.write(policy, to: "own.xml")
        let run = try Tool.run(
            "run", "sample.py", "--policy", "own.xml", "--audit", "log.jsonl", in: folder)
        #expect(run.status == 0, "\(run.error)")
        #expect(run.output == "\"done\"\n")
        #expect(run.error == "audit: 6 accesses that the policy forbids, written to `log.jsonl`\n")
        return folder
    }

    /// Text with the tag that stands at each place of the base policy in place of its numbers.
    static func naming(_ text: String) throws -> String {
        let policy = Tool.repository.appending(path: "policies/temporal-1.35.xml")
        let lines = try String(contentsOf: policy, encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
        return text.replacing(/temporal-1\.35\.xml:(\d+):(\d+)/) { place -> String in
            guard let line = Int(place.1), let column = Int(place.2), lines.indices ~= line - 1
            else { return String(place.0) }
            let words = lines[line - 1].dropFirst(column - 1).split(separator: " ")
            return "«\(words.prefix(2).joined(separator: " "))»"
        }
    }

    @Test func whatCanBeReplacedIsNotAllowed() throws {
        let folder = try audited()
        let made = try Tool.run("suggest", "log.jsonl", "--policy", "own.xml", in: folder)
        #expect(made.status == 0, "\(made.error)")
        let output = try Self.naming(made.output)
        #expect(
            output == """
                use workflow.now() in place of `datetime.datetime.now`, which \
                `datetime.datetime.now#use` at «<member name="now"» denies
                  used at sample.py:8 in `run`
                allow `os.environ`, which `os.*#use` at «<member name="*"» denies
                  used at sample.py:13 in `run`
                  or use an activity
                allow `os.getcwd`, which `os.*#use` at «<member name="*"» denies
                  used at sample.py:12 in `run`
                  or use an activity
                use workflow.random().random() in place of `random.random`, which \
                `random.random#use` at «<member name="random"» denies
                  used at sample.py:9 in `run`
                use workflow.time() in place of `time.time`, which `time.time#use` at \
                «<member name="time"» denies
                  used at sample.py:10 in `run`
                use workflow.uuid4() in place of `uuid.uuid4`, which `uuid.uuid4#use` at \
                «<member name="uuid4"» denies
                  used at sample.py:11 in `run`

                --- own.xml
                +++ own.xml
                @@ -2,4 +2,6 @@
                 <sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" name="own"
                                       extends="default.xml">
                   <!-- </sandbox-restrictions> -->
                +  <unrestrict path="os.environ" because="used at sample.py:13 in run"/>
                +  <unrestrict path="os.getcwd" because="used at sample.py:12 in run"/>
                 </sandbox-restrictions>

                """)
    }

    @Test func appliedItMakesTheWorkflowPass() throws {
        let folder = try audited()
        try folder.write(Self.policy, to: "before.xml")
        let denied = try Tool.run("run", "sample.py", "--policy", "own.xml", in: folder)
        #expect(denied.status == 3)
        let made = try Tool.run(
            "suggest", "log.jsonl", "--policy", "own.xml", "--allow-replaceable", "--apply",
            in: folder)
        #expect(made.status == 0, "\(made.error)")
        let run = try Tool.run("run", "sample.py", "--policy", "own.xml", in: folder)
        #expect(run.status == 0, "\(run.error)")
        let again = try Tool.run("suggest", "log.jsonl", "--policy", "own.xml", in: folder)
        #expect(again.output == "nothing to do: the policy allows all that was recorded\n")
        let difference = try Tool.run(
            "diff", "before.xml", "own.xml", "--format", "json", in: folder)
        let document = difference.document
        let changes = document["changes"] as? [[String: Any]] ?? []
        #expect(
            changes.map { ($0["path"] as? [String] ?? []).joined(separator: ".") } == [
                "datetime.datetime.now", "os.environ", "os.getcwd", "random.random", "time.time",
                "uuid.uuid4",
            ])
        for change in changes {
            #expect(change["set"] as? String == "members")
            for aspect in change["aspects"] as? [[String: Any]] ?? [] {
                #expect((aspect["old"] as? [String: Any])?["decision"] as? String == "deny")
                #expect((aspect["new"] as? [String: Any])?["decision"] as? String == "allow")
            }
        }
        #expect((document["settings"] as? [Any])?.isEmpty == true)
    }

    @Test(arguments: [
        "<sandbox-restrictions xmlns=\"urn:portcullis:sandbox-restrictions:1\" name=\"own\""
            + " extends=\"default.xml\"/>\n",
        "<p:sandbox-restrictions xmlns:p=\"urn:portcullis:sandbox-restrictions:1\" name=\"own\""
            + " extends=\"default.xml\"></p:sandbox-restrictions>",
        "<p:sandbox-restrictions xmlns:p=\"urn:portcullis:sandbox-restrictions:1\" name=\"own\""
            + " extends=\"default.xml\"\n/>",
    ])
    func aPolicyMayBeWrittenInOtherWays(_ policy: String) throws {
        let folder = try audited(policy)
        let made = try Tool.run(
            "suggest", "log.jsonl", "--policy", "own.xml", "--allow-replaceable", "--apply",
            in: folder)
        #expect(made.status == 0, "\(made.error)")
        let run = try Tool.run("run", "sample.py", "--policy", "own.xml", in: folder)
        #expect(run.status == 0, "\(run.error)")
    }

    @Test func aPathThatAnotherCoversNeedsNoLine() throws {
        let folder = try Folder()
        let entry = { (path: String) in
            #"{"kind": "access", "path": "\#(path)", "operation": "__call__", "phase": "runtime", "#
                + #""python": "3.12", "caller": "a.py:1"}"# + "\n"
        }
        try folder.write(
            entry("os.environ.get") + entry("os.environ") + entry("json.dumps"), to: "log.jsonl")
        let made = try Tool.run("suggest", "log.jsonl", "--format", "json", in: folder)
        #expect(made.status == 0, "\(made.error)")
        let suggestions = made.document["suggestions"] as? [[String: Any]] ?? []
        #expect(suggestions.map { $0["path"] as? String } == ["os.environ"])
        #expect(made.document["allowed_already"] as? Int == 1)
    }

    @Test func everyFaultyLineIsNamed() throws {
        let folder = try Folder()
        try folder.write(
            """
            {"kind": "access", "path": "os.getcwd", "phase": "runtime", "python": "3.11"}
            {"kind": "access", "path": "os getcwd", "phase": "runtime", "python": "3.11"}
            {"kind": "access", "path": "os.getcwd", "phase": "later", "python": "3.11"}
            {"kind": "access", "path": 7, "phase": "runtime", "python": "3.11"}
            {"path": "os.getcwd", "phase": "runtime", "python": "3.11"}
            nothing
            """, to: "log.jsonl")
        let made = try Tool.run("suggest", "log.jsonl", in: folder)
        #expect(made.status == 1)
        #expect(made.output == "")
        #expect(
            made.error == """
                log.jsonl:2:1: error: this line is no entry of an audit: `os getcwd` is not a path \
                [bad-audit-entry]
                log.jsonl:3:1: error: this line is no entry of an audit: `later` is not a phase \
                [bad-audit-entry]
                log.jsonl:4:1: error: this line is no entry of an audit: `path` has another type \
                [bad-audit-entry]
                log.jsonl:5:1: error: this line is no entry of an audit: `kind` is missing \
                [bad-audit-entry]
                log.jsonl:6:1: error: this line is no entry of an audit: it is not JSON \
                [bad-audit-entry]
                portcullis: 5 errors, 0 warnings

                """)
    }
}
