import Foundation
import PolicyModel
import PolicyXML
import Testing

/// The wrong policies of `Fixtures`, each with what is said about it next to it as `.txt`.
///
/// `RECORD_SNAPSHOTS=1` writes the texts anew and fails the run, so that nobody forgets to read them.
@Suite struct DiagnosticTests {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures")

    static let names: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path))?
        .filter { $0.hasSuffix(".xml") }.map { String($0.dropLast(4)) }.sorted() ?? []

    @Test func fixturesAreFound() {
        #expect(Self.names.count >= 60)
    }

    @Test(arguments: names) func wrongPolicyIsExplained(_ name: String) throws {
        let file = Self.fixtures.appending(path: name + ".xml").path
        let error = try #require(throws: PolicyError.self) { try PolicyReader().read(file: file) }
        #expect(error.diagnostics == error.diagnostics.sorted())
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

    @Test(arguments: names) func everyDiagnosticShowsItsPlace(_ name: String) throws {
        let file = Self.fixtures.appending(path: name + ".xml").path
        let error = try #require(throws: PolicyError.self) { try PolicyReader().read(file: file) }
        for diagnostic in error.diagnostics {
            let location = try #require(diagnostic.location)
            let line = try #require(diagnostic.sourceLine)
            #expect(diagnostic.length >= 1)
            #expect(location.column >= 1 && location.column <= line.count + 1)
            #expect(diagnostic.message.last != ".")
        }
    }
}
