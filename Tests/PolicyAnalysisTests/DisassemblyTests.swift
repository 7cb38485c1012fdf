import Foundation
import PolicyAnalysis
import PolicyCompiler
import PolicyModel
import PolicyRuntime
import Testing

/// A small policy with every kind of rule, and its listing.
@Suite struct DisassemblyTests {
    static func smallPolicy() throws -> PolicyImage {
        func at(_ line: Int) -> PolicyModel.SourceLocation {
            PolicyModel.SourceLocation(file: "small.xml", line: line, column: 5)
        }
        let members = SandboxMatcher(children: [
            "os": SandboxMatcher(
                access: ["name": Rule(id: "os-name", because: "it differs", location: at(3))],
                use: ["*": Rule(id: "", message: "no system calls", location: at(4))],
                onlyRuntime: true, exclude: ["stat": at(5)]),
            "datetime": SandboxMatcher(children: [
                "date": SandboxMatcher(use: [
                    "today": Rule(
                        id: "", see: "https://example.test", instead: "workflow.now()",
                        location: at(8))
                ])
            ]),
            "time": SandboxMatcher(use: [
                "strftime": Rule(id: "", arguments: 1, location: at(14))
            ]),
            "asyncio": SandboxMatcher(children: [
                "wait": SandboxMatcher(
                    matchSelf: Rule(
                        id: "", effect: .warn, warningCategory: "UserWarning", message: "order",
                        location: at(11)))
            ]),
        ])
        let over = SandboxRestrictions.Layer(
            unrestrictions: [Unrestriction(path: ["os", "getcwd"], location: at(20))])
        let restrictions = SandboxRestrictions(
            layers: [SandboxRestrictions.Layer(invalidModuleMembers: members), over],
            passthroughModules: ["pydantic", "a.b"])
        return try PolicyImage(
            copying: try PolicyCompiler().compile(restrictions, name: "small").image)
    }

    @Test func theListingOfASmallPolicyIsAsRecorded() throws {
        let text = Disassembly(try DisassemblyTests.smallPolicy()).text
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Snapshots/small.txt")
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.lastPathComponent), run again without RECORD_SNAPSHOTS")
            return
        }
        #expect(try text == String(contentsOf: file, encoding: .utf8))
    }

    @Test func theValuesNameEveryRuleAndVersion() throws {
        let disassembly = Disassembly(try DisassemblyTests.smallPolicy())
        #expect(
            disassembly.rules.map(\.id).sorted() == [
                "asyncio.wait#self", "datetime.date.today#use", "os-name", "os.*#use",
                "time.strftime#use",
            ])
        #expect(disassembly.roots.map(\.firstVersion) == ["3.10"])
        #expect(disassembly.roots.map(\.lastVersion) == ["3.14"])
        #expect(disassembly.sections.map(\.name).first == "strings")
        #expect(disassembly.sections.last.map { $0.offset + $0.bytes <= disassembly.bytes } == true)
        let rule = try #require(disassembly.rules.first { $0.id == "os.*#use" })
        #expect(rule.file == "small.xml")
        #expect((rule.line, rule.column) == (4, 5))
        #expect(rule.arguments == nil)
        #expect(disassembly.rules.first { $0.id == "time.strftime#use" }?.arguments == 1)
    }
}
