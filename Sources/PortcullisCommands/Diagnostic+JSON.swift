internal import PolicyModel

extension Diagnostic {
    /// The diagnostic for programs.
    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("severity", .string(severity.rawValue)),
            ("code", .string(code)),
            ("message", .string(message)),
        ]
        if let location { members += location.members }
        members.append(("length", .integer(length)))
        if !notes.isEmpty { members.append(("notes", .array(notes.map(\.json)))) }
        return .object(members)
    }
}

extension Diagnostic.Note {
    /// The note for programs.
    var json: JSONValue {
        .object([("message", .string(message))] + (location?.members ?? []))
    }
}

extension SourceLocation {
    /// The parts of the place, to be put into an object.
    var members: [(String, JSONValue)] {
        [("file", .string(file)), ("line", .integer(line)), ("column", .integer(column))]
    }
}
