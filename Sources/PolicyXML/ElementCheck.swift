internal import PolicyModel

/// A vocabulary as far as every element of a file must keep to it.
struct MarkupLanguage {
    let namespace: String
    /// The name of the root element.
    let root: String
    /// Every other element, wherever it may stand.
    let elements: Set<String>
    /// What a file is, as in "a policy has xmlns=...".
    let noun: String
}

/// What holds for every element, whatever it means: where it may stand, and its attributes.
struct ElementCheck {
    let language: MarkupLanguage
    var faults: FaultList
    /// The elements about which something was said, so that the schema need not say it again.
    private(set) var faultyElements: Set<Int> = []

    init(language: MarkupLanguage, faults: FaultList) {
        self.language = language
        self.faults = faults
    }

    /// Whether an element can be the root; says so if not.
    mutating func acceptRoot(_ root: Element) -> Bool {
        guard root.name == language.root else {
            fault(
                "wrong-root",
                "the root element is \(quoted(root.name)), not \(quoted(language.root))", root)
            markSubtree(root)
            return false
        }
        if root.namespace != language.namespace { wrongNamespace(root) }
        return true
    }

    /// Whether an element is one of those that may stand here; says so if not.
    mutating func accept(
        _ element: Element, among known: [String], under parent: Element
    ) -> Bool {
        if faults.isFull { return false }
        if element.namespace != parent.namespace, element.namespace != language.namespace {
            wrongNamespace(element)
            markSubtree(element)
            return false
        }
        guard known.contains(element.name) else {
            unknown(element, among: known, under: parent)
            markSubtree(element)
            return false
        }
        return true
    }

    /// Says so if anything stands in an element that must be empty.
    mutating func checkEmpty(_ element: Element) {
        for child in element.children {
            unknown(child, among: [], under: element)
            markSubtree(child)
        }
    }

    private mutating func unknown(
        _ element: Element, among known: [String], under parent: Element
    ) {
        let allowed = known.isEmpty ? "it must be empty" : "it may hold \(alternatives(known))"
        if language.elements.contains(element.name) || element.name == language.root {
            fault(
                "misplaced-element",
                "\(quoted(element.name)) cannot stand in \(quoted(parent.name))", element,
                notes: [.init("\(quoted(parent.name)): \(allowed)")])
        } else {
            let guess =
                nearest(to: element.name, among: known)
                ?? nearest(to: element.name, among: language.elements.sorted())
            fault(
                "unknown-element", "unknown element \(quoted(element.name))", element,
                notes: [
                    guess.map { .init("did you mean \(quoted($0))?") }
                        ?? .init("\(quoted(parent.name)): \(allowed)")
                ])
        }
    }

    private mutating func wrongNamespace(_ element: Element) {
        let found = element.namespace.map { "the namespace \(quoted($0))" } ?? "no namespace"
        fault(
            "wrong-namespace", "\(quoted(element.name)) is in \(found)", element,
            notes: [.init("\(language.noun) has xmlns=\"\(language.namespace)\"")])
    }

    /// Says so if an element holds text.
    mutating func checkText(_ element: Element) {
        guard let offset = element.textOffset else { return }
        markFaulty(element)
        faults.add(
            "unexpected-text", "\(quoted(element.name)) holds text, but only elements count",
            at: offset..<(offset + 1), notes: [.init("values stand in attributes")])
    }

    /// Says so if an attribute is unknown or missing.
    mutating func checkAttributes(_ element: Element, known: [String], required: String?) {
        for attribute in element.attributes {
            if attribute.namespace == "http://www.w3.org/2001/XMLSchema-instance",
                element.name == language.root,
                ["schemaLocation", "noNamespaceSchemaLocation"].contains(attribute.name)
            {
                continue  // A hint for editors, which we do not follow.
            }
            if attribute.namespace == nil, known.contains(attribute.name) { continue }
            let written = attribute.prefix.map { $0 + ":" + attribute.name } ?? attribute.name
            let guess = nearest(to: attribute.name, among: known)
            markFaulty(element)
            faults.add(
                "unknown-attribute",
                "\(quoted(element.name)) has no attribute \(quoted(written))",
                at: nameRange(element, written),
                notes: [
                    guess.map { .init("did you mean \(quoted($0))?") }
                        ?? .init(
                            known.isEmpty
                                ? "\(quoted(element.name)) has no attributes"
                                : "it may have \(alternatives(known))")
                ])
        }
        if let required, element[required] == nil {
            fault(
                "missing-attribute",
                "\(quoted(element.name)) needs the attribute \(quoted(required))", element)
        }
    }

    // MARK: - Faults

    mutating func markFaulty(_ element: Element) {
        faultyElements.insert(element.ordinal)
    }

    private mutating func markSubtree(_ element: Element) {
        var pending = [element]
        while let next = pending.popLast() {
            markFaulty(next)
            pending += next.children
        }
    }

    /// Records an error about an element as a whole.
    mutating func fault(
        _ code: String, _ message: String, _ element: Element, notes: [Diagnostic.Note] = []
    ) {
        markFaulty(element)
        faults.add(code, message, at: tagRange(element), notes: notes)
    }

    /// Records an error about the value of an attribute.
    mutating func faultInValue(
        _ code: String, _ message: String, _ element: Element, _ attribute: String,
        notes: [Diagnostic.Note] = []
    ) {
        markFaulty(element)
        faults.add(code, message, at: valueRange(element, attribute), notes: notes)
    }

    /// Records, as errors, what the schema alone found.
    mutating func addSchemaFindings(of document: MarkupDocument) {
        for finding in document.findings {
            guard let element = finding.element ?? document.root,
                !faultyElements.contains(element.ordinal)
            else { continue }
            faults.add("schema", MarkupDocument.plain(finding.message), at: tagRange(element))
        }
    }

    /// The `<name` of an element.
    func tagRange(_ element: Element) -> Range<Int> {
        element.offset..<StartTag.nameEnd(in: faults.source.bytes, at: element.offset)
    }

    private func nameRange(_ element: Element, _ written: String) -> Range<Int> {
        StartTag(bytes: faults.source.bytes, open: element.offset).attributes
            .first { $0.name == written }?.nameRange ?? tagRange(element)
    }

    func valueRange(_ element: Element, _ attribute: String) -> Range<Int> {
        StartTag(bytes: faults.source.bytes, open: element.offset).attributes
            .first { $0.name == attribute }?.value ?? tagRange(element)
    }
}
