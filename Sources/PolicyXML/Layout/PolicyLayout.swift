public import PolicyModel

/// The canonical layout of policies and policy tests.
///
/// Two spaces a level, one element a line, attributes in one order and in double quotes, lines of at
/// most ``lineLength`` characters where attributes allow it. Comments and processing instructions
/// stay where they are, with at most one blank line before them; the text of an element that holds
/// text stays as it is.
public enum PolicyLayout {
    /// The length that a line of attributes does not exceed, in characters.
    public static let lineLength = 100
    /// The spaces of one level.
    static let indentation = 2

    /// Lays a file out anew.
    ///
    /// The result is read again before it is given back: it has the elements, attributes and values
    /// of the original, or nothing is given back.
    /// - Parameter name: What messages call the file.
    /// - Throws: ``PolicyError`` if the file is not well formed or exceeds a limit; what a policy
    ///   may hold is not asked.
    public static func formatted(_ bytes: [UInt8], named name: String) throws(PolicyError)
        -> [UInt8]
    {
        let tree = try tree(of: bytes, named: name)
        var writer = LayoutWriter(bytes: bytes)
        let result = writer.write(MarkupTokens(bytes).tokens)
        guard Element.isSame(tree, try self.tree(of: result, named: name)) else {
            throw PolicyError([
                Diagnostic(
                    .error, code: "layout-changes-meaning",
                    message: "cannot lay out \(quoted(name)) without changing what it says")
            ])
        }
        return result
    }

    /// The root element of a file that is well formed.
    private static func tree(
        of bytes: [UInt8], named name: String
    ) throws(PolicyError) -> Element {
        var document = MarkupDocument(bytes: bytes, file: name)
        document.read(with: nil)
        document.reportMalformation()
        guard let root = document.root, document.faults.diagnostics.isEmpty else {
            throw PolicyError(document.faults.diagnostics)
        }
        return root
    }

    /// The order of attributes, the same for all elements: what is spoken of, what holds, and why.
    static let attributeOrder = [
        "code", "policy", "name", "extends", "path", "import", "module", "python", "id", "phase",
        "operation", "match", "only", "arguments", "effect", "warning", "rule", "input", "instead",
        "message", "because", "see", "owner", "until", "warn-on-dynamic-import",
        "warn-on-unintentional-passthrough", "raise-on-unintentional-passthrough",
        "lazy-passthrough",
    ]
}

extension Element {
    /// Whether two trees say the same, wherever it is written and in whatever order attributes are.
    static func isSame(_ first: Element, _ second: Element) -> Bool {
        var pending = [(first, second)]
        while let (a, b) = pending.popLast() {
            guard a.name == b.name, a.namespace == b.namespace,
                (a.textOffset == nil) == (b.textOffset == nil),
                a.children.count == b.children.count, a.attributes.count == b.attributes.count
            else { return false }
            for attribute in a.attributes {
                let isThere = b.attributes.contains {
                    $0.name == attribute.name && $0.namespace == attribute.namespace
                        && $0.value == attribute.value
                }
                guard isThere else { return false }
            }
            pending += zip(a.children, b.children)
        }
        return true
    }
}
