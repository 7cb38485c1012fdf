internal import PolicyModel

/// The reading of one file: the bytes first, then libxml2, then what the elements say.
struct LayerReading {
    var faults: FaultList
    /// The layers of the file, the base first; the last one is the file itself.
    var layers: [PolicyLayer]
    /// The file that it extends, and where that is written.
    var extends: (name: String, range: Range<Int>)?

    init(bytes: [UInt8], file: String) {
        layers = [PolicyLayer(name: "", file: file)]
        guard bytes.count <= ReadingLimits.fileSize else {
            faults = FaultList(source: SourceText(file: file, bytes: []))
            faults.add(
                "file-too-large", "the file is larger than \(ReadingLimits.fileSize) bytes",
                at: 0..<0)
            return
        }
        faults = FaultList(source: SourceText(file: file, bytes: bytes))
        guard !bytes.isEmpty else {
            faults.add("malformed-xml", "the file is empty", at: 0..<0)
            return
        }
        guard let scan = MarkupScan.scan(&faults) else { return }
        let parser = ElementParser(source: faults.source, startTags: scan.startTags)
        guard parser.parse() else {
            faults.add("out-of-memory", "the XML parser could not start", at: 0..<1)
            return
        }
        var builder = LayerBuilder(faults: faults)
        if let root = parser.root { builder.build(root) }
        let faulty = builder.faultyElements
        faults = builder.faults
        layers = builder.innerLayers + [builder.layer]
        if let malformation = parser.malformation {
            faults.dropWarnings()
            malformed(malformation)
            return
        }
        guard parser.root?.name == Vocabulary.root else { return }
        extends = builder.extends
        for finding in parser.findings {
            guard let element = finding.element ?? parser.root else { continue }
            if !faulty.contains(element.ordinal) {
                faults.add(
                    "schema", Self.plain(finding.message), at: builder.tagRange(element))
            }
        }
    }

    /// Records what makes the file not well formed, where libxml2 stopped.
    private mutating func malformed(_ found: ElementParser.Malformation) {
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
    private static func plain(_ message: String) -> String {
        var text = message.split(whereSeparator: \.isNewline).joined(separator: " ")
            .replacing("{" + Vocabulary.namespace + "}", with: "")
            .replacing("'", with: "`")
        while text.hasSuffix(".") || text.hasSuffix(" ") { text.removeLast() }
        guard let first = text.first else { return "not valid" }
        return first.lowercased() + text.dropFirst()
    }
}
