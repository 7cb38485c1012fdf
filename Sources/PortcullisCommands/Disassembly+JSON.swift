internal import PolicyAnalysis

extension Disassembly {
    /// The listing for programs.
    var json: JSONValue {
        .object([
            ("name", .string(name)),
            ("format_version", .integer(formatVersion)),
            ("bytes", .integer(bytes)),
            ("sections", .array(sections.map(\.json))),
            ("python_versions", .array(roots.map(\.json))),
            ("contexts", .array(Self.contexts.map { .string($0) })),
            ("states", .array(states.map(\.json))),
            ("rules", .array(rules.map(\.json))),
        ])
    }
}

extension Disassembly.Section {
    fileprivate var json: JSONValue {
        .object([
            ("name", .string(name)), ("offset", .integer(offset)), ("bytes", .integer(bytes)),
            ("records", .integer(records)),
        ])
    }
}

extension Disassembly.Root {
    fileprivate var json: JSONValue {
        .object([
            ("first", .string(firstVersion)), ("last", .string(lastVersion)),
            ("members", .integer(members)), ("modules", .integer(modules)),
            ("passthrough", .integer(passthrough)),
            ("passthrough_all_modules", .boolean(passesAllThrough)),
            ("lazy_sys_modules_passthrough", .boolean(lazySysModulesPassthrough)),
            (
                "import_notification_policy",
                .array(importNotificationPolicy.map { .string($0) })
            ),
        ])
    }
}

extension Disassembly.State {
    fileprivate var json: JSONValue {
        .object([
            ("state", .integer(number)), ("edges", .array(edges.map(\.json))), ("end", end.json),
        ])
    }
}

extension Disassembly.Edge {
    /// An edge without a name stands for all other names.
    fileprivate var json: JSONValue {
        .object([
            ("name", .optional(name)), ("verdict", verdict.json),
            ("child", child.map { .integer($0) } ?? .null),
        ])
    }
}

extension Disassembly.Verdict {
    /// One entry for each context.
    fileprivate var json: JSONValue {
        .array(
            zip(kinds, rules).map { kind, rule in
                .object(
                    [("does", .string(kind.rawValue))]
                        + (rule.map { [("rule", .integer($0))] } ?? []))
            })
    }
}

extension Disassembly.Rule {
    fileprivate var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("rule", .integer(number)), ("id", .string(id)), ("path", .string(path)),
            ("effect", .string(effect)),
        ]
        let texts = [
            ("warning", warningCategory), ("message", message), ("because", because),
            ("see", see), ("instead", instead), ("file", file),
        ]
        for (name, text) in texts where text != nil { members.append((name, .optional(text))) }
        if let arguments { members.append(("arguments", .integer(arguments))) }
        if file != nil {
            members += [("line", .integer(line)), ("column", .integer(column))]
        }
        return .object(members)
    }
}
