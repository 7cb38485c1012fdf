import Foundation
import Testing

/// `test`: policies decide as their tests expect, or it is said where they do not.
@Suite struct TestCommandTests {
    static let policyText = policy(
        """
        <invalid-modules><module name="requests"/></invalid-modules>
        <invalid-module-members>
          <module name="os" only="runtime">
            <member name="getcwd" match="use"/>
            <member name="name" match="access" id="the-name" effect="audit"/>
          </module>
          <module name="time"><member name="*" match="use"/></module>
          <module name="sys"><member name="path" match="self"/></module>
        </invalid-module-members>
        <unrestrict path="sys.path.copy"/>
        """)

    static let complete = """
        <deny import="requests" phase="import runtime"/>
        <deny path="os.getcwd" rule="os.getcwd#use"/>
        <allow path="os.getcwd" phase="import"/>
        <audit path="os.name" operation="access use" rule="the-name"/>
        <deny path="time.sleep" phase="import runtime" rule="time.*#use"/>
        <deny path="sys.path" operation="access use"/>
        <allow path="sys.path.copy"/>
        <reloads module="json"/>
        """

    static func tests(_ body: String, policy: String = "p.xml") -> String {
        "<policy-tests xmlns=\"urn:portcullis:policy-tests:1\" policy=\"\(policy)\">\n\(body)\n"
            + "</policy-tests>\n"
    }

    private func run(_ body: String, _ arguments: String...) throws -> Tool.Outcome {
        let folder = try Folder()
        try folder.write(Self.policyText, to: "p.xml")
        try folder.write(Self.tests(body, policy: "../p.xml"), to: "tests/p.xml")
        return try Tool.run(["test"] + arguments, in: folder)
    }

    @Test func whatHoldsPasses() throws {
        let outcome = try run(Self.complete, "--coverage", "--threshold", "100")
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(
            outcome.output == """
                tests/p.xml: 8 tests, all passed
                coverage of p.xml: 5 of 5 rules, 1 of 1 exceptions, 100.0 %

                """)
        #expect(outcome.error == "")
    }

    /// A test that is wrong, and the code and words with which it is refused.
    static let wrong: [(test: String, says: [String])] = [
        (
            "<allow path=\"os.getcwd\"/>",
            ["wrong-decision", "`os.getcwd` is denied, but should be"]
        ),
        ("<deny path=\"os.getcwd\" phase=\"import\"/>", ["wrong-decision", "at import time"]),
        ("<deny path=\"os.name\"/>", ["wrong-decision", "is audited, but should be denied"]),
        ("<warn path=\"os.sep\"/>", ["wrong-decision", "is allowed, but should be warned of"]),
        ("<allow import=\"requests.x\"/>", ["wrong-decision", "the import of `requests.x` is"]),
        (
            "<deny path=\"os.getcwd\" rule=\"time.*#use\"/>",
            ["wrong-rule", "`os.getcwd#use` at p.xml:"]
        ),
        (
            "<deny path=\"os.getcwd\" rule=\"os.getcd#use\"/>",
            ["unknown-rule", "tests/p.xml:2:30", "did you mean `os.getcwd#use`"]
        ),
        ("<deny path=\"os.getcwd\" rule=\"p.xml:1\"/>", ["unknown-rule"]),
        ("<passes-through module=\"json\"/>", ["wrong-passthrough", "should be passed through"]),
        (
            "<import-notification-policy warn-on-dynamic-import=\"false\"/>",
            ["wrong-notification"]
        ),
        ("<group name=\"x\"/>", ["expects-nothing"]),
        ("<denny path=\"os.getcwd\"/>", ["unknown-element", "did you mean `deny`"]),
    ]

