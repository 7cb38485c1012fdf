internal import PolicyModel

extension LayerBuilder {
    /// Reads `passthrough-modules`.
    mutating func passthroughModules(in parent: Element, _ condition: PythonVersionCondition) {
        for element in parent.children
        where accept(element, in: .passthroughModules, under: parent) {
            let subject: PassthroughDeclaration.Subject
            switch element.name {
            case "when":
                passthroughModules(in: element, when(element, condition))
                continue
            case "standard-library": subject = .standardLibrary
            case "all-modules": subject = .allModules
            default:
                guard let name = element["name"],
                    segments(of: element, "name", wildcard: false) != nil
                else { continue }
                subject = .module(name)
            }
            let mark = Mark(element: element, mask: condition.mask)
            if let first = passthroughs[subject]?.first(where: { $0.overlaps(mark) }) {
                let shown = element["name"] ?? element.name
                duplicate(
                    "duplicate-module", "\(quoted(shown)) is passed through twice", mark, first)
            }
            if mark.mask != 0 { passthroughs[subject, default: []].append(mark) }
            layer.passthroughModules.append(
                PassthroughDeclaration(
                    subject, condition: condition, because: element["because"],
                    location: element.location))
        }
    }

    /// Reads `unrestrict`.
    mutating func unrestrict(_ element: Element, _ condition: PythonVersionCondition) {
        if let until = element["until"], !Self.isDay(until) {
            faultInValue(
                "bad-date", "\(quoted(until)) is not a date", element, "until",
                notes: [.init("write year-month-day, as in `2027-06-30`")])
        }
        guard let path = segments(of: element, "path", wildcard: false) else { return }
        let mark = Mark(element: element, mask: condition.mask)
        let shown = quoted(path.joined(separator: "."))
        var node = unrestrictions
        for (index, name) in path.enumerated() {
            node = node.child(name)
            let covering = node.marks[.node].first {
                index == path.count - 1 ? $0.overlaps(mark) : mark.isWithin($0.mask)
            }
            if let covering {
                let other = quoted(path[...index].joined(separator: "."))
                duplicate(
                    "duplicate-unrestrict",
                    index == path.count - 1
                        ? "\(shown) is unrestricted twice"
                        : "\(shown) is unrestricted by \(other) already", mark, covering)
                return
            }
        }
        if let covered = node.firstMark(within: mark.mask) {
            duplicate(
                "duplicate-unrestrict",
                "\(shown) makes the exception \(quoted(covered.element["path"] ?? "")) superfluous",
                mark, covered)
            return
        }
        node.record(mark, .node)
        layer.unrestrictions.append(
            Unrestriction(
                path: path, condition: condition, because: element["because"],
                owner: element["owner"], until: element["until"], location: element.location))
    }

    /// Reads `import-notification-policy`.
    mutating func importNotificationPolicy(
        _ element: Element, _ condition: PythonVersionCondition
    ) {
        for (name, flag) in zip(Vocabulary.flags, ImportNotificationPolicy.inOrderOfNames)
        where element[name] != nil {
            let mark = Mark(element: element, mask: condition.mask)
            if let first = flags[name]?.first(where: { $0.overlaps(mark) }) {
                duplicate("duplicate-flag", "\(quoted(name)) is set twice", mark, first)
            }
            if mark.mask != 0 { flags[name, default: []].append(mark) }
            if let value = boolean(element, name) {
                layer.importNotificationPolicy.append(
                    ImportNotificationDeclaration(flag, value, condition: condition))
            }
        }
    }

    /// Reads `sys-modules`, which holds for every Python or for none.
    mutating func sysModules(_ element: Element, insideWhen: Bool) {
        if insideWhen {
            fault(
                "misplaced-element", "`sys-modules` cannot stand in `when`", element,
                notes: [.init("put it next to the other sections; it holds on every Python")])
            return
        }
        if let first = sysModules {
            duplicate(
                "duplicate-section", "`sys-modules` stands here twice",
                Mark(element: element, mask: 0), Mark(element: first, mask: 0))
        }
        sysModules = element
        layer.lazySysModulesPassthrough = boolean(element, "lazy-passthrough")
    }

