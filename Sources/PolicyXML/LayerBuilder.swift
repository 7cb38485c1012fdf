internal import PolicyModel

/// Makes a policy layer of a file's elements and says everything that is wrong with them.
struct LayerBuilder {
    private(set) var check: ElementCheck
    var layer: PolicyLayer
    /// The layers that stand in the file itself, the base first; they come before `layer`.
    private(set) var innerLayers: [PolicyLayer] = []
    /// The file to extend, and where that is written.
    var extends: (name: String, range: Range<Int>)?
    /// The rules by the author's ids.
    var ids: [String: Element] = [:]
    var passthroughs: [PassthroughDeclaration.Subject: [Mark]] = [:]
    let unrestrictions = DeclaredNode()
    var flags: [String: [Mark]] = [:]
    var sysModules: Element?
    let invalidModules = DeclaredNode()
    let invalidModuleMembers = DeclaredNode()

    init(faults: FaultList) {
        check = ElementCheck(language: Vocabulary.language, faults: faults)
        layer = PolicyLayer(name: "", file: faults.source.file)
    }

    var faults: FaultList {
        get { check.faults }
        _modify { yield &check.faults }
    }

    /// The elements about which something was said, so that the schema need not say it again.
    var faultyElements: Set<Int> { check.faultyElements }

    /// Builds the layer of a document.
    mutating func build(_ root: Element) {
        guard check.acceptRoot(root) else { return }
        checkAttributes(root, in: .policy)
        check.checkText(root)
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
        builder.check = check
        builder.contents(of: element)
        check = builder.check
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
                layer.invalidModules += whole(element, found, condition, invalidModules)
            case "invalid-module-members":
                let found = matchers(
                    in: element, .invalidModuleMembers, condition, [], invalidModuleMembers)
                layer.invalidModuleMembers += found.declarations
                layer.invalidModuleMembers += whole(
                    element, found, condition, invalidModuleMembers)
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
        guard check.accept(element, among: place.elements, under: parent) else { return false }
        checkAttributes(element, in: place)
        check.checkText(element)
        if place.inside(element.name) == .nothing { check.checkEmpty(element) }
        return true
    }

    private mutating func checkAttributes(_ element: Element, in place: Place) {
        let (known, required) = Vocabulary.attributes(of: element.name, in: place)
        check.checkAttributes(element, known: known, required: required)
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

    /// Records an error about an element as a whole.
    mutating func fault(
        _ code: String, _ message: String, _ element: Element, notes: [Diagnostic.Note] = []
    ) {
        check.fault(code, message, element, notes: notes)
    }

    /// Records an error about the value of an attribute.
    mutating func faultInValue(
        _ code: String, _ message: String, _ element: Element, _ attribute: String,
        notes: [Diagnostic.Note] = []
    ) {
        check.faultInValue(code, message, element, attribute, notes: notes)
    }

    /// Records, as errors, what the schema alone found.
    mutating func addSchemaFindings(of document: MarkupDocument) {
        check.addSchemaFindings(of: document)
    }

    func tagRange(_ element: Element) -> Range<Int> { check.tagRange(element) }

    func valueRange(_ element: Element, _ attribute: String) -> Range<Int> {
        check.valueRange(element, attribute)
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
