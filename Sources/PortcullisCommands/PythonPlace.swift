internal import FoundationEssentials
internal import PythonHost

/// A line of a Python file.
struct PythonPlace: CustomStringConvertible {
    /// The largest file in which a line is looked up, in bytes.
    static let largestFile = 4 << 20
    /// The longest line that is shown, in characters.
    static let longestLine = 200

    var file: String
    var line: Int

    init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    init(_ frame: WorkflowFrame) {
        self.init(file: frame.file, line: frame.line)
    }

    /// Reads `file:line`; nil for anything else.
    init?(_ text: String?) {
        guard let text, let colon = text.lastIndex(of: ":"),
            let line = Int(text[text.index(after: colon)...])
        else { return nil }
        self.init(file: String(text[..<colon]), line: line)
    }

    /// `file:line`, the file as seen from the current folder.
    var description: String { "\(shownFile):\(line)" }

    private var shownFile: String {
        let folder = FileManager.default.currentDirectoryPath + "/"
        return file.hasPrefix(folder) ? String(file.dropFirst(folder.count)) : file
    }

    /// A line of source with a part of it underlined.
    struct Mark {
        /// `file:line:column`
        var place: String
        /// The line, indented by four spaces.
        var source: String
        /// The line below it, with carets; nil if no part of the name is written there.
        var caret: String?
    }

    /// Underlines where a dotted name, or the last part of it that is written there, stands.
    func mark(ofName name: String) -> Mark? {
        guard let source, source.count <= Self.longestLine else { return nil }
        let text = Array(source)
        let indent = text.prefix { $0.isWhitespace }.count
        let shown = "    " + String(text[indent...])
        let parts = name.split(separator: ".").filter { !$0.hasPrefix("__") }
        for part in parts.reversed() {
            guard let start = Self.word(Array(part), in: text) else { continue }
            let before = text[indent..<start].map { $0 == "\t" ? "\t" : " " as Character }
            return Mark(
                place: "\(shownFile):\(line):\(start + 1)", source: shown,
                caret: "    \(String(before))\(String(repeating: "^", count: part.count))")
        }
        return Mark(place: description, source: shown, caret: nil)
    }

    private var source: String? {
        guard let data = FileManager.default.contents(atPath: file),
            data.count <= Self.largestFile
        else { return nil }
        let lines = String(decoding: data, as: UTF8.self)
            .split(omittingEmptySubsequences: false) { $0.isNewline }
        return lines.indices.contains(line - 1) ? String(lines[line - 1]) : nil
    }

    /// Where `word` stands in `text` as a whole word, the first time.
    private static func word(_ word: [Character], in text: [Character]) -> Int? {
        func isPartOfName(_ index: Int) -> Bool {
            guard text.indices.contains(index) else { return false }
            return text[index].isLetter || text[index].isNumber || text[index] == "_"
        }
        guard !word.isEmpty, word.count <= text.count else { return nil }
        return (0...(text.count - word.count)).first { start in
            Array(text[start..<(start + word.count)]) == word && !isPartOfName(start - 1)
                && !isPartOfName(start + word.count)
        }
    }
}
