import Foundation
import PolicyCompiler
import PolicyModel
import PolicyRuntime
import Testing

/// Random matchers against temporalio itself.
///
/// Runs `Tests/Differential/matchers.py` with the interpreter that `PORTCULLIS_PYTHON` names, or
/// else with `.venv/bin/python` of the package; skipped if neither has temporalio.
@Suite struct DifferentialTests {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// An interpreter that has temporalio; nil if there is none.
    static let python: String? = {
        let named = ProcessInfo.processInfo.environment["PORTCULLIS_PYTHON"]
        let candidates: [String?] = [named, root.appending(path: ".venv/bin/python").path]
        return candidates.compactMap { $0 }.first { candidate in
            FileManager.default.isExecutableFile(atPath: candidate)
                && (try? run(candidate, ["-c", "import temporalio.worker.workflow_sandbox"])) != nil
        }
    }()

    struct Failure: Error {
        var status: Int32
    }

    static func run(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(status: process.terminationStatus)
        }
        return data
    }

    @Test(.enabled("no interpreter with temporalio") { python != nil })
    func randomMatchersDecideAsTemporalio() throws {
        let environment = ProcessInfo.processInfo.environment
        let cases = environment["PORTCULLIS_DIFFERENTIAL_CASES"].flatMap(Int.init) ?? 200_000
        let seed = environment["PORTCULLIS_DIFFERENTIAL_SEED"] ?? "1"
        let script = DifferentialTests.root.appending(path: "Tests/Differential/matchers.py").path
        let output = try DifferentialTests.run(
            try #require(DifferentialTests.python),
            [script, "--seed", seed, "--cases", String(cases)])
        var compared = 0
        var differences: [String] = []
        for line in output.split(separator: UInt8(ascii: "\n")) {
            let object = try #require(
                try JSONSerialization.jsonObject(with: line) as? [String: Any])
            let matcher = DifferentialTests.matcher(try #require(object["m"] as? [String: Any]))
            let compiled = try PolicyCompiler(versions: [PythonVersion(3, 11)])
                .compile(SandboxRestrictions(invalidModuleMembers: matcher), name: "random")
            let members = try PolicyImage(copying: compiled.image)
                .restrictions(for: (3, 11)).members
            for query in try #require(object["q"] as? [[Any]]) {
                let path = try #require(query[0] as? [String])
                let context = MatchContext(
                    runtime: query[1] as? Int == 1, use: query[2] as? Int == 1)
                let expected = (query[3] as? [Any]).map { answer in
                    [answer[0] as? String, answer[1] as? String]
                }
                let found = members.decide(segments: path, context: context).rule.map { rule in
                    let rule = members.rule(rule)
                    return [rule.message, rule.effect == .warn ? rule.warningCategory : nil]
                }
                compared += 1
                if found != expected { differences.append("\(path) \(context) \(line)") }
            }
        }
        print("seed \(seed): \(compared) decisions compared, \(differences.count) differences")
        #expect(differences.isEmpty, "\(differences.prefix(3))")
        #expect(compared == cases)
    }

    /// The matcher that the script described. As in temporalio, message and warning belong to a
    /// node, so a name that its node lists has that node's.
    private static func matcher(_ json: [String: Any]) -> SandboxMatcher {
        let warning = json["leaf_warning"] as? String
        let rule = Rule(
            id: "", effect: warning == nil ? .deny : .warn, warningCategory: warning,
            message: json["leaf_message"] as? String)
        var matcher = SandboxMatcher()
        for name in json["access"] as? [String] ?? [] { matcher.access[name] = rule }
        for name in json["use"] as? [String] ?? [] { matcher.use[name] = rule }
        for name in json["exclude"] as? [String] ?? [] {
            matcher.exclude.updateValue(nil, forKey: name)
        }
        for (name, child) in json["children"] as? [String: [String: Any]] ?? [:] {
            matcher.children[name] = DifferentialTests.matcher(child)
        }
        if json["match_self"] as? Bool == true { matcher.matchSelf = rule }
        matcher.onlyRuntime = json["only_runtime"] as? Bool ?? false
        return matcher
    }
}
