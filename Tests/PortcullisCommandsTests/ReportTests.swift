import Foundation
import Testing

/// The formats for machines that `check` and others share.
@Suite struct ReportTests {
    /// Faults with a caret behind characters of several code points, a note with a place, a
    /// misspelt name, and marks that each format must escape.
    private static func folder() throws -> Folder {
        let folder = try Folder()
        try folder.write(
            policy(
                """
                <invalid-modules>
                  <module name="a" message="e\u{301}e\u{301}" nmae="b"/>
                  <module name="50%, a:b"/>
                </invalid-modules>
                <unrestrict path="os"/><unrestrict path="os"/>
                """), to: "rules for all/bad,1.xml")
        try folder.write(
            policy("<invalid-modules><module name=\"a\"/></invalid-modules>"), to: "good.xml")
        return folder
    }

    private static let arguments = ["check", "rules for all/bad,1.xml", "good.xml", "none.xml"]

    @Test(arguments: ["sarif", "github"])
    func theReportIsAsRecorded(_ format: String) throws {
        let outcome = try Tool.run(Self.arguments + ["--format", format], in: Self.folder())
        #expect(outcome.status == 2)
        #expect(outcome.error == "")
        try Golden.expect(outcome.output, equals: "check.\(format).txt")
    }

    @Test func everyResultOfSARIFNamesItsRuleAndItsPlace() throws {
        let outcome = try Tool.run(Self.arguments + ["--format", "sarif"], in: Self.folder())
        let run = try #require((outcome.document["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]]).map { $0["id"] as? String }
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count >= 3)
        for result in results {
            let index = try #require(result["ruleIndex"] as? Int)
            #expect(rules[index] == result["ruleId"] as? String)
            let location = try #require((result["locations"] as? [[String: Any]])?.first)
            let physical = try #require(location["physicalLocation"] as? [String: Any])
            let artifact = try #require(physical["artifactLocation"] as? [String: Any])
            #expect(artifact["uri"] as? String == "rules%20for%20all/bad%2C1.xml")
        }
        let invocation = try #require((run["invocations"] as? [[String: Any]])?.first)
        #expect(invocation["executionSuccessful"] as? Bool == false)
    }

    @Test func aWorkflowCommandIsOneLine() throws {
        let outcome = try Tool.run(Self.arguments + ["--format", "github"], in: Self.folder())
        #expect(outcome.lines.allSatisfy { $0.hasPrefix("::error ") })
        #expect(outcome.lines.count >= 4)
        #expect(
            outcome.lines.contains { $0.hasPrefix("::error file=rules for all/bad%2C1.xml,line=") })
    }

    @Test func nothingFoundIsAnEmptyReport() throws {
        let folder = try Self.folder()
        let sarif = try Tool.run("check", "good.xml", "--format", "sarif", in: folder)
        #expect(sarif.status == 0)
        let run = try #require((sarif.document["runs"] as? [[String: Any]])?.first)
        #expect((run["results"] as? [Any])?.isEmpty == true)
        let github = try Tool.run("check", "good.xml", "--format", "github", in: folder)
        #expect(github.status == 0)
        #expect(github.output == "")
    }
}
