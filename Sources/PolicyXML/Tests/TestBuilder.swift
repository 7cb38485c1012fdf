internal import PolicyModel

/// Makes policy tests of a file's elements and says everything that is wrong with them.
struct TestBuilder {
    var check: ElementCheck
    private(set) var tests: PolicyTests
    /// What is asked already: the first element that asks it, for each version.
    private var asked: [Asked: Element] = [:]

    private struct Asked: Hashable {
        var isImport: Bool
        var path: [String]
        var context: AccessContext
        var version: PythonVersion
    }

    var faults: FaultList { check.faults }

    init(faults: FaultList) {
        check = ElementCheck(language: TestVocabulary.language, faults: faults)
        let start = SourceLocation(file: faults.source.file, line: 1, column: 1)
        tests = PolicyTests(
            file: faults.source.file, policy: "", policyPlace: SourceExcerpt(location: start))
    }

    /// Builds the tests of a document.
    mutating func build(_ root: Element) {
        guard check.acceptRoot(root) else { return }
        checkAttributes(root)
        check.checkText(root)
        tests.policy = root["policy"] ?? ""
        if root["policy"]?.isEmpty == true {
            check.faultInValue("bad-value", "`policy` needs the name of a policy", root, "policy")
        }
        tests.policyPlace = place(of: check.valueRange(root, "policy"))
        let condition = condition(root, PythonVersionCondition())
        for element in root.children
        where check.accept(element, among: TestVocabulary.expectations + ["group"], under: root) {
            if element.name == "group" {
                group(element, condition)
            } else {
                if tests.groups.last?.name != "" {
                    tests.groups.append(PolicyTests.Group(name: ""))
                }
                add(element, condition)
            }
        }
        if root.children.isEmpty { expectsNothing(root) }
    }

    private mutating func group(_ element: Element, _ outer: PythonVersionCondition) {
        checkAttributes(element)
        check.checkText(element)
        let name = element["name"] ?? ""
        if element["name"]?.isEmpty == true {
            check.faultInValue("bad-value", "a group needs a name", element, "name")
        }
        tests.groups.append(PolicyTests.Group(name: name))
        let condition = condition(element, outer)
        for child in element.children
        where check.accept(child, among: TestVocabulary.expectations, under: element) {
            add(child, condition)
        }
        if element.children.isEmpty { expectsNothing(element) }
    }

    private mutating func add(_ element: Element, _ outer: PythonVersionCondition) {
        checkAttributes(element)
        let isSnippet = element.name == "pass" || element.name == "stop"
        if !isSnippet { check.checkText(element) }
        check.checkEmpty(element)
        let condition = condition(element, outer)
        guard let expectation = expectation(element, condition) else { return }
        tests.groups[tests.groups.count - 1].tests.append(
            PolicyTest(
                name: Self.name(of: element), expectation: expectation, condition: condition,
                place: place(of: check.tagRange(element))))
    }

    private static func name(of element: Element) -> String {
        let subject =
            element["name"] ?? element["path"] ?? element["module"]
            ?? element["import"].map { "import of \($0)" }
        return [element.name, subject].compactMap { $0 }.joined(separator: " ")
    }

    private mutating func expectation(
        _ element: Element, _ condition: PythonVersionCondition
    ) -> PolicyTest.Expectation? {
        switch element.name {
        case "passes-through", "reloads":
            guard let path = names(element, "module") else { return nil }
            return .passthrough(path.joined(separator: "."), element.name == "passes-through")
        case "import-notification-policy": return notification(element)
        case "pass", "stop": return snippet(element)
        default:
            guard let question = question(element) else { return nil }
            noteAsked(question, element, condition)
            return .decision(question, Effect(rawValue: element.name), ruleName(element))
        }
    }

    // MARK: - Questions

