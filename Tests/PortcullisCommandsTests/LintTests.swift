import Foundation
import PolicyAnalysis
import Testing

/// `lint`, with the policies of `Fixtures/Lint`: what is said about each stands next to it as
/// `.txt`, what `--fix` makes of it as `.fixed`.
@Suite struct LintTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/Lint")

    static let names: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path))?
        .filter { $0.hasSuffix(".xml") }.map { String($0.dropLast(4)) }.sorted() ?? []

    private static let day = ["--date", "2026-02-01"]

    private static func folder(_ name: String) throws -> Folder {
        let folder = try Folder()
        let source = try Data(contentsOf: fixtures.appending(path: name + ".xml"))
        try folder.write(source, to: name + ".xml")
        return folder
    }

    @Test(arguments: names) func whatIsFoundIsAsRecorded(_ name: String) throws {
        let folder = try Self.folder(name)
        let outcome = try Tool.run(["lint", name + ".xml"] + Self.day, in: folder)
        #expect(outcome.status == (outcome.error.contains("error: ") ? 1 : 4))
        try Golden.expect(outcome.error + outcome.output, equals: "../Lint/\(name).txt")
    }

    @Test(arguments: names) func theRepairIsAsRecordedAndEquivalent(_ name: String) throws {
        let folder = try Self.folder(name)
        let file = name + ".xml"
        try folder.write(folder.data(file), to: "old.xml")
        let first = try Tool.run(["lint", file, "--fix"] + Self.day, in: folder)
        try Golden.expect(folder.text(file), equals: "../Lint/\(name).fixed")
        let difference = try Tool.run("diff", "old.xml", file, "--exit-code", in: folder)
        #expect(difference.status == 0, "\(difference.output)")
        let second = try Tool.run(["lint", file, "--fix"] + Self.day, in: folder)
        #expect(second.error == first.error)
        #expect(!second.output.contains("fixed"))
        #expect(try folder.names == [file, "old.xml"].sorted())
    }

    @Test func everyCodeHasAFixtureAndASectionOfTheDocumentation() throws {
        let page = try String(
            contentsOf: Tool.repository.appending(
                path: "Sources/PolicyAnalysis/PolicyAnalysis.docc/Lint.md"), encoding: .utf8)
        var shown = ""
        for name in Self.names {
            shown += try String(
                contentsOf: Self.fixtures.appending(path: name + ".txt"), encoding: .utf8)
        }
        for rule in LintRule.allCases {
            #expect(shown.contains("[\(rule.rawValue)]"), "no fixture for \(rule.rawValue)")
            let section = try #require(
                page.components(separatedBy: "### ").first { $0.hasPrefix(rule.rawValue + "\n") },
                "no section for \(rule.rawValue)")
            #expect(section.contains("--fix") == rule.isFixable, "\(rule.rawValue)")
        }
    }

    static let shipped: [String] = ["policies", "policies/examples"].flatMap { folder in
        let path = Tool.repository.appending(path: folder).path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".xml") }.map { "\(path)/\($0)" }
    }

    @Test func theShippedPoliciesAreClean() throws {
        #expect(Self.shipped.count >= 12)
        let outcome = try Tool.run(["lint"] + Self.shipped, in: Folder())
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.error == "")
        #expect(outcome.lines.allSatisfy { $0.hasSuffix(": nothing found") })
    }

    @Test func theRepairKeepsLinksAndModes() throws {
        let folder = try Self.folder("redundant-rule")
        let file = folder.url.appending(path: "redundant-rule.xml").path
        let link = folder.url.appending(path: "link.xml").path
        let files = FileManager.default
        try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        try files.createSymbolicLink(atPath: link, withDestinationPath: file)
        let outcome = try Tool.run("lint", "link.xml", "--fix", in: folder)
        #expect(outcome.output.hasPrefix("link.xml: 2 fixed"), "\(outcome.output)")
        #expect(try files.destinationOfSymbolicLink(atPath: link) == file)
        #expect(try files.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o640)
    }

    @Test func theFormatsForMachinesNameTheRules() throws {
        let folder = try Self.folder("redundant-rule")
        let json = try Tool.run("lint", "redundant-rule.xml", "--format", "json", in: folder)
        let policies = try #require(json.document["policies"] as? [[String: Any]])
        let findings = try #require(policies.first?["findings"] as? [[String: Any]])
        #expect(findings.map { $0["fixable"] as? Bool } == [true, true])
        #expect(findings.first?["code"] as? String == "redundant-rule")
        let sarif = try Tool.run("lint", "redundant-rule.xml", "--format", "sarif", in: folder)
        #expect(sarif.output.contains("\"id\": \"exception-expired\""))
        let github = try Tool.run("lint", "redundant-rule.xml", "--format", "github", in: folder)
        #expect(github.lines.count == 2)
        #expect(github.output.hasPrefix("::warning file=redundant-rule.xml,line="))
    }

    @Test func checkRefusesAnExceptionPastItsDay() throws {
        let folder = try Self.folder("exceptions")
        let before = try Tool.run(
            "check", "exceptions.xml", "--date", "2026-01-31", in: folder)
        #expect(before.status == 0)
        let after = try Tool.run("check", "exceptions.xml", "--date", "2026-02-01", in: folder)
        #expect(after.status == 1)
        #expect(after.error.contains("`time.time` ended on 2026-01-31 [exception-expired]"))
        #expect(try Tool.run("check", "exceptions.xml", "--date", "soon", in: folder).status == 64)
    }
}
