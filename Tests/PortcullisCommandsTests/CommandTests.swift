import Foundation
import Testing

/// What every command has in common: exit codes, formats, help.
@Suite struct CommandTests {
    static let commands = [
        "compile", "check", "dump", "query", "explain", "diff", "lint", "run", "import-temporal",
        "format", "test", "init", "suggest", "profile",
    ]

    @Test func theVersionIsPrinted() throws {
        let outcome = try Tool.run("--version", in: Folder())
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("0.1.0"))
    }

    @Test(arguments: commands)
    func helpTeachesByExample(_ command: String) throws {
        let outcome = try Tool.run(command, "--help", in: Folder())
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("portcullis \(command) "))
        #expect(!outcome.output.contains("Command "))
        #expect(outcome.output.contains("--color <color>"))
        for line in outcome.output.split(separator: "\n") where !line.hasPrefix("USAGE:") {
            #expect(line.count <= 80)
        }
    }

    static let wrong: [[String]] = [
        ["nonsense"], ["compile"], ["compile", "a.xml"], ["compile", "a.xml", "-o", "a.bin"],
        ["check"], ["check", "a.xml", "--format", "yaml"], ["dump"], ["query"],
        ["query", "a.xml", "--set", "all"], ["query", "a.xml", "--python", "three"],
        ["explain", "a.xml"], ["explain", "a.xml", "os.getcwd", "--phase", "later"],
        ["run"], ["run", "a.py", "--stub", "noequals"], ["run", "a.py", "--input", "{"],
        ["run", "a.py", "--stub", "name={"], ["format"],
    ]

    @Test(arguments: wrong)
    func aWrongCommandLineIs64(_ arguments: [String]) throws {
        let folder = try Folder()
        try folder.write(policy(""), to: "a.xml")
        try folder.write("", to: "a.py")
        let outcome = try Tool.run(arguments, in: folder)
        #expect(outcome.status == 64, "\(outcome.error)")
        #expect(outcome.output == "")
        #expect(!outcome.error.isEmpty)
        #expect(try folder.names == ["a.py", "a.xml"])
    }

    static let missing: [[String]] = [
        ["compile", "none.xml", "-o", "a.policybc"], ["compile", "folder.xml", "-o", "a.policybc"],
        ["compile", "good.xml", "-o", "none/a.policybc"],
        ["compile", "good.xml", "-o", "folder.policybc"],
        ["check", "none.xml"], ["dump", "none.policybc"], ["query", "none.xml"],
        ["query", "policy.txt"], ["explain", "none.policybc", "os.getcwd"], ["run", "none.py"],
        ["run", "good.py", "--policy", "none.xml"], ["run", "good.py", "--python", "none/python"],
        ["query", "good.xml", "--python", "3.9"], ["format", "none.xml"],
        ["format", "folder.xml"],
    ]

    @Test(arguments: missing)
    func aMissingFileIs2(_ arguments: [String]) throws {
        let folder = try Folder()
        for name in ["folder.xml/a", "folder.policybc/a"] { try folder.write("", to: name) }
        try folder.write(policy(""), to: "good.xml")
        try folder.write("", to: "policy.txt")
        try folder.write("", to: "good.py")
        let before = try folder.names
        let outcome = try Tool.run(arguments, in: folder)
        #expect(outcome.status == 2, "\(outcome.error)")
        #expect(outcome.output == "")
        #expect(outcome.error.hasPrefix("portcullis: "))
        #expect(!outcome.error.contains("Error("))
        #expect(try folder.names == before)
    }

    @Test(arguments: ["compile", "check", "dump", "explain", "run"])
    func aFaultIsAlsoADocument(_ command: String) throws {
        let folder = try Folder()
        let more = ["compile": ["-o", "a.policybc"], "explain": ["os.getcwd"]][command] ?? []
        let file = ["dump": "none.policybc", "run": "none.py"][command] ?? "none.xml"
        let outcome = try Tool.run([command, file] + more + ["--format", "json"], in: folder)
        #expect(outcome.status == 2)
        #expect(outcome.error == "")
        let checked = (outcome.document["policies"] as? [[String: Any]])?.first
        let fault = (checked ?? outcome.document)["error"] as? [String: Any]
        #expect(fault?["code"] as? String == "cannot-read")
        #expect((fault?["message"] as? String)?.contains("`\(file)`") == true)
    }
}