    private mutating func question(_ element: Element) -> PolicyTest.Question? {
        let isImport = element["import"] != nil
        if isImport, element["path"] != nil {
            check.fault(
                "conflicting-attributes",
                "\(quoted(element.name)) has both `path` and `import`", element,
                notes: [.init("write one expectation for each")])
            return nil
        }
        guard isImport || element["path"] != nil else {
            check.fault(
                "missing-attribute",
                "\(quoted(element.name)) needs the attribute `path` or `import`", element)
            return nil
        }
        if isImport, element["operation"] != nil {
            check.faultInValue(
                "conflicting-attributes", "an import has no `operation`", element, "operation")
            return nil
        }
        let phases = words(
            element, "phase", TestVocabulary.phases, unless: isImport ? "import" : "runtime")
        let operations = words(
            element, "operation", TestVocabulary.operations, unless: isImport ? "access" : "use")
        guard let path = names(element, isImport ? "import" : "path"), let phases, let operations
        else { return nil }
        let contexts = phases.flatMap { phase in
            operations.map { AccessContext(runtime: phase == "runtime", use: $0 == "use") }
        }
        return PolicyTest.Question(isImport: isImport, path: path, contexts: contexts)
    }

    private mutating func noteAsked(
        _ question: PolicyTest.Question, _ element: Element, _ condition: PythonVersionCondition
    ) {
        for version in PythonVersion.supported where condition.contains(version) {
            for context in question.contexts {
                let key = Asked(
                    isImport: question.isImport, path: question.path, context: context,
                    version: version)
                guard let first = asked.updateValue(element, forKey: key) else { continue }
                check.fault(
                    "duplicate-expectation",
                    "this is expected twice of \(quoted(question.path.joined(separator: ".")))",
                    element, notes: [.init("first here", at: first.location)])
                return
            }
        }
    }

    private mutating func words(
        _ element: Element, _ attribute: String, _ known: [String], unless other: String
    ) -> [String]? {
        guard let text = element[attribute] else { return [other] }
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        for word in words where !known.contains(word) {
            let guess = nearest(to: word, among: known)
            check.faultInValue(
                "bad-value", "\(quoted(word)) is not \(alternatives(known))", element, attribute,
                notes: guess.map { [.init("did you mean \(quoted($0))?")] } ?? [])
            return nil
        }
        guard !words.isEmpty else {
            check.faultInValue(
                "expects-nothing", "an empty `\(attribute)` asks for nothing", element, attribute,
                notes: [.init("it may be \(alternatives(known)), or both")])
            return nil
        }
        return known.filter(words.contains)
    }

    private mutating func names(_ element: Element, _ attribute: String) -> [String]? {
        guard let text = element[attribute] else { return nil }
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= ReadingLimits.nameLength, names.count <= ReadingLimits.pathLength,
            !names.contains(""), !text.contains(where: \.isWhitespace)
        else {
            check.faultInValue(
                "bad-name", "\(quoted(text)) is not names joined by dots", element, attribute)
            return nil
        }
        return names
    }

    private func ruleName(_ element: Element) -> PolicyTest.RuleName? {
        element["rule"].map {
            PolicyTest.RuleName($0, at: place(of: check.valueRange(element, "rule")))
        }
    }

    // MARK: - Other expectations

    private mutating func notification(_ element: Element) -> PolicyTest.Expectation? {
        var set: ImportNotificationPolicy = []
        var clear: ImportNotificationPolicy = []
        for (name, flag) in zip(Vocabulary.flags, ImportNotificationPolicy.inOrderOfNames) {
            switch element[name]?.split(whereSeparator: \.isWhitespace).joined() {
            case nil: break
            case "true", "1": set.insert(flag)
            case "false", "0": clear.insert(flag)
            default:
                check.faultInValue(
                    "bad-value", "\(quoted(element[name] ?? "")) is neither `true` nor `false`",
                    element, name)
            }
        }
        if !Vocabulary.flags.contains(where: { element[$0] != nil }) { expectsNothing(element) }
        return .notification(set: set, clear: clear)
    }

