internal import PolicyModel

extension DiagnosticReport {
    /// The report as SARIF 2.1.0: one run with its rules, results and failures.
    var sarif: JSONValue {
        let rules = describedRules
        var numbers: [String: Int] = [:]
        for (number, rule) in rules.enumerated() { numbers[rule.code] = number }
        return .object([
            ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")),
            ("version", .string("2.1.0")),
            (
                "runs",
                .array([
                    .object([
                        ("tool", .object([("driver", driver(rules))])),
                        ("columnKind", .string("unicodeCodePoints")),
                        ("invocations", .array([invocation])),
                        ("results", .array(diagnostics.map { $0.sarif(rule: numbers[$0.code]) })),
                    ])
                ])
            ),
        ])
    }

    /// The rules that the results name, those that nobody described by their codes alone.
    private var describedRules: [Rule] {
        let found = Set(diagnostics.map(\.code))
        let known = Set(rules.map(\.code))
        let unknown = found.subtracting(known).map { Rule(code: $0) }
        return (rules + unknown).sorted { $0.code < $1.code }
    }

    private func driver(_ rules: [Rule]) -> JSONValue {
        .object([
            ("name", .string(PortcullisCommand.name)),
            ("semanticVersion", .string(PortcullisCommand.version)),
            ("rules", .array(rules.map(\.sarif))),
        ])
    }

    private var invocation: JSONValue {
        .object([
            ("executionSuccessful", .boolean(failures.isEmpty)),
            (
                "toolExecutionNotifications",
                .array(
                    failures.map { failure in
                        .object([
                            ("level", .string("error")),
                            ("descriptor", .object([("id", .string(failure.code))])),
                            ("message", .object([("text", .string(failure.message))])),
                        ])
                    })
            ),
        ])
    }
}

extension DiagnosticReport.Rule {
    fileprivate var sarif: JSONValue {
        var members: [(String, JSONValue)] = [
            ("id", .string(code))
        ]
        if let summary {
            members.append(("shortDescription", .object([("text", .string(summary))])))
        }
        if let explanation {
            let text = JSONValue.object([("text", .string(explanation))])
            members += [("fullDescription", text), ("help", text)]
        }
        return .object(members)
    }
}

extension Diagnostic {
    /// One result; notes with a place are related locations, others part of the message.
    fileprivate func sarif(rule: Int?) -> JSONValue {
        let remarks = notes.filter { $0.location == nil }.map(\.message)
        let text = ([message] + remarks).joined(separator: "; ")
        var members: [(String, JSONValue)] = [("ruleId", .string(code))]
        if let rule { members.append(("ruleIndex", .integer(rule))) }
        members += [
            ("level", .string(severity.rawValue)),
            ("message", .object([("text", .string(text))])),
        ]
        if let location {
            let region = sarifRegion(location)
            members.append(
                ("locations", .array([.object([physical(location, region)])])))
        }
        let related: [JSONValue] = notes.compactMap { note in
            note.location.map { location in
                let start: [(String, JSONValue)] = [
                    ("startLine", .integer(location.line)),
                    ("startColumn", .integer(location.column)),
                ]
                return .object([
                    physical(location, start),
                    ("message", .object([("text", .string(note.message))])),
                ])
            }
        }
        if !related.isEmpty { members.append(("relatedLocations", .array(related))) }
        return .object(members)
    }

    private func physical(
        _ location: SourceLocation, _ region: [(String, JSONValue)]
    ) -> (String, JSONValue) {
        (
            "physicalLocation",
            .object([
                ("artifactLocation", location.sarifArtifact), ("region", .object(region)),
            ])
        )
    }

    /// Our columns count characters, those of SARIF code points.
    private func sarifRegion(_ location: SourceLocation) -> [(String, JSONValue)] {
        var start = location.column
        var end = location.column + max(length, 1)
        if let sourceLine {
            let before = sourceLine.prefix(location.column - 1)
            start += before.unicodeScalars.count - before.count
            let covered = sourceLine.dropFirst(before.count).prefix(length)
            end = start + max(covered.unicodeScalars.count, 1)
        }
        return [
            ("startLine", .integer(location.line)), ("startColumn", .integer(start)),
            ("endColumn", .integer(end)),
        ]
    }
}

extension SourceLocation {
    /// The file as a URI reference, relative paths to the root of the sources.
    fileprivate var sarifArtifact: JSONValue {
        let path = Self.percentEncoded(file)
        guard !file.hasPrefix("/") else { return .object([("uri", .string("file://" + path))]) }
        return .object([("uri", .string(path)), ("uriBaseId", .string("%SRCROOT%"))])
    }

    /// A path with everything but letters, digits, slashes and a few marks as `%XX`.
    private static func percentEncoded(_ path: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                bytes.append(byte)
            case _ where "/-._~".utf8.contains(byte): bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
