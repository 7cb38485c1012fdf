internal import PythonHost

extension ImportProfile {
    /// How many modules and findings the table shows.
    private static let mostRows = 20
    /// How many findings the table shows below a line.
    private static let mostCaveats = 3

    /// The packages with what their modules cost, the most costly first.
    var packages: [(name: String, modules: [Module], nanoseconds: Int, bytes: Int)] {
        Dictionary(grouping: modules, by: \.package).map { name, modules in
            (
                name, modules.sorted { $0.ownNs > $1.ownNs },
                modules.reduce(0) { $0 + $1.ownNs }, modules.reduce(0) { $0 + $1.ownBytes }
            )
        }.sorted { ($0.nanoseconds, $1.name) > ($1.nanoseconds, $0.name) }
    }

    /// What speaks against sharing what a line would share.
    func findings(about line: Line) -> [Finding] {
        let modules = Set(line.modules)
        return findings.filter { modules.contains($0.module) }
    }

    /// The profile for people.
    func table(of file: String) -> String {
        var lines = [
            "\(file): a run executes \(counted(modules.count, "module")), "
                + "\(milliseconds(totalNs)) ms and \(kilobytes(totalBytes)) KB "
                + "(Python \(python), medians of \(rounds))", "",
            row("own ms", "with imports", "own KB", "module", "first imported at"),
        ]
        for module in modules.sorted(by: { $0.ownNs > $1.ownNs }).prefix(Self.mostRows) {
            lines.append(
                row(
                    milliseconds(module.ownNs), milliseconds(module.totalNs),
                    kilobytes(module.ownBytes), module.name, place(module.importedAt) ?? ""))
        }
        lines += rest(modules.count, "module")
        lines += ["", "lines for the policy that save most, each beside those before it"]
        if self.lines.isEmpty { lines.append("  none saves anything worth it") }
        for line in self.lines {
            lines.append(
                "  <module name=\"\(line.package)\"/> saves \(milliseconds(line.savesNs)) ms and "
                    + "\(kilobytes(line.savesBytes)) KB, \(counted(line.modules.count, "module"))")
            lines += caveats(of: line)
        }
        lines += ["", "what keeps modules from being shared"]
        if findings.isEmpty { lines.append("  nothing was found") }
        lines += findings.prefix(Self.mostRows).map { "  \($0.sentence)" }
        lines += rest(findings.count, "finding")
        if let notRun {
            lines += [
                "",
                "the workflow was not run to its end, so what it writes is not known: \(notRun)",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func caveats(of line: Line) -> [String] {
        let found = findings(about: line)
        let more = found.count - Self.mostCaveats
        return found.prefix(Self.mostCaveats).map { "    but \($0.sentence)" }
            + (more > 0 ? ["    and \(counted(more, "more finding")) below"] : [])
    }

    private func row(
        _ own: String, _ total: String, _ memory: String, _ name: String, _ place: String
    ) -> String {
        let cells = [left(own, 9), left(total, 14), left(memory, 9)].joined()
        guard !place.isEmpty else { return "\(cells)  \(name)" }
        return "\(cells)  \(name)\(String(repeating: " ", count: max(2, 40 - name.count)))\(place)"
    }

    private func left(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func rest(_ count: Int, _ noun: String) -> [String] {
        count > Self.mostRows ? ["  and \(counted(count - Self.mostRows, "more \(noun)"))"] : []
    }

    /// The profile for programs.
    var json: JSONValue {
        .object([
            ("python", .string(python)), ("rounds", .integer(rounds)),
            ("total_ns", .integer(totalNs)), ("total_bytes", .integer(totalBytes)),
            ("modules", .array(modules.map(\.json))), ("lines", .array(lines.map(\.json))),
            ("findings", .array(findings.map(\.json))), ("not_run", .optional(notRun)),
        ])
    }
}

extension ImportProfile.Finding {
    /// The finding as a clause, lower case.
    var sentence: String {
        let location = PortcullisCommands.place(place).map { " at \($0)" } ?? ""
        switch kind {
        case .readsAtImport:
            return
                "`\(module)` uses `\(name)` while it is imported\(location): shared, all runs have "
                + "what it gave at the start of the worker"
        case .writtenInRun: return "`\(module).\(name)` was written by the run\(location)"
        case .mayBeWritten: return "`\(module).\(name)` may be written by a run\(location)"
        }
    }
}

/// Nanoseconds as milliseconds with two digits behind the point.
func milliseconds(_ nanoseconds: Int) -> String {
    let hundredths = (nanoseconds + 5_000) / 10_000
    let fraction = String(hundredths % 100)
    return "\(hundredths / 100).\(fraction.count == 1 ? "0" : "")\(fraction)"
}

/// Bytes as whole kilobytes.
func kilobytes(_ bytes: Int) -> String { String((bytes + 512) / 1024) }

/// `1 module`, `2 modules`
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

/// A place as seen from the current folder; in an installed package, from its `site-packages`.
func place(_ text: String?) -> String? {
    guard let text else { return nil }
    let shown = PythonPlace(text)?.description ?? text
    guard let start = shown.ranges(of: "-packages/").last?.upperBound else { return shown }
    return String(shown[start...])
}

extension ImportProfile.Module {
    fileprivate var json: JSONValue {
        .object([
            ("name", .string(name)), ("package", .string(package)),
            ("imported_by", .optional(importedBy)), ("imported_at", .optional(importedAt)),
            ("own_ns", .integer(ownNs)), ("total_ns", .integer(totalNs)),
            ("own_bytes", .integer(ownBytes)), ("total_bytes", .integer(totalBytes)),
        ])
    }
}

extension ImportProfile.Line {
    fileprivate var json: JSONValue {
        .object([
            ("package", .string(package)), ("saves_ns", .integer(savesNs)),
            ("saves_bytes", .integer(savesBytes)),
            ("modules", .array(modules.map { .string($0) })),
        ])
    }
}

extension ImportProfile.Finding {
    fileprivate var json: JSONValue {
        .object([
            ("module", .string(module)), ("kind", .string(kind.rawValue)),
            ("name", .string(name)), ("place", .optional(place)),
        ])
    }
}