    private mutating func snippet(_ element: Element) -> PolicyTest.Expectation? {
        if element.name == "stop", element["rule"] == nil {
            check.fault(
                "missing-attribute", "`stop` needs the attribute `rule`", element,
                notes: [.init("name the rule that stops the code, or use `pass`")])
        }
        guard element.textOffset != nil else {
            check.fault(
                "expects-nothing", "\(quoted(element.name)) holds no Python code", element)
            return nil
        }
        return .snippet(
            PolicyTest.Snippet(
                code: SnippetText(element.text).code,
                line: check.faults.source.location(at: textStart(element)).line,
                rule: ruleName(element),
                path: element["path"]))
    }

    /// Where the text of an element starts; libxml2 does not say it of a `CDATA` section.
    private func textStart(_ element: Element) -> Int {
        let bytes = check.faults.source.bytes
        let tag = StartTag(bytes: bytes, open: element.offset)
        var offset = tag.attributes.last?.value.upperBound ?? tag.nameRange.upperBound
        while offset < bytes.count, bytes[offset] != UInt8(ascii: ">") { offset += 1 }
        offset += 1
        let mark = Array("<![CDATA[".utf8)
        while offset < bytes.count {
            if bytes[offset...].starts(with: mark) {
                offset += mark.count
            } else if [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) {
                offset += 1
            } else {
                break
            }
        }
        return offset
    }

    // MARK: - What holds for every element

    private mutating func checkAttributes(_ element: Element) {
        let (known, required) = TestVocabulary.attributes(of: element.name)
        check.checkAttributes(element, known: known, required: required)
    }

    private mutating func expectsNothing(_ element: Element) {
        check.fault(
            "expects-nothing", "\(quoted(element.name)) expects nothing", element,
            notes: [.init("what tests nothing passes whatever the policy says")])
    }

    /// The condition of an element, joined with the one around it.
    private mutating func condition(
        _ element: Element, _ outer: PythonVersionCondition
    ) -> PythonVersionCondition {
        guard let text = element["python"] else { return outer }
        guard let own = PythonVersionCondition(parsing: text) else {
            check.faultInValue(
                "bad-condition", "\(quoted(text)) is not a condition on the Python version",
                element, "python",
                notes: [.init("write comparisons joined by commas, as in `>=3.10,<3.13`")])
            return outer
        }
        let condition = outer.and(own)
        if condition.mask == 0 {
            check.faultInValue(
                "expects-nothing", "this condition holds on none of the supported Pythons",
                element, "python")
        }
        return condition
    }

    private func place(of range: Range<Int>) -> SourceExcerpt {
        var source = check.faults.source
        let location = source.location(at: range.lowerBound)
        return SourceExcerpt(
            location: location, length: max(1, source.characters(in: range)),
            line: source.line(location.line))
    }
}

extension ImportNotificationPolicy {
    /// The flags in the order of `Vocabulary.flags`.
    static let inOrderOfNames: [ImportNotificationPolicy] = [
        .warnOnDynamicImport, .warnOnUnintentionalPassthrough, .raiseOnUnintentionalPassthrough,
    ]
}

/// Python code as it stands in an element.
struct SnippetText {
    /// The code without empty lines around it and without common indentation.
    let code: String

    init(_ text: [UInt8]) {
        let isBlank: (Substring) -> Bool = { $0.allSatisfy(\.isWhitespace) }
        var lines = String(decoding: text, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let first = lines.first, isBlank(first) { lines.removeFirst() }
        while let last = lines.last, isBlank(last) { lines.removeLast() }
        let margin = lines.filter { !isBlank($0) }
            .map { $0.prefix { $0 == " " || $0 == "\t" } }
            .reduce(nil as Substring?) { common, margin in
                guard let common else { return margin }
                let shared = zip(common, margin).prefix { $0 == $1 }.count
                return common.prefix(shared)
            }
        code = lines.map { isBlank($0) ? "" : String($0.dropFirst(margin?.count ?? 0)) }
            .joined(separator: "\n")
    }
}
