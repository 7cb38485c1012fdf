/// A policy's text with lines added at its end, and what has changed as a patch.
struct PolicyPatch {
    /// A line that a suggestion adds.
    enum Line: Equatable {
        case unrestrict(path: String, because: String)
        case passThrough(module: String, because: String)
    }

    /// The text before; empty for a new file.
    let old: String
    /// The text after.
    let new: String

    /// A new policy over the shipped default.
    init(newPolicyWith lines: [Line]) {
        old = ""
        new = """
            <?xml version="1.0" encoding="UTF-8"?>
            <sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" name="suggested"
                                  extends="\(PolicyFile.defaultName)">
            \(Self.text(lines, prefix: ""))</sandbox-restrictions>

            """
    }

    /// Adds lines to a policy that has been read without a fault.
    ///
    /// - Returns: nil if the end of the root element is not found.
    init?(_ source: String, adding lines: [Line]) {
        old = source
        guard let end = Self.endTag(in: source) else {
            // A root without content is one tag.
            guard let slash = source.range(of: "/>", searchBackwards: true),
                let start = source.range(of: "sandbox-restrictions", searchBackwards: false)
            else { return nil }
            let prefix = Self.prefix(before: start.lowerBound, in: source)
            new =
                source[..<slash.lowerBound] + ">\n" + Self.text(lines, prefix: prefix)
                + "</\(prefix)sandbox-restrictions>" + source[slash.upperBound...]
            return
        }
        let prefix = Self.prefix(before: end.name, in: source)
        let start = source[..<end.start].last == "\n" ? "" : "\n"
        new =
            source[..<end.start] + start + Self.text(lines, prefix: prefix) + source[end.start...]
    }

    private static func endTag(in source: String) -> (start: String.Index, name: String.Index)? {
        guard let name = source.range(of: "sandbox-restrictions", searchBackwards: true)?.lowerBound
        else { return nil }
        guard let open = source[..<name].lastIndex(of: "<"),
            source[open..<name].hasPrefix("</")
        else { return nil }
        return (open, name)
    }

    /// The namespace prefix with its colon that stands before a name; empty if there is none.
    private static func prefix(before name: String.Index, in source: String) -> String {
        guard source[..<name].last == ":" else { return "" }
        return String(source[..<name].reversed().prefix { $0 != "<" && $0 != "/" }.reversed())
    }

    private static func text(_ lines: [Line], prefix: String) -> String {
        var text = ""
        var modules = ""
        for line in lines {
            switch line {
            case .unrestrict(let path, let because):
                text += "  <\(prefix)unrestrict path=\(quoted(path)) because=\(quoted(because))/>\n"
            case .passThrough(let module, let because):
                modules +=
                    "    <\(prefix)module name=\(quoted(module)) because=\(quoted(because))/>\n"
            }
        }
        guard !modules.isEmpty else { return text }
        return "  <\(prefix)passthrough-modules>\n\(modules)  </\(prefix)passthrough-modules>\n"
            + text
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing("\"", with: "&quot;")
        return "\"\(escaped)\""
    }

    /// How many unchanged lines a patch shows on both sides.
    private static let context = 3

    /// What has changed, as `patch` reads it.
    func unified(_ path: String) -> String {
        let before = Self.lines(old)
        let after = Self.lines(new)
        let same = zip(before, after).prefix { $0 == $1 }.count
        let limit = min(before.count, after.count) - same
        let tail = min(limit, zip(before.reversed(), after.reversed()).prefix { $0 == $1 }.count)
        let first = max(0, same - Self.context)
        let removed = before[same..<(before.count - tail)]
        let added = after[same..<(after.count - tail)]
        let trailing = before[(before.count - tail)...].prefix(Self.context)
        let counts = (same - first + trailing.count)
        var text = "--- \(old.isEmpty ? "/dev/null" : path)\n+++ \(path)\n"
        text += "@@ -\(old.isEmpty ? 0 : first + 1),\(counts + removed.count)"
        text += " +\(first + 1),\(counts + added.count) @@\n"
        for line in before[first..<same] { text += Self.shown(" ", line) }
        for line in removed { text += Self.shown("-", line) }
        for line in added { text += Self.shown("+", line) }
        for line in trailing { text += Self.shown(" ", line) }
        return text
    }

    /// The lines with their line feeds, which the last one may lack.
    private static func lines(_ text: String) -> [Substring] {
        var lines: [Substring] = []
        var rest = text[...]
        while let end = rest.utf8.firstIndex(of: UInt8(ascii: "\n")) {
            let next = rest.utf8.index(after: end)
            lines.append(rest[..<next])
            rest = rest[next...]
        }
        if !rest.isEmpty { lines.append(rest) }
        return lines
    }

    private static func shown(_ mark: String, _ line: Substring) -> String {
        line.utf8.last == UInt8(ascii: "\n")
            ? mark + line : "\(mark)\(line)\n\\ No newline at end of file\n"
    }
}

extension String {
    /// Where a text stands, the first or the last time.
    fileprivate func range(of text: String, searchBackwards: Bool) -> Range<Index>? {
        let found = ranges(of: text)
        return searchBackwards ? found.last : found.first
    }
}
