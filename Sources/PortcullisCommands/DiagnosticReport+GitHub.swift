internal import PolicyModel

extension DiagnosticReport {
    /// The report as workflow commands of GitHub Actions, one line each, with line ends.
    var workflowCommands: String {
        let failed = failures.map {
            "::error title=\(Self.property($0.code))::\(Self.data($0.message))\n"
        }
        return (diagnostics.map(Self.command) + failed).joined()
    }

    private static func command(_ diagnostic: Diagnostic) -> String {
        var properties: [(String, String)] = []
        if let location = diagnostic.location {
            properties += [
                ("file", location.file), ("line", "\(location.line)"),
                ("col", "\(location.column)"),
                ("endColumn", "\(location.column + max(diagnostic.length, 1))"),
            ]
        }
        properties.append(("title", diagnostic.code))
        let notes = diagnostic.notes.map { note in
            (note.location.map { "\($0): " } ?? "") + "note: " + note.message
        }
        let text = ([diagnostic.message] + notes).joined(separator: "\n")
        let list = properties.map { "\($0)=\(property($1))" }.joined(separator: ",")
        return "::\(diagnostic.severity.rawValue) \(list)::\(data(text))\n"
    }

    /// A message, whose line ends would end the command.
    private static func data(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    /// A value of a property, which also ends at a colon or a comma.
    private static func property(_ text: String) -> String {
        data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
