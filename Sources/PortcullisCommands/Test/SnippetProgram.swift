/// The Python file that runs a snippet.
///
/// A snippet that defines a workflow is the file; of any other, the imports that it starts with
/// stand at the top, and the rest is what the workflow does.
struct SnippetProgram {
    let text: String
    /// For each line of `text`, the line of the snippet that it is, both from 0.
    private let origins: [Int?]

    init(_ code: String) {
        let lines = code.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if code.contains("workflow.defn") {
            text = code + "\n"
            origins = Array(lines.indices)
            return
        }
        let imports = lines.prefix {
            $0.isEmpty || $0.hasPrefix("import ") || $0.hasPrefix("from ")
        }
        var program: [(text: String, origin: Int?)] = [("from portcullis import workflow", nil)]
        program += imports.enumerated().map { ($1, $0) }
        program += Self.frame.map { ($0, nil) }
        program += lines.enumerated().dropFirst(imports.count)
            .map { ($1.isEmpty ? "" : "        " + $1, $0) }
        program.append(("        return None", nil))
        text = program.map(\.text).joined(separator: "\n") + "\n"
        origins = program.map(\.origin)
    }

    private static let frame = [
        "", "", "@workflow.defn", "class Snippet:", "    @workflow.run",
        "    async def run(self):",
    ]

    /// The line of the snippet, from 0, that a line of the program is, from 1.
    func origin(of line: Int) -> Int? {
        origins.indices.contains(line - 1) ? origins[line - 1] : nil
    }
}
