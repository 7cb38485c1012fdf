internal import PolicyAnalysis
internal import PolicyModel
internal import PolicyRuntime

extension PolicyDifference {
    /// The differences for programs.
    func json(old: String, new: String) -> JSONValue {
        .object([
            ("old", .string(old)), ("new", .string(new)),
            ("equivalent", .boolean(isEquivalent)),
            ("decisions_compared", .integer(comparedCases)),
            ("changes", .array(changes.map(\.json))),
            ("settings", .array(settings.map(\.json))),
            ("only_old_covers", Self.json(versionsOfOldOnly)),
            ("only_new_covers", Self.json(versionsOfNewOnly)),
        ])
    }

    fileprivate static func json(_ versions: [PythonVersion]) -> JSONValue {
        .array(versions.map { .string("\($0)") })
    }
}

extension PolicyDifference.Setting {
    fileprivate var json: JSONValue {
        .object([
            ("name", .string(name)), ("python", PolicyDifference.json(versions)),
            ("old", .boolean(old)), ("new", .boolean(!old)),
        ])
    }
}

extension PolicyDifference.Change {
    fileprivate var json: JSONValue {
        .object([
            ("set", .string(subject.rawValue)),
            ("path", .array(path.map(\.json))),
            ("and_below", .boolean(coversBelow)),
            ("decision_changes", .boolean(changesDecision)),
            ("aspects", .array(aspects.map(\.json))),
        ])
    }
}

extension PolicyDifference.Segment {
    /// A name, or an object for all names but some.
    fileprivate var json: JSONValue {
        switch self {
        case .name(let name): .string(name)
        case .any(let names): .object([("any_except", .array(names.map { .string($0) }))])
        }
    }
}

extension PolicyDifference.Aspect {
    fileprivate var json: JSONValue {
        .object([
            ("python", PolicyDifference.json(versions)),
            (
                "contexts",
                .array(
                    contexts.map { context in
                        .object([
                            ("phase", .string(context.isRuntime ? "runtime" : "import")),
                            ("operation", .string(context.isUse ? "use" : "access")),
                        ])
                    })
            ),
            ("decision_changes", .boolean(changesDecision)),
            ("old", old.json), ("new", new.json),
        ])
    }
}

extension PolicyDifference.Outcome {
    fileprivate var json: JSONValue {
        switch self {
        case .allowed: return .object([("decision", .string("allow"))])
        case .passedThrough: return .object([("decision", .string("passthrough"))])
        case .restricted(let rule):
            var members: [(String, JSONValue)] = [
                ("decision", .string(rule.effect.word)), ("rule", .string(rule.id)),
            ]
            if let warning = rule.warningCategory { members.append(("warning", .string(warning))) }
            if let arguments = rule.arguments { members.append(("arguments", .integer(arguments))) }
            if let file = rule.file, rule.line > 0 {
                members += [
                    ("file", .string(file)), ("line", .integer(rule.line)),
                    ("column", .integer(rule.column)),
                ]
            }
            return .object(members)
        }
    }
}
