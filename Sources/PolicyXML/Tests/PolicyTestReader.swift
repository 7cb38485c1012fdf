public import PolicyModel

/// Reads files of policy tests.
public struct PolicyTestReader: Sendable {
    /// Makes a reader.
    public init() {}

    /// Reads a file.
    ///
    /// - Throws: Every fault, sorted; a file that cannot be read is one of them.
    public func read(file: String) throws(PolicyError) -> PolicyTests {
        let bytes: [UInt8]
        do throws(PolicyFile.Fault) {
            bytes = try PolicyFile.read(file)
        } catch {
            throw PolicyError([PolicyReader.unreadable(file, error)])
        }
        return try read(bytes: bytes, named: file)
    }

    /// Reads tests from memory.
    ///
    /// - Parameter name: What messages call them.
    /// - Throws: Every fault, sorted.
    public func read(bytes: [UInt8], named name: String) throws(PolicyError) -> PolicyTests {
        let reading = Self.reading(bytes, name)
        guard reading.faults.diagnostics.isEmpty else {
            throw PolicyError(reading.faults.diagnostics)
        }
        return reading.tests
    }

    /// Whether a file is a policy, in contrast to tests of one.
    public func isPolicy(file: String) -> Bool {
        guard let bytes = try? PolicyFile.read(file) else { return false }
        var document = MarkupDocument(bytes: bytes, file: file)
        document.read(with: nil)
        return document.root?.name == Vocabulary.root
    }

    private static func reading(
        _ bytes: [UInt8], _ name: String
    ) -> (tests: PolicyTests, faults: FaultList) {
        var document = MarkupDocument(bytes: bytes, file: name)
        document.read(with: .tests)
        var builder = TestBuilder(faults: document.faults)
        if let root = document.root { builder.build(root) }
        if document.malformation != nil {
            document.faults = builder.faults
            document.reportMalformation()
            return (builder.tests, document.faults)
        }
        if document.root?.name == TestVocabulary.root {
            builder.check.addSchemaFindings(of: document)
        }
        return (builder.tests, builder.faults)
    }
}
