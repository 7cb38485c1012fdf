extension Disassembly {
    /// The listing for people.
    public var text: String {
        var lines = ["policy \(name.isEmpty ? "(unnamed)" : name)"]
        lines.append("format version \(formatVersion), \(bytes) bytes")
        lines += ["", "sections"]
        for section in sections {
            lines.append(
                "  " + pad(section.name, 10) + pad("at \(section.offset)", 14)
                    + pad("\(section.bytes) bytes", 16) + "\(section.records) records")
        }
        lines += ["", "python versions"]
        for root in roots { lines += text(of: root) }
        lines += [
            "",
            "states: the four marks are " + Disassembly.contexts.joined(separator: ", "),
            "        M a rule matches, . nothing will match, > goes on",
        ]
        for state in states { lines += text(of: state) }
        lines += ["", "rules"]
        for rule in rules { lines += text(of: rule) }
        return lines.joined(separator: "\n") + "\n"
    }

    private func text(of root: Root) -> [String] {
        let range =
            root.firstVersion == root.lastVersion
            ? root.firstVersion : "\(root.firstVersion) to \(root.lastVersion)"
        var flags = root.importNotificationPolicy
        if flags.isEmpty { flags.append("silent") }
        if root.passesAllThrough { flags.append("all modules pass through") }
        if root.lazySysModulesPassthrough { flags.append("lazy sys.modules") }
        return [
            "  \(range): members s\(root.members), modules s\(root.modules), "
                + "passthrough s\(root.passthrough)",
            "    " + flags.joined(separator: ", "),
        ]
    }

    private func text(of state: State) -> [String] {
        var lines = ["  s\(state.number)"]
        let width = state.edges.map { ($0.name ?? "(other)").count }.max() ?? 0
        for edge in state.edges {
            // A state that says nothing about other names needs no line for them.
            if edge.name == nil, edge.verdict.kinds.allSatisfy({ $0 == .stop }) { continue }
            let child = edge.child.map { " -> s\($0)" } ?? ""
            let name = pad(edge.name.map(quoted) ?? "(other)", max(width, 7) + 1)
            lines.append("    " + name + text(of: edge.verdict) + child)
        }
        lines.append("    " + pad("(end)", max(width, 7) + 1) + text(of: state.end))
        return lines
    }

    private func text(of verdict: Verdict) -> String {
        let marks = verdict.kinds.map { kind in
            switch kind {
            case .match: "M"
            case .stop: "."
            case .next: ">"
            }
        }
        let rules = Array(Set(verdict.rules.compactMap { $0 })).sorted()
        guard !rules.isEmpty else { return marks.joined() }
        return marks.joined() + " " + rules.map { "[\($0)]" }.joined(separator: " ")
    }

    private func text(of rule: Rule) -> [String] {
        var line = "  [\(rule.number)] \(rule.id) \(rule.effect)"
        if let category = rule.warningCategory { line += " \(category)" }
        if let file = rule.file { line += " at \(file):\(rule.line):\(rule.column)" }
        let notes = [
            ("path", rule.path == rule.id ? nil : rule.path),
            ("calls", rule.arguments.map(Disassembly.calls)), ("message", rule.message),
            ("because", rule.because), ("instead", rule.instead), ("see", rule.see),
        ]
        return [line]
            + notes.compactMap { label, note in note.map { "        \(label): \($0)" } }
    }

    /// The calls for which a rule holds.
    static func calls(withAtMost arguments: Int) -> String {
        "with at most \(counted(arguments))"
    }

    /// A number of arguments in words.
    static func counted(_ arguments: Int) -> String {
        "\(arguments) argument" + (arguments == 1 ? "" : "s")
    }

    /// Names that could be taken for something else are put in quotes.
    private func quoted(_ name: String) -> String {
        name.isEmpty || name == "*" ? "\"\(name)\"" : name
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
