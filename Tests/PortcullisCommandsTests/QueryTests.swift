import Foundation
import Testing

/// `portcullis query`: one answer a line, whatever the line.
@Suite struct QueryTests {
    static let rules = policy(
        """
        <invalid-modules><module name="requests" message="use an activity"/></invalid-modules>
        <invalid-module-members>
          <module name="os" only="runtime">
            <member name="getcwd" match="use" id="cwd"/>
            <member name="name" match="access"/>
          </module>
        </invalid-module-members>
        """)

    /// A folder with the policy in it.
    func folder() throws -> Folder {
        let folder = try Folder()
        try folder.write(Self.rules, to: "rules.xml")
        return folder
    }

    func ask(_ path: [String], _ phase: String, _ operation: String) throws -> String {
        let words = try JSONSerialization.data(withJSONObject: path)
        return "{\"path\":\(String(decoding: words, as: UTF8.self)),"
            + "\"phase\":\"\(phase)\",\"operation\":\"\(operation)\"}\n"
    }

    @Test func answersEachLine() throws {
        let folder = try folder()
        let input = try [
            ask(["os", "getcwd"], "runtime", "use"), ask(["os", "getcwd"], "runtime", "access"),
            ask(["os", "getcwd"], "import", "use"), ask(["os", "name", "x"], "runtime", "access"),
            ask([], "runtime", "use"),
        ].joined()
        let outcome = try Tool.run("query", "rules.xml", in: folder, input: input)
        #expect(outcome.status == 0)
        #expect(outcome.error == "")
        let answers = outcome.lines.map { object($0) }
        #expect(
            answers.map { $0["decision"] as? String } == [
                "deny", "allow", "allow", "deny", "allow",
            ])
        #expect(answers[0]["rule"] as? String == "cwd")
        #expect((answers[0]["location"] as? String)?.hasPrefix("rules.xml:6:") == true)
        let message = answers[0]["message"] as? String
        #expect(
            message?.hasPrefix("Cannot access os.getcwd from inside a workflow. If this") == true)
        #expect(outcome.lines[1] == "{\"decision\":\"allow\"}")
    }

    @Test func modulesAreTheOtherSet() throws {
        let folder = try folder()
        let outcome = try Tool.run(
            "query", "rules.xml", "--set", "modules", in: folder,
            input: try ask(["requests"], "import", "access"))
        let answer = object(outcome.output)
        #expect(answer["decision"] as? String == "deny")
        #expect(answer["message"] as? String == "use an activity")
    }

    static let badLines: [(String, String)] = [
        ("", "empty"), ("   ", "empty"), ("{", "JSON"), ("[]", "JSON"), ("nonsense", "JSON"),
        ("{\"path\":[\"a\"],\"phase\":\"runtime\"}", "`operation` is missing"),
        ("{\"phase\":\"runtime\",\"operation\":\"use\"}", "`path` is missing"),
        ("{\"path\":\"a\",\"phase\":\"runtime\",\"operation\":\"use\"}", "`path` is not an array"),
        ("{\"path\":[1],\"phase\":\"runtime\",\"operation\":\"use\"}", "`path` is not an array"),
        ("{\"path\":[],\"phase\":\"never\",\"operation\":\"use\"}", "`phase` is not `import` or"),
        ("{\"path\":[],\"phase\":\"import\",\"operation\":null}", "`operation` is not"),
        ("{\"path\":[],\"phase\":\"import\",\"operation\":\"use\",\"x\":1}", "`x` is not a member"),
        ("{\"path\":[\"a\u{0}\"],\"phase\":\"import\",\"operation\":\"use\"}", "UTF-8"),
        (String(repeating: "[", count: 20_000), "JSON"),
        ("{\"path\":[\"\(String(repeating: "a", count: 70_000))\"]}", "long"),
        (String(repeating: "x", count: 2_000_000), "long"),
    ]

    @Test(arguments: badLines)
    func aBadLineIsAnsweredAndTheStreamGoesOn(_ line: String, _ says: String) throws {
        let folder = try folder()
        let good = try ask(["os", "getcwd"], "runtime", "use")
        let outcome = try Tool.run(
            "query", "rules.xml", in: folder, input: good + line + "\n" + good)
        #expect(outcome.status == 0)
        try #require(outcome.lines.count == 3)
        #expect(outcome.lines[0] == outcome.lines[2])
        #expect(object(outcome.lines[0])["decision"] as? String == "deny")
        let error = object(outcome.lines[1])["error"] as? String
        #expect(error?.contains(says) == true, "\(outcome.lines[1].prefix(200))")
    }

    @Test func invalidUTF8IsAnsweredAndTheLastLineNeedsNoLineFeed() throws {
        let folder = try folder()
        let good = try ask(["os", "getcwd"], "runtime", "use")
        let input = Data([0x7B, 0xFF, 0x0A]) + Data(good.utf8.dropLast())
        let outcome = try Tool.run(["query", "rules.xml"], in: folder, input: input)
        try #require(outcome.lines.count == 2)
        #expect((object(outcome.lines[0])["error"] as? String)?.contains("UTF-8") == true)
        #expect(object(outcome.lines[1])["decision"] as? String == "deny")
    }

    @Test func anImageAnswersAsItsSourceDoes() throws {
        let folder = try folder()
        let compiled = try Tool.run("compile", "rules.xml", "-o", "rules.policybc", in: folder)
        #expect(compiled.status == 0, "\(compiled.error)")
        let input = try ["getcwd", "name", "other"].flatMap { name in
            try ["import", "runtime"].flatMap { phase in
                try ["access", "use"].map { try ask(["os", name], phase, $0) }
            }
        }.joined()
        let source = try Tool.run("query", "rules.xml", in: folder, input: input)
        let image = try Tool.run("query", "rules.policybc", in: folder, input: input)
        #expect(source.lines.count == 12)
        #expect(source.output == image.output)
    }
}
