import Foundation

/// The built executable, run as a person runs it.
enum Tool {
    /// What a run left behind.
    struct Outcome {
        var status: Int32
        var output: String
        var error: String
        var seconds: Double

        /// The lines of standard output.
        var lines: [String] { output.split(separator: "\n").map(String.init) }

        /// Standard output as one JSON object; empty if it is not one.
        var document: [String: Any] { object(output) }
    }

    /// The repository's folder.
    static let repository = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The shipped policies with their examples and tests, as seen from the repository's folder.
    static let policyFiles: [String] =
        (FileManager.default.enumerator(atPath: repository.appending(path: "policies").path)?
        .compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".xml") }.map { "policies/" + $0 }.sorted()

    /// `portcullis`, beside the test bundle wherever the runner itself is.
    static var executable: URL {
        get throws {
            let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(filePath: bundle).deletingLastPathComponent().appending(path: "portcullis")
        }
    }

    /// Runs the tool in `folder` with `input` on standard input.
    static func run(
        _ arguments: [String], in folder: Folder, input: Data = Data(),
        environment: [String: String] = [:]
    ) throws -> Outcome {
        try run(arguments, at: folder.url, input: input, environment: environment)
    }

    /// Runs the tool in a folder that stays.
    static func run(
        _ arguments: [String], at folder: URL, input: Data = Data(),
        environment: [String: String] = [:]
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = try executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let streams = try Folder()
        try streams.write(input, to: "in")
        process.standardInput = try FileHandle(forReadingFrom: streams.url.appending(path: "in"))
        process.standardOutput = try streams.handle(writing: "out")
        process.standardError = try streams.handle(writing: "err")
        let start = ContinuousClock.now
        try process.run()
        process.waitUntilExit()
        let taken = ContinuousClock.now - start
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -1,
            output: try streams.text("out"), error: try streams.text("err"),
            seconds: Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18)
    }

    /// Runs the tool with text on standard input.
    static func run(_ arguments: String..., in folder: Folder, input: String = "") throws -> Outcome
    {
        try run(arguments, in: folder, input: Data(input.utf8))
    }
}

/// A folder that goes away with its last user.
final class Folder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "portcullis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ data: Data, to name: String) throws {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }

    func write(_ text: String, to name: String) throws {
        try write(Data(text.utf8), to: name)
    }

    func data(_ name: String) throws -> Data {
        try Data(contentsOf: url.appending(path: name))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try data(name), as: UTF8.self)
    }

    /// The names of all files, sorted.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }

    func handle(writing name: String) throws -> FileHandle {
        try write(Data(), to: name)
        return try FileHandle(forWritingTo: url.appending(path: name))
    }
}

/// A JSON object; empty if the text is not one.
func object(_ text: String) -> [String: Any] {
    let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
    return value as? [String: Any] ?? [:]
}

/// A policy of the given body.
func policy(_ body: String, attributes: String = "name=\"test\"") -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" \(attributes)>
    \(body)
    </sandbox-restrictions>

    """
}
