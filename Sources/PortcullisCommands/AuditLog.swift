internal import FoundationEssentials
internal import PolicyModel

/// What an audit recorded: a line for each distinct access that a policy denies.
struct AuditLog {
    /// The largest log that is read, in bytes.
    static let largestFile = 64 << 20
    /// The most faulty lines that are reported.
    static let mostFaults = 20

    /// What was recorded, in the order of the file.
    var entries: [AuditEntry] = []

    /// Reads a log, `-` being standard input.
    ///
    /// - Throws: Every line that is no entry, up to a limit; the log as a whole is refused then.
    init(_ path: String) throws(CommandError) {
        var faults: [Diagnostic] = []
        let decoder = JSONDecoder()
        let lines = try Self.text(path).split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            do {
                entries.append(try decoder.decode(AuditEntry.self, from: Data(line.utf8)))
            } catch {
                faults.append(
                    Diagnostic(
                        .error, code: "bad-audit-entry",
                        message: "this line is no entry of an audit: \(Self.reason(error))",
                        at: SourceLocation(file: path, line: index + 1, column: 1)))
                if faults.count == Self.mostFaults { break }
            }
        }
        guard faults.isEmpty else { throw .diagnostics(PolicyError(faults)) }
    }

    private static func text(_ path: String) throws(CommandError) -> String {
        try PolicyFile.requireFile(path)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .cannotRead(path, because: "it cannot be opened")
        }
        guard data.count <= largestFile else {
            throw .cannotRead(path, because: "it is larger than \(largestFile) bytes")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .cannotRead(path, because: "it is not UTF-8")
        }
        return text
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "`\(key.stringValue)` is missing"
        case DecodingError.typeMismatch(_, let context),
            DecodingError.valueNotFound(_, let context):
            "`\(context.codingPath.last?.stringValue ?? "the line")` has another type"
        case let fault as AuditEntry.Fault: fault.message
        default: "it is not JSON"
        }
    }
}

/// An access that a policy denies, as `portcullis run --audit` and the workers' audits write it.
struct AuditEntry: Decodable, Hashable {
    /// What is wrong with an entry that is JSON.
    struct Fault: Error {
        var message: String
    }

    enum Kind: String, Decodable {
        /// A member that is restricted.
        case access
        /// The import of an invalid module.
        case `import`
        /// The import of a module that is not passed through, which the policy forbids.
        case passthrough
        /// A call that would change the whole process, which no policy allows.
        case setting
    }

    var kind: Kind
    /// The path, for example `datetime.datetime.now`.
    var path: DottedPath
    /// What was done with it; nil for a mere access.
    var operation: String?
    var isRuntime: Bool
    var python: PythonVersion
    /// `file:line`
    var caller: String?
    var function: String?
    var rule: String?
    /// Where the rule is written.
    var policy: String?
    /// What to use in its place.
    var instead: String?

    private enum Key: String, CodingKey {
        case kind, path, operation, phase, python, caller, function, rule, policy, instead
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        kind = try fields.decode(Kind.self, forKey: .kind)
        let text = try fields.decode(String.self, forKey: .path)
        guard let path = DottedPath(text) else { throw Fault(message: "`\(text)` is not a path") }
        self.path = path
        operation = try fields.decodeIfPresent(String.self, forKey: .operation)
        switch try fields.decode(String.self, forKey: .phase) {
        case "import": isRuntime = false
        case "runtime": isRuntime = true
        case let other: throw Fault(message: "`\(other)` is not a phase")
        }
        let version = try fields.decode(String.self, forKey: .python)
        guard let python = PythonVersion(version) else {
            throw Fault(message: "`\(version)` is not a version of Python")
        }
        self.python = python
        caller = try fields.decodeIfPresent(String.self, forKey: .caller)
        function = try fields.decodeIfPresent(String.self, forKey: .function)
        rule = try fields.decodeIfPresent(String.self, forKey: .rule)
        policy = try fields.decodeIfPresent(String.self, forKey: .policy)
        instead = try fields.decodeIfPresent(String.self, forKey: .instead)
    }
}

/// A path of names between dots, none of them empty or anything but a name.
struct DottedPath: Hashable, Comparable, CustomStringConvertible {
    let names: [String]

    init?(_ text: String) {
        names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isName = { (name: String) in
            name.first.map { $0.isLetter || $0 == "_" } ?? false
                && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        }
        guard names.allSatisfy(isName) else { return nil }
    }

    var description: String { names.joined(separator: ".") }

    static func < (a: DottedPath, b: DottedPath) -> Bool {
        a.names.lexicographicallyPrecedes(b.names)
    }

    /// Whether the other path is this one or below it.
    func covers(_ other: DottedPath) -> Bool { other.names.starts(with: names) }
}
