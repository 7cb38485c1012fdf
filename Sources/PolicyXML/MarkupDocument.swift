internal import PolicyModel

/// A file of the policy language, as far as its vocabulary does not matter: the bytes are judged
/// first, then libxml2 reads them.
struct MarkupDocument {
    var faults: FaultList
    private(set) var root: Element?
    /// What libxml2's validator found.
    private(set) var findings: [ElementParser.SchemaFinding] = []
    private(set) var malformation: ElementParser.Malformation?

    init(bytes: [UInt8], file: String) {
        guard bytes.count <= ReadingLimits.fileSize else {
            faults = FaultList(source: SourceText(file: file, bytes: []))
            faults.add(
                "file-too-large", "the file is larger than \(ReadingLimits.fileSize) bytes",
                at: 0..<0)
            return
        }
        faults = FaultList(source: SourceText(file: file, bytes: bytes))
        if bytes.isEmpty { faults.add("malformed-xml", "the file is empty", at: 0..<0) }
    }

    /// Reads the file, with a schema or without; whatever was read is in ``root``.
    mutating func read(with schema: PolicySchema.Language?) {
        guard faults.diagnostics.isEmpty, let scan = MarkupScan.scan(&faults) else { return }
        let parser = ElementParser(
            source: faults.source, startTags: scan.startTags, keepsText: schema == .tests)
        guard parser.parse(with: schema) else {
            faults.add("out-of-memory", "the XML parser could not start", at: 0..<1)
            return
        }
        root = parser.root
        findings = parser.findings
        malformation = parser.malformation
    }

    /// Records what makes the file not well formed, where libxml2 stopped.
    mutating func reportMalformation() {
        guard let found = malformation else { return }
        faults.dropWarnings()
        var notes: [Diagnostic.Note] = []
        var code = "malformed-xml"
        var message = Self.plain(found.message)
        let end = min(max(found.offset, 0), faults.source.bytes.count - 1)
        var range = end..<(end + 1)
        switch found.code {
        case 26, 27:  // XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY
            code = "entity"
            message = "the entity \(quoted("&" + found.detail + ";")) does not exist"
            range = max(0, end - found.detail.utf8.count - 2)..<end
            notes = [.init("XML has `&lt;`, `&gt;`, `&amp;`, `&quot;` and `&apos;`")]
        case 39:  // XML_ERR_ATTRIBUTE_NOT_STARTED
            message = "the value of an attribute needs quotes"
        case 76, 77, 5:  // XML_ERR_TAG_NAME_MISMATCH, XML_ERR_TAG_NOT_FINISHED, document end
            if let open = found.open {
                notes = [.init("\(quoted(open.name)) is opened here", at: open.location)]
            }
        default: break
        }
        faults.add(code, message, at: range, notes: notes)
    }

    /// libxml2's message in the form of ours: no namespace, lower case, no full stop.
    static func plain(_ message: String) -> String {
        var text = message.split(whereSeparator: \.isNewline).joined(separator: " ")
            .replacing("{" + Vocabulary.namespace + "}", with: "")
            .replacing("{" + TestVocabulary.namespace + "}", with: "")
            .replacing("'", with: "`")
        while text.hasSuffix(".") || text.hasSuffix(" ") { text.removeLast() }
        guard let first = text.first else { return "not valid" }
        return first.lowercased() + text.dropFirst()
    }
}
