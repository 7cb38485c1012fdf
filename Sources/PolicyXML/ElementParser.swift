internal import CLibXML2
internal import PolicyModel

/// Runs libxml2's parser, with its schema validator plugged in or without, over one file.
///
/// The validator and our own checks see the same single pass. What the validator finds is kept by
/// element, so that it can be left out where our own checks have something better to say.
final class ElementParser {
    /// What libxml2's validator found about one element.
    struct SchemaFinding {
        let element: Element?
        let message: String
    }

    /// What makes a file not well formed.
    struct Malformation {
        let code: Int32
        let message: String
        let detail: String
        let offset: Int
        let open: Element?
    }

    private(set) var root: Element?
    private(set) var findings: [SchemaFinding] = []
    private(set) var malformation: Malformation?
    private var source: SourceText
    private let startTags: [Int]
    private let keepsText: Bool
    private var count = 0
    private var open: [Element] = []
    private var current: Element?
    private var context: xmlParserCtxtPtr?

    /// - Parameter keepsText: Whether the elements' text is wanted, and not only where it starts.
    init(source: SourceText, startTags: [Int], keepsText: Bool = false) {
        self.source = source
        self.keepsText = keepsText
        self.startTags = startTags
    }

    /// Parses the file; afterwards the tree and the findings are there.
    ///
    /// - Returns: false if libxml2 could not even start, for lack of memory.
    func parse(with language: PolicySchema.Language?) -> Bool {
        guard PolicySchema.isLibraryReady else { return false }
        guard let language else { return parse(validator: nil) }
        guard let schema = PolicySchema.forReading(source.bytes, language),
            let validator = xmlSchemaNewValidCtxt(schema.pointer)
        else { return false }
        defer { xmlSchemaFreeValidCtxt(validator) }
        return withExtendedLifetime(schema) { parse(validator: validator) }
    }

    private func parse(validator: xmlSchemaValidCtxtPtr?) -> Bool {
        source.bytes.withUnsafeBytes { buffer in
            let start = buffer.bindMemory(to: CChar.self).baseAddress
            guard let context = xmlCreateMemoryParserCtxt(start, Int32(buffer.count)) else {
                return false
            }
            defer { xmlFreeParserCtxt(context) }
            run(context, validator)
            return true
        }
    }

    private func run(_ parser: xmlParserCtxtPtr, _ validator: xmlSchemaValidCtxtPtr?) {
        context = parser
        defer { context = nil }
        // NOENT makes the five entities arrive as characters; a document type was refused before.
        let options = XML_PARSE_NOENT.rawValue | XML_PARSE_NONET.rawValue
        xmlCtxtUseOptions(parser, Int32(options))
        let selfPointer = Unmanaged.passUnretained(self).toOpaque()
        var handler = Self.handler
        if let validator {
            xmlSchemaSetValidStructuredErrors(validator, Self.schemaError, selfPointer)
        }
        withUnsafeMutablePointer(to: &handler) { handler in
            let ownHandler = parser.pointee.sax
            parser.pointee.sax = handler
            parser.pointee.userData = selfPointer
            let plug = validator.flatMap {
                xmlSchemaSAXPlug($0, &parser.pointee.sax, &parser.pointee.userData)
            }
            // The plug passes no structured errors on, so they come through this thread's hook.
            let oldFunction = __xmlStructuredError()?.pointee
            let oldContext = __xmlStructuredErrorContext()?.pointee
            xmlSetStructuredErrorFunc(selfPointer, Self.parserError)
            xmlParseDocument(parser)
            xmlSetStructuredErrorFunc(oldContext, oldFunction)
            if let plug { xmlSchemaSAXUnplug(plug) }
            parser.pointee.sax = ownHandler
            parser.pointee.userData = UnsafeMutableRawPointer(parser)
        }
    }
}

// MARK: - What libxml2 calls

extension ElementParser {
    private static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { pointer, name, prefix, uri, _, _, count, _, attributes in
            elementParser(pointer)?.start(name: name, uri: uri, count: Int(count), attributes)
        }
        handler.endElementNs = { pointer, _, _, _ in elementParser(pointer)?.end() }
        handler.characters = { pointer, text, length in
            elementParser(pointer)?.text(text, Int(length))
        }
        handler.ignorableWhitespace = handler.characters
        handler.cdataBlock = handler.characters
        handler.reference = { _, _ in }
        return handler
    }

    private static let schemaError: xmlStructuredErrorFunc = { pointer, error in
        guard let error, let parser = elementParser(pointer) else { return }
        guard error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
        guard parser.findings.count < ReadingLimits.diagnostics else { return }
        parser.findings.append(
            SchemaFinding(
                element: parser.current, message: ElementParser.string(error.pointee.message)))
    }

    private static let parserError: xmlStructuredErrorFunc = { pointer, error in
        guard let error, let parser = elementParser(pointer), let context = parser.context,
            parser.malformation == nil,
            error.pointee.level.rawValue >= XML_ERR_ERROR.rawValue
        else { return }
        parser.malformation = Malformation(
            code: error.pointee.code, message: ElementParser.string(error.pointee.message),
            detail: ElementParser.string(error.pointee.str1), offset: portcullis_offset(context),
            open: parser.open.last)
    }

    private func start(
        name: UnsafePointer<xmlChar>?, uri: UnsafePointer<xmlChar>?, count attributeCount: Int,
        _ raw: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard malformation == nil, startTags.indices.contains(count) else { return }
        let offset = startTags[count]
        let element = Element(
            name: Self.string(name), namespace: uri.map { Self.string($0) },
            attributes: Self.attributes(raw, attributeCount), ordinal: count, offset: offset,
            location: source.location(at: offset))
        count += 1
        if let parent = open.last { parent.children.append(element) } else { root = element }
        open.append(element)
        current = element
    }

    private func end() {
        current = open.popLast() ?? current
    }

    private func text(_ text: UnsafePointer<xmlChar>?, _ length: Int) {
        current = open.last
        guard malformation == nil, let text, let element = open.last, let context else { return }
        let bytes = UnsafeBufferPointer(start: text, count: length)
        if keepsText { element.text += bytes }
        guard element.textOffset == nil,
            let first = bytes.firstIndex(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) })
        else { return }
        let start = portcullis_offset_of(context, text)
        element.textOffset = start >= 0 ? start + first : portcullis_offset(context)
    }

    /// libxml2 hands attributes over as five pointers each: name, prefix, namespace, value, end.
    private static func attributes(
        _ raw: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) -> [Element.Attribute] {
        guard let raw else { return [] }
        return (0..<count).map { index in
            let field = raw + index * 5
            let value: String =
                if let start = field[3], let end = field[4] {
                    String(
                        decoding: UnsafeBufferPointer(start: start, count: end - start),
                        as: UTF8.self)
                } else { "" }
            return Element.Attribute(
                name: string(field[0]), prefix: field[1].map { string($0) },
                namespace: field[2].map { string($0) }, value: value)
        }
    }

    private static func string(_ text: UnsafePointer<xmlChar>?) -> String {
        text.map { String(cString: $0) } ?? ""
    }

    private static func string(_ text: UnsafeMutablePointer<CChar>?) -> String {
        text.map { String(cString: $0) } ?? ""
    }
}

/// The parser that libxml2 was given as its user data.
private func elementParser(_ pointer: UnsafeMutableRawPointer?) -> ElementParser? {
    pointer.map { Unmanaged<ElementParser>.fromOpaque($0).takeUnretainedValue() }
}