    /// Reads `lint`, which speaks of the whole file.
    mutating func lint(_ section: Element, under parent: Element) {
        guard parent.name == Vocabulary.root else {
            fault(
                "misplaced-element", "`lint` cannot stand in \(quoted(parent.name))", section,
                notes: [.init("put it next to the sections of the policy; it holds for the file")])
            return
        }
        for element in section.children where accept(element, in: .lint, under: section) {
            guard let because = element["because"] else {
                fault("missing-attribute", "`allow` needs the attribute `because`", element)
                continue
            }
            if element["path"] != nil, segments(of: element, "path", wildcard: true) == nil {
                continue
            }
            guard let code = element["code"] else { continue }
            layer.lintAllowances.append(
                LintAllowance(
                    code: code, path: element["path"], because: because,
                    location: element.location))
        }
    }

    // MARK: - Values

    private mutating func boolean(_ element: Element, _ attribute: String) -> Bool? {
        guard let text = element[attribute] else { return nil }
        switch text.split(whereSeparator: \.isWhitespace).joined(separator: " ") {
        case "true", "1": return true
        case "false", "0": return false
        default:
            faultInValue(
                "bad-value", "\(quoted(text)) is neither `true` nor `false`", element, attribute)
            return nil
        }
    }

    /// The names of a dotted path; nil, and a fault, if it is not one.
    mutating func segments(
        of element: Element, _ attribute: String, wildcard: Bool, dotted: Bool = true
    ) -> [String]? {
        guard let text = element[attribute] else { return nil }
        guard text.utf8.count <= ReadingLimits.nameLength else {
            faultInValue(
                "name-too-long", "a name is longer than \(ReadingLimits.nameLength) bytes",
                element, attribute)
            return nil
        }
        // Most names are plain, and need none of the questions below.
        if !text.isEmpty, text.utf8.allSatisfy({ $0 != UInt8(ascii: ".") && isPlain($0) }) {
            return [text]
        }
        let names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var complaint: String?
        if text.isEmpty {
            complaint = "a name cannot be empty"
        } else if !dotted, names.count > 1 {
            complaint = "\(quoted(text)) has a dot, but `\(element.name)` takes one name"
        } else if names.contains("") {
            complaint = "\(quoted(text)) has an empty part"
        } else if text.contains(where: \.isWhitespace)
            || text.unicodeScalars.contains(where: { $0.value < 0x20 })
        {
            complaint = "\(quoted(text)) holds a blank"
        } else if names.contains(where: { $0.contains("*") && (!wildcard || $0 != "*") }) {
            complaint =
                wildcard
                ? "in \(quoted(text)) the `*` is only part of a name"
                : "`*` cannot stand in \(quoted(text))"
        }
        if let complaint {
            var notes: [Diagnostic.Note] = []
            if !dotted, names.count > 1, element.name == "member" {
                notes = [.init("put one `member` into the other")]
            }
            faultInValue("bad-name", complaint, element, attribute, notes: notes)
            return nil
        }
        if names.contains(where: { !Self.looksLikeName($0) }) {
            faults.warn(
                "unusual-name", "\(quoted(text)) is not a Python name",
                at: valueRange(element, attribute))
        }
        return names
    }

    /// Whether a byte is one of a name without dots, colons or characters beyond ASCII.
    private func isPlain(_ byte: UInt8) -> Bool {
        byte < 0x80 && byte != UInt8(ascii: ":") && isNameByte(byte)
    }

    private static func looksLikeName(_ name: String) -> Bool {
        name == "*"
            || name.utf8.allSatisfy {
                $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: ":") && isNameByte($0)
            }
    }

    /// Whether text is a day of the calendar, year-month-day.
    static func isDay(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2],
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            year > 0, (1...12).contains(month)
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...lengths[month - 1]).contains(day)
    }

    /// Records that something is said for the second time.
    mutating func duplicate(_ code: String, _ message: String, _ second: Mark, _ first: Mark) {
        fault(
            code, message, second.element,
            notes: [.init("first here", at: first.element.location)])
    }
}
