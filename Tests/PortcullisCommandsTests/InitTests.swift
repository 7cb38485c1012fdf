import Foundation
import Testing

/// `init`: what it writes is right in every respect, and nothing is overwritten.
@Suite struct InitTests {
    static let files = [
        "", "policies/orders.xml", "default.xml", "with blank & <more>.xml",
        "a-name-that-is-so-long-that-the-root-of-the-policy-needs-more-than-a-single-line.xml",
    ]

    @Test(arguments: files)
    func whatIsWrittenIsRight(_ file: String) throws {
        let folder = try Folder()
        let outcome = try Tool.run(["init"] + (file.isEmpty ? [] : [file]), in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let policy = file.isEmpty ? "policy.xml" : file
        let parts = policy.split(separator: "/")
        let tests = (parts.dropLast() + ["tests"] + parts.suffix(1)).joined(separator: "/")
        #expect(outcome.output.hasPrefix("wrote `\(policy)` and `\(tests)`\n"))
        let check = try Tool.run("check", policy, in: folder)
        #expect(check.output == "\(policy): no faults\n", "\(check.error)")
        let lint = try Tool.run("lint", policy, in: folder)
        #expect(lint.output == "\(policy): nothing found\n", "\(lint.error)")
        let layout = try Tool.run("format", "--check", policy, tests, in: folder)
        #expect(layout.status == 0, "\(layout.error)")
        let run = try Tool.run("test", tests, "--threshold", "100", in: folder)
        #expect(run.status == 0, "\(run.error)")
        #expect(run.output.contains("2 of 2 rules, 1 of 1 exceptions, 100.0 %"))
    }

    @Test(arguments: ["policy.xml", "tests/policy.xml"])
    func nothingIsOverwritten(_ file: String) throws {
        let folder = try Folder()
        try folder.write("mine", to: file)
        let outcome = try Tool.run("init", in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.error == "portcullis: cannot write `\(file)`: it is there already\n")
        #expect(try folder.text(file) == "mine")
        #expect(try folder.names == [file.contains("/") ? "tests" : "policy.xml"])
    }

    @Test func aPolicyEndsInXML() throws {
        let folder = try Folder()
        #expect(try Tool.run("init", "policy.policybc", in: folder).status == 64)
        #expect(try folder.names == [])
    }
}
