import Foundation
import PolicyModel
import PolicyXML
import Testing

/// Files of policy tests: the wrong ones of `TestFixtures` with what is said about them as `.txt`.
///
/// `RECORD_SNAPSHOTS=1` writes the texts anew and fails the run.
@Suite struct PolicyTestReadingTests {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "TestFixtures")

    static let names: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path))?
        .filter { $0.hasSuffix(".xml") }.map { String($0.dropLast(4)) }.sorted() ?? []

    @Test func fixturesAreFound() {
        #expect(Self.names.count >= 35)
    }

    @Test(arguments: names) func wrongTestsAreExplained(_ name: String) throws {
        let file = Self.fixtures.appending(path: name + ".xml").path
        let error = try #require(throws: PolicyError.self) {
            try PolicyTestReader().read(file: file)
        }
        for diagnostic in error.diagnostics {
            let location = try #require(diagnostic.location)
            let line = try #require(diagnostic.sourceLine)
            #expect(location.column <= line.count + 1)
        }
        let found = error.diagnostics.map { $0.rendered() + "\n" }.joined()
            .replacing(Self.fixtures.path + "/", with: "")
        let golden = Self.fixtures.appending(path: name + ".txt")
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try found.write(to: golden, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name).txt")
        } else {
            #expect(found == (try String(contentsOf: golden, encoding: .utf8)))
        }
    }

    private func tests(_ body: String) throws -> PolicyTests {
        let text =
            "<policy-tests xmlns=\"urn:portcullis:policy-tests:1\" policy=\"p.xml\">\n"
            + body + "\n</policy-tests>"
        return try PolicyTestReader().read(bytes: Array(text.utf8), named: "t.xml")
    }

    @Test func questions() throws {
        let tests = try tests(
            """
            <deny path="os.getcwd" rule="os.*#use"/><allow import="a.b"/>
            <group name="both" python="&gt;=3.12"><warn path="x" phase="runtime import"
              operation="use access" python="&lt;3.14"/><audit import="c" phase="runtime"/></group>
            """)
        #expect(tests.policy == "p.xml")
        #expect(tests.groups.map(\.name) == ["", "both"])
        let found = tests.groups.flatMap(\.tests)
        #expect(
            found.map(\.name) == [
                "deny os.getcwd", "allow import of a.b", "warn x", "audit import of c",
            ])
        let questions = found.compactMap { test in
            if case .decision(let question, _, _) = test.expectation { question } else { nil }
        }
        #expect(questions.map(\.isImport) == [false, true, false, true])
        #expect(questions.map(\.path) == [["os", "getcwd"], ["a", "b"], ["x"], ["c"]])
        #expect(
            questions.map { $0.contexts.map(\.rawValue).sorted() } == [
                [3], [0], [0, 1, 2, 3], [1],
            ])
        let versions = PythonVersion.supported.filter { found[2].condition.contains($0) }
        #expect(versions == [PythonVersion(3, 12), PythonVersion(3, 13)])
        guard case .decision(_, .deny, let rule) = found[0].expectation else {
            Issue.record("not a denial")
            return
        }
        #expect(rule?.text == "os.*#use")
        #expect(rule?.place.location == SourceLocation(file: "t.xml", line: 2, column: 30))
    }

    @Test(arguments: [
        ("return 1", "return 1", 2), ("\n\n    a\n\n      b\n  ", "a\n\n  b", 4),
        ("<![CDATA[\n  if a < b:\n    pass\n]]>", "if a < b:\n  pass", 3),
        ("a &lt; b &amp; c", "a < b & c", 2),
    ])
    func snippets(text: String, code: String, line: Int) throws {
        let test = try #require(
            try tests("<pass name=\"n\">\(text)</pass>").groups.first?.tests.first)
        guard case .snippet(let snippet) = test.expectation else {
            Issue.record("not a snippet")
            return
        }
        #expect(snippet.code == code)
        #expect(snippet.line == line)
        #expect(snippet.rule == nil)
    }

    /// A file that is cut off anywhere is an error, never a crash.
    @Test func everyTruncationIsAnswered() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../policies/tests/examples/date-restricted.xml")
        let source = Array(try Data(contentsOf: file.standardizedFileURL))
        #expect(source.count > 500)
        for end in 0..<(source.count - 2) {
            let error = #expect(throws: PolicyError.self) {
                try PolicyTestReader().read(bytes: Array(source[..<end]), named: "x")
            }
            #expect(error?.diagnostics.isEmpty == false)
        }
    }
}
