internal import PolicyModel

/// Makes a policy layer of a file's elements and says everything that is wrong with them.
struct LayerBuilder {
    var faults: FaultList
    var layer: PolicyLayer
    /// The layers that stand in the file itself, the base first; they come before `layer`.
    private(set) var innerLayers: [PolicyLayer] = []
    /// The file to extend, and where that is written.
    var extends: (name: String, range: Range<Int>)?
    /// The elements about which something was said, so that the schema need not say it again.
    private(set) var faultyElements: Set<Int> = []
    /// The rules by the author's ids.
    var ids: [String: Element] = [:]
    var passthroughs: [PassthroughDeclaration.Subject: [Mark]] = [:]
    let unrestrictions = DeclaredNode()
    var flags: [String: [Mark]] = [:]
    var sysModules: Element?
    let invalidModules = DeclaredNode()
    let invalidModuleMembers = DeclaredNode()

    init(faults: FaultList) {
        self.faults = faults
        layer = PolicyLayer(name: "", file: faults.source.file)
    }

    /// Builds the layer of a document.
    mutating func build(_ root: Element) {
        guard root.name == Vocabulary.root else {
            fault(
                "wrong-root",
                "the root element is \(quoted(root.name)), not "
                    + quoted(Vocabulary.root), root)
            markSubtree(root)
            return
        }
        if root.namespace != Vocabulary.namespace { wrongNamespace(root) }
        checkAttributes(root, in: .policy)
        checkText(root)
        if let name = root["extends"] {
            extends = (name, valueRange(root, "extends"))
        }
        contents(of: root)
    }

    /// Reads the name and the sections of a policy, or of a layer in it.
    private mutating func contents(of element: Element) {
        if let name = element["name"] {
            if name.isEmpty || name.contains(where: \.isWhitespace) {
                faultInValue("bad-value", "a policy's name is one word", element, "name")
            }
            layer.name = name
        }
        sections(in: element, rootNamespace: element.namespace, PythonVersionCondition())
        invalidModuleMembers.findUnreachable { self.unreachable($0) }
        invalidModules.findUnreachable { self.unreachable($0) }
    }

    /// Reads a layer that stands in the file itself, with names and ids of its own.
    private mutating func innerLayer(_ element: Element, under parent: Element) {
        guard parent.name == Vocabulary.root else {
            fault(
                "misplaced-element", "`layer` cannot stand in \(quoted(parent.name))", element,
                notes: [.init("put it next to the sections of the policy")])
            return
        }
        guard innerLayers.count + 1 < ReadingLimits.layers else {
            fault(
                "too-many-layers", "a policy has more than \(ReadingLimits.layers) layers", element)
            return
        }
        var builder = LayerBuilder(faults: faults)
        builder.contents(of: element)
        faults = builder.faults
        faultyElements.formUnion(builder.faultyElements)
        innerLayers.append(builder.layer)
    }

    private mutating func sections(
        in parent: Element, rootNamespace: String?, _ condition: PythonVersionCondition
    ) {
        for element in parent.children where accept(element, in: .policy, under: parent) {
            switch element.name {
            case "when":
                sections(in: element, rootNamespace: rootNamespace, when(element, condition))
            case "passthrough-modules": passthroughModules(in: element, condition)
            case "invalid-modules":
                let found = matchers(
                    in: element, .invalidModules, condition, [], invalidModules)
                layer.invalidModules += found.declarations
            case "invalid-module-members":
                let found = matchers(
                    in: element, .invalidModuleMembers, condition, [], invalidModuleMembers)
                layer.invalidModuleMembers += found.declarations
            case "unrestrict": unrestrict(element, condition)
            case "import-notification-policy": importNotificationPolicy(element, condition)
            case "lint": lint(element, under: parent)
            case "layer": innerLayer(element, under: parent)
            default: sysModules(element, insideWhen: parent.name == "when")
            }
        }
    }

    // MARK: - What holds for every element

    /// Whether an element may stand here; says so if not. Its attributes and text are checked too.
    mutating func accept(_ element: Element, in place: Place, under parent: Element) -> Bool {
        if faults.isFull { return false }
        if element.namespace != parent.namespace, element.namespace != Vocabulary.namespace {
            wrongNamespace(element)
            markSubtree(element)
            return false
        }
        guard place.elements.contains(element.name) else {
            unknown(element, in: place, under: parent)
            markSubtree(element)
            return false
        }
        checkAttributes(element, in: place)
        checkText(element)
        let inside = place.inside(element.name)
        if inside == .nothing {
            for child in element.children {
                unknown(child, in: .nothing, under: element)
                markSubtree(child)
            }
        }
        return true
    }

    private mutating func unknown(_ element: Element, in place: Place, under parent: Element) {
        let known = place.elements
        let allowed = known.isEmpty ? "it must be empty" : "it may hold \(alternatives(known))"
        if Vocabulary.elements.contains(element.name) || element.name == Vocabulary.root {
            fault(
                "misplaced-element",
                "\(quoted(element.name)) cannot stand in \(quoted(parent.name))", element,
                notes: [.init("\(quoted(parent.name)): \(allowed)")])
        } else {
            let guess =
                nearest(to: element.name, among: known)
                ?? nearest(to: element.name, among: Vocabulary.elements.sorted())
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
            notes: [.init("a policy has xmlns=\"\(Vocabulary.namespace)\"")])
    }

    private mutating func checkText(_ element: Element) {
        guard let offset = element.textOffset else { return }
        markFaulty(element)
        faults.add(
            "unexpected-text", "\(quoted(element.name)) holds text, but only elements count",
            at: offset..<(offset + 1), notes: [.init("values stand in attributes")])
    }

    private mutating func checkAttributes(_ element: Element, in place: Place) {
        let (known, required) = Vocabulary.attributes(of: element.name, in: place)
        for attribute in element.attributes {
            if attribute.namespace == "http://www.w3.org/2001/XMLSchema-instance",
                element.name == Vocabulary.root,
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

    /// The condition of a `when`, joined with the one around it.
    mutating func when(
        _ element: Element, _ outer: PythonVersionCondition
    ) -> PythonVersionCondition {
        guard let text = element["python"] else { return outer }
        guard let own = PythonVersionCondition(parsing: text) else {
            faultInValue(
                "bad-condition", "\(quoted(text)) is not a condition on the Python version",
                element, "python",
                notes: [.init("write comparisons joined by commas, as in `>=3.10,<3.13`")])
            return outer
        }
        let condition = outer.and(own)
        if condition.mask == 0 {
            let supported = PythonVersion.supported
            let range = supported.first.flatMap { first in
                supported.last.map { "\(first) to \($0)" }
            }
            faults.warn(
                "condition-never-holds",
                "this condition holds on none of the supported Pythons (\(range ?? ""))",
                at: valueRange(element, "python"))
        }
        return condition
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

extension PythonVersionCondition {
    /// The supported versions for which the condition holds, the oldest in bit 0.
    var mask: UInt32 {
        if clauses.isEmpty { return (1 << UInt32(PythonVersion.supported.count)) - 1 }
        var mask: UInt32 = 0
        for (index, version) in PythonVersion.supported.enumerated() where contains(version) {
            mask |= 1 << UInt32(index)
        }
        return mask
    }
}
