internal import CLibXML2

/// The schema, parsed by libxml2 and ready for validation from any thread.
final class PolicySchema: @unchecked Sendable {
    // INVARIANT: after `init` nothing writes to what this points to. libxml2 keeps the state of a
    // validation in its own context; only a document's xsi:schemaLocation would change the schema,
    // and `forReading` gives such a document a schema of its own.
    let pointer: xmlSchemaPtr

    /// What a schema describes.
    enum Language {
        case policy, tests

        fileprivate var source: [UInt8] {
            switch self {
            case .policy: PackageResources.sandbox_restrictions_xsd
            case .tests: PackageResources.policy_tests_xsd
            }
        }
    }

    private init?(_ language: Language) {
        guard Self.isLibraryReady else { return nil }
        let source = language.source
        let schema = source.withUnsafeBytes { buffer -> xmlSchemaPtr? in
            let start = buffer.bindMemory(to: CChar.self).baseAddress
            guard let parser = xmlSchemaNewMemParserCtxt(start, Int32(buffer.count)) else {
                return nil
            }
            defer { xmlSchemaFreeParserCtxt(parser) }
            return xmlSchemaParse(parser)
        }
        guard let schema else { return nil }
        pointer = schema
    }

    deinit {
        xmlSchemaFree(pointer)
    }

    /// The schema to validate a file with; nil if memory is short.
    static func forReading(_ bytes: [UInt8], _ language: Language) -> PolicySchema? {
        let mark = Array("XMLSchema-instance".utf8)
        let first = mark[0]
        for (offset, byte) in bytes.enumerated() where byte == first {
            if bytes[offset...].starts(with: mark) { return PolicySchema(language) }
        }
        return switch language {
        case .policy: policy
        case .tests: tests
        }
    }

    private static let policy = PolicySchema(.policy)
    private static let tests = PolicySchema(.tests)

    /// What libxml2 must do once in a process before threads may use it.
    static let isLibraryReady: Bool = {
        xmlInitParser()
        portcullis_refuse_entities()
        xmlSchemaInitTypes()
        return true
    }()
}
