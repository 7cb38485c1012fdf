internal import FoundationEssentials
internal import PolicyModel

/// One question to a policy: `{"path":["os","getcwd"],"phase":"runtime","operation":"use"}`.
struct QueryLine: Sendable {
    /// The segments of the path.
    var path: [String]
    /// When and how it is touched.
    var context: AccessContext
}

/// When a path is touched.
enum QueryPhase: String, CaseIterable, Sendable {
    case `import`
    case runtime
}

/// How a path is touched.
enum QueryOperation: String, CaseIterable, Sendable {
    case access
    case use
}

/// Why a line cannot be answered: lower case and without a full stop.
struct QueryFault: Error, Sendable {
    var message: String

    init(_ message: String) {
        self.message = message
    }
}

extension QueryLine {
    /// Reads a line; throws what is wrong with it.
    init(_ line: ArraySlice<UInt8>, decoder: JSONDecoder) throws(QueryFault) {
        guard line.contains(where: { !Self.blanks.contains($0) }) else {
            throw QueryFault("the line is empty")
        }
        // The decoder would guess another encoding from zero bytes.
        guard !line.contains(0), line.withUnsafeBytes({ isUTF8($0) }) else {
            throw QueryFault("the line is not UTF-8")
        }
        do {
            self = try decoder.decode(QueryLine.self, from: Data(line))
        } catch let fault as QueryFault {
            throw fault
        } catch {
            throw QueryFault("the line is not one JSON object")
        }
    }

    private static let blanks = Array(" \t\r".utf8)
}

/// Whether the bytes are valid UTF-8.
private func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
    String(validating: bytes, as: UTF8.self) != nil
}

extension QueryLine: Decodable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }

        static let path = Key(stringValue: "path")
        static let phase = Key(stringValue: "phase")
        static let operation = Key(stringValue: "operation")
        static let known = Set([path, phase, operation].map(\.stringValue))
    }

    init(from decoder: any Decoder) throws {
        let line = try decoder.container(keyedBy: Key.self)
        let unknown = line.allKeys.map(\.stringValue).filter { !Key.known.contains($0) }
        if let name = unknown.min() { throw QueryFault("`\(name)` is not a member of a query") }
        guard line.contains(.path) else { throw QueryFault("`path` is missing") }
        guard let path = try? line.decode([String].self, forKey: .path) else {
            throw QueryFault("`path` is not an array of strings")
        }
        let phase: QueryPhase = try Self.word(.phase, of: line)
        let operation: QueryOperation = try Self.word(.operation, of: line)
        self.init(
            path: path,
            context: AccessContext(runtime: phase == .runtime, use: operation == .use))
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ key: Key, of line: KeyedDecodingContainer<Key>
    ) throws(QueryFault) -> Word where Word.RawValue == String {
        guard line.contains(key) else { throw QueryFault("`\(key.stringValue)` is missing") }
        guard let text = try? line.decode(String.self, forKey: key),
            let word = Word(rawValue: text)
        else {
            let words = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: " or ")
            throw QueryFault("`\(key.stringValue)` is not \(words)")
        }
        return word
    }
}
