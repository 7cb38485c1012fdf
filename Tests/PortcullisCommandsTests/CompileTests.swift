import Foundation
import Testing

/// `compile`, `check` and `dump`.
@Suite struct CompileTests {
    static let good = policy(
        """
        <passthrough-modules><module name="pydantic"/></passthrough-modules>
        <invalid-module-members>
          <module name="os" only="runtime"><member name="getcwd" match="use"/></module>
        </invalid-module-members>
        """)

    static let shipped = Tool.repository.appending(path: "policies/default.xml").path

    @Test func theShippedPolicyCompilesToTheSameBytesEachTime() throws {
        let folder = try Folder()
        let first = try Tool.run("compile", Self.shipped, "-o", "a.policybc", in: folder)
        let second = try Tool.run("compile", Self.shipped, "-o", "b.policybc", in: folder)
        #expect(first.status == 0, "\(first.error)")
        #expect(first.error == "")
        #expect(second.status == 0)
        #expect(try folder.names == ["a.policybc", "b.policybc"])
        #expect(try folder.data("a.policybc") == folder.data("b.policybc"))
        #expect(try folder.data("a.policybc").count > 1_000)
    }

    @Test func theSummaryIsADocumentInJSON() throws {
        let folder = try Folder()
        try folder.write(Self.good, to: "good.xml")
        let outcome = try Tool.run(
            "compile", "good.xml", "-o", "a.policybc", "--format", "json", in: folder)
        #expect(outcome.status == 0)
        let image = outcome.document["image"] as? [String: Any]
        #expect(image?["file"] as? String == "a.policybc")
        #expect(image?["bytes"] as? Int == (try folder.data("a.policybc").count))
        #expect((outcome.document["diagnostics"] as? [Any])?.isEmpty == true)
        #expect((outcome.document["statistics"] as? [String: Any])?.isEmpty == false)
    }

    @Test func anImageReplacesAnOlderOne() throws {
        let folder = try Folder()
        try folder.write(Self.good, to: "good.xml")
        try folder.write("old", to: "a.policybc")
        let outcome = try Tool.run("compile", "good.xml", "-o", "a.policybc", in: folder)
        #expect(outcome.status == 0)
        #expect(try folder.data("a.policybc").count > 100)
        #expect(try folder.names == ["a.policybc", "good.xml"])
    }

    @Test func checkNamesEveryFaultWithItsPlace() throws {
        let folder = try Folder()
        try folder.write(Self.good, to: "good.xml")
        try folder.write(
            policy(
                """
                <invalid-modules><module nmae="a"/><modul name="b"/></invalid-modules>
                """), to: "bad.xml")
        let outcome = try Tool.run("check", "good.xml", "bad.xml", in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.output == "good.xml: no faults\n")
        #expect(outcome.error.contains("bad.xml:3:26: error: "))
        #expect(outcome.error.contains("`modul`"))
        #expect(outcome.error.contains("^"))
        #expect(try folder.names == ["bad.xml", "good.xml"])

        let document = try Tool.run("check", "good.xml", "bad.xml", "--format", "json", in: folder)
        #expect(document.status == 1)
        #expect(document.error == "")
        let policies = document.document["policies"] as? [[String: Any]] ?? []
        #expect(policies.map { $0["policy"] as? String } == ["good.xml", "bad.xml"])
        let found = policies.last?["diagnostics"] as? [[String: Any]] ?? []
        #expect(found.count >= 2)
        #expect(found.allSatisfy { $0["line"] as? Int == 3 && $0["code"] is String })
    }

    @Test func dumpListsTheRulesOfAnImage() throws {
        let folder = try Folder()
        try folder.write(Self.good, to: "good.xml")
        #expect(try Tool.run("compile", "good.xml", "-o", "a.policybc", in: folder).status == 0)
        let text = try Tool.run("dump", "a.policybc", in: folder)
        #expect(text.status == 0)
        for word in ["os", "getcwd", "pydantic", "good.xml:5:"] {
            #expect(text.output.contains(word), "\(text.output)")
        }
        let document = try Tool.run("dump", "a.policybc", "--format", "json", in: folder)
        #expect(document.status == 0)
        #expect(!document.document.isEmpty)
        #expect(document.output.contains("getcwd"))
    }

    @Test func explainTellsTheStepsAndTheRule() throws {
        let folder = try Folder()
        try folder.write(Self.good, to: "good.xml")
        let use = try Tool.run("explain", "good.xml", "os.getcwd", in: folder)
        #expect(use.status == 0, "\(use.error)")
        for word in ["os", "getcwd", "denied", "good.xml:5:"] {
            #expect(use.output.contains(word), "\(use.output)")
        }
        let imported = try Tool.run(
            "explain", "good.xml", "os.getcwd", "--phase", "import", in: folder)
        #expect(imported.output.contains(": allowed"))
        #expect(!imported.output.contains("rule `"))
        let document = try Tool.run(
            "explain", "good.xml", "os.getcwd", "--format", "json", in: folder)
        #expect(document.document["decision"] as? String == "deny")
        #expect((document.document["steps"] as? [Any])?.isEmpty == false)
    }
}