    @Test(arguments: wrong)
    func whatDoesNotHoldFails(_ test: String, says: [String]) throws {
        let outcome = try run(test)
        #expect(outcome.status == 1)
        for word in says { #expect(outcome.error.contains(word), "\(outcome.error)") }
        #expect(!outcome.output.contains("all passed"))
    }

    @Test func aRuleMayBeNamedByItsPlace() throws {
        let line = Self.policyText.split(separator: "\n", omittingEmptySubsequences: false)
            .firstIndex { $0.contains("getcwd") }.map { $0 + 1 }
        let outcome = try run("<deny path=\"os.getcwd\" rule=\"p.xml:\(line ?? 0)\"/>")
        #expect(outcome.status == 0, "\(outcome.error)")
    }

    @Test func coverageNamesWhatIsNotExercised() throws {
        let body = """
            <deny path="os.getcwd"/><deny path="time.sleep"/>
            <allow path="time.struct_time" operation="access"/>
            """
        let outcome = try run(body, "--threshold", "80")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("2 of 5 rules, 0 of 1 exceptions, 33.3 %"))
        #expect(outcome.error.contains("below 80 %"))
        let named = [
            "the rule `requests#access`", "the rule `the-name`", "`sys.path.copy`",
            "`sys.path#self`",
        ]
        for name in named { #expect(outcome.error.contains(name), "\(name)") }
        #expect(outcome.error.split(separator: "\n").count { $0.contains("no test") } == 4)
        #expect(outcome.error.contains("it decides about `os.name` used at run time"))
        #expect(try run(body, "--threshold", "33").status == 0)
        #expect(try run(body, "--coverage").status == 0)
    }

    /// A failing test exercises nothing.
    @Test func onlyWhatPassesCounts() throws {
        let outcome = try run("<allow path=\"os.getcwd\"/>", "--coverage")
        #expect(outcome.output.contains("0 of 5 rules"))
    }

    @Test func rulesOfExtendedPoliciesCountOnDemand() throws {
        let folder = try Folder()
        try folder.write(policy("", attributes: "name=\"x\" extends=\"default.xml\""), to: "p.xml")
        try folder.write(Self.tests("<deny path=\"os.getcwd\"/>"), to: "t.xml")
        let own = try Tool.run("test", "t.xml", "--coverage", in: folder)
        #expect(own.output.contains("0 of 0 rules, 0 of 0 exceptions, 100.0 %"))
        let all = try Tool.run("test", "t.xml", "--extended", in: folder)
        #expect(all.output.hasSuffix(" rules, 0 of 43 exceptions, 0.4 %\n"), "\(all.output)")
    }

    @Test func shippedPoliciesAreTestedByName() throws {
        let folder = try Folder()
        try folder.write(
            Self.tests("<deny path=\"os.getcwd\"/>", policy: "strict.xml"), to: "t.xml")
        #expect(try Tool.run("test", "t.xml", in: folder).status == 0)
        try folder.write(
            Self.tests("<deny path=\"os.getcwd\"/>", policy: "missing.xml"), to: "t.xml")
        let outcome = try Tool.run("test", "t.xml", in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("t.xml:1:61: error: there is no policy `missing.xml`"))
    }

    @Test func foldersHoldTestsAndPolicies() throws {
        let folder = try Folder()
        try folder.write(Self.policyText, to: "a/p.xml")
        try folder.write(Self.tests("<reloads module=\"x\"/>"), to: "a/t.xml")
        try folder.write("<other/>", to: "b/other.xml")
        #expect(try Tool.run("test", "a", in: folder).lines == ["a/t.xml: 1 test, all passed"])
        #expect(try Tool.run("test", "b", in: folder).error.contains("wrong-root"))
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "c"), withIntermediateDirectories: true)
        #expect(try Tool.run("test", "c", in: folder).status == 2)
        #expect(try Tool.run("test", "none.xml", in: folder).status == 2)
        #expect(try Tool.run("test", in: folder).status == 64)
    }

    @Test func reportsAreForMachinesToo() throws {
        let body = "<deny path=\"os.getcwd\"/><allow path=\"time.sleep\"/>"
        let json = try run(body, "--coverage", "--format", "json")
        #expect(json.status == 1)
        let file = (json.document["files"] as? [[String: Any]])?.first
        #expect(file?["passed"] as? Int == 1)
        #expect(file?["failed"] as? Int == 1)
        let coverage = (json.document["coverage"] as? [[String: Any]])?.first
        #expect(coverage?["percent"] as? Double == 16.6)
        let sarif = try run(body, "--format", "sarif")
        #expect(sarif.document["version"] as? String == "2.1.0")
        #expect(sarif.output.contains("wrong-decision"))
        let github = try run(body, "--format", "github")
        #expect(github.output.hasPrefix("::error file=tests/p.xml,line=2,"))
        let junit = try run(body, "--threshold", "50", "--format", "junit")
        let document = XMLCheck(junit.output)
        #expect(document.count(of: "testcase") == 3)
        #expect(document.count(of: "failure") == 2)
        #expect(document.attributes(of: "testsuites")["tests"] == "2")
    }

    /// Every kind of failure as people and machines read it.
    @Test(arguments: ["human", "junit", "github"])
    func theReportIsAsRecorded(_ format: String) throws {
        let body =
            "<group name=\"a &lt;group&gt;\">\n"
            + Self.wrong.prefix(10).map { "  \($0.test)\n" }.joined()
            .replacing("<allow path=\"os.getcwd\"/>", with: "<allow path=\"os.getcwd.x\"/>")
            .replacing("rule=\"os.getcd", with: "python=\"&lt;3.12\" rule=\"os.getcd")
            .replacing("rule=\"time.*", with: "python=\"==3.12\" rule=\"time.*")
            .replacing("rule=\"p.xml:1\"", with: "python=\"&gt;3.12\" rule=\"p.xml:1\"")
            + "</group>\n<deny import=\"requests\"/>"
        let outcome = try run(body, "--threshold", "90", "--format", format)
        #expect(outcome.status == 1)
        try Golden.expect(outcome.output + outcome.error, equals: "test.\(format).txt")
    }

    /// The tests that are shipped pass without Python, and cover every rule and exception.
    @Test func theShippedPoliciesAreCovered() throws {
        let outcome = try Tool.run(
            ["test", "policies/tests", "--threshold", "100"], at: Tool.repository)
        #expect(outcome.status == 0, "\(outcome.error)")
        let covered = outcome.lines.filter { $0.hasSuffix(", 100.0 %") }.map { line in
            line.split(separator: " ")[2].dropLast()
        }
        let policies = Tool.policyFiles.filter { !$0.contains("/tests/") }
        #expect(Set(covered.map(String.init)) == Set(policies))
        #expect(policies.count >= 12)
    }
}

/// The elements of a document that the tool wrote.
struct XMLCheck {
    private var elements: [(name: String, attributes: [String: String])] = []

    init(_ text: String) {
        // A scan of tags is enough for what the tool itself writes.
        let pattern = /<([a-z]+)((?:\s+[a-z]+="[^"<]*")*)\s*\/?>/
        for match in text.matches(of: pattern) {
            var attributes: [String: String] = [:]
            for pair in match.2.matches(of: /([a-z]+)="([^"]*)"/) {
                attributes[String(pair.1)] = String(pair.2)
            }
            elements.append((String(match.1), attributes))
        }
    }

    func count(of name: String) -> Int { elements.count { $0.name == name } }

    func attributes(of name: String) -> [String: String] {
        elements.first { $0.name == name }?.attributes ?? [:]
    }
}
