public import PolicyModel

/// The text of a policy file, for tools that show or change parts of it.
public struct PolicyText: Sendable {
    private var source: SourceText

    /// The bytes of the file.
    public var bytes: [UInt8] { source.bytes }

    /// Takes the bytes of a file.
    public init(bytes: [UInt8]) {
        source = SourceText(file: "", bytes: bytes)
    }

    /// Reads a file.
    ///
    /// - Throws: ``PolicyError`` if it cannot be read or is too large.
    public init(file: String) throws(PolicyError) {
        do {
            self.init(bytes: try PolicyFile.read(file))
        } catch {
            throw PolicyError([PolicyReader.unreadable(file, error)])
        }
    }

    /// The diagnostic with its source line, and with a caret below all of the element's name.
    public func illustrating(_ diagnostic: Diagnostic) -> Diagnostic {
        guard diagnostic.sourceLine == nil, let location = diagnostic.location else {
            return diagnostic
        }
        var diagnostic = diagnostic
        diagnostic.sourceLine = source.line(location.line)
        if let offset = startTag(at: location) {
            let end = StartTag.nameEnd(in: bytes, at: offset)
            diagnostic.length = source.characters(in: offset..<end)
        }
        return diagnostic
    }

    /// The offset of a start tag; nil if none starts there.
    func startTag(at location: SourceLocation) -> Int? {
        guard let offset = source.offset(line: location.line, column: location.column),
            offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "<"),
            isNameByte(bytes[offset + 1])
        else { return nil }
        return offset
    }

    /// The offset behind the `>` of a tag.
    func tagEnd(from open: Int) -> Int? {
        var quote: UInt8?
        for offset in (open + 1)..<bytes.count {
            let byte = bytes[offset]
            if let end = quote {
                if byte == end { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return offset + 1
            }
        }
        return nil
    }
}
