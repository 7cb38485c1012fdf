import Foundation
import Testing

/// `.pre-commit-hooks.yaml`: each entry is a command that works on the files it names.
@Suite struct HookTests {
    /// One entry: its keys, each with its text.
    typealias Hook = [String: String]

    /// The entries; the file has a line for each key and nothing inside one another.
    static func hooks() throws -> [Hook] {
        let file = Tool.repository.appending(path: ".pre-commit-hooks.yaml")
        var hooks: [Hook] = []
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            if line.hasPrefix("#") { continue }
            if line.hasPrefix("- ") { hooks.append([:]) }
            let pair = line.dropFirst(2).split(separator: ": ", maxSplits: 1).map(String.init)
            try #require(pair.count == 2 && !hooks.isEmpty, "\(line)")
            hooks[hooks.count - 1][pair[0]] = pair[1]
        }
        return hooks
    }

    /// Runs an entry as pre-commit does, on those of the files that it is for.
    private func run(_ hook: Hook, in folder: Folder) throws -> Tool.Outcome {
        var words = try #require(hook["entry"]).split(separator: " ").map(String.init)
        #expect(words.removeFirst() == "portcullis")
        if hook["pass_filenames"] != "false" {
            let pattern = try Regex(#require(hook["files"]))
            words += ["policies/policy.xml", "policies/tests/policy.xml"]
                .filter { $0.contains(pattern) }
        }
        return try Tool.run(words, in: folder)
    }

    @Test func everyEntryWorks() throws {
        let hooks = try Self.hooks()
        #expect(hooks.map { $0["id"] } == ["check", "lint", "format", "test"].map { "portcullis-\($0)" })
        for hook in hooks {
            #expect(hook["language"] == "system")
            let folder = try Folder()
            #expect(try Tool.run("init", "policies/policy.xml", in: folder).status == 0)
            let good = try run(hook, in: folder)
            #expect(good.status == 0, "\(hook["id"] ?? ""): \(good.error)")
            // Taking away what the policy says leaves something for each of them to say.
            try folder.write(
                policy("    <unrestrict path=\"time.time\"/>"), to: "policies/policy.xml")
            let bad = try run(hook, in: folder)
            let changed = try folder.text("policies/policy.xml").contains("\n  <unrestrict")
            #expect(bad.status != 0 || changed, "\(hook["id"] ?? ""): \(bad.output)")
        }
    }
}
