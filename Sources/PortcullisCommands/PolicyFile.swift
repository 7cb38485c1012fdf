internal import ArgumentParser
internal import Glibc
internal import PolicyCompiler
internal import PolicyFormat
internal import PolicyModel
internal import PolicyRuntime
internal import PolicyXML

/// A policy that a person named: XML, or the image that was compiled from it.
struct PolicyFile: Sendable {
    /// What a file name tells about the file.
    enum Kind: String, Sendable {
        case source = ".xml"
        case image = ".policybc"
    }

    /// The policy that is used when nobody names one.
    static let defaultName = "default.xml"

    /// The path as it was given.
    var path: String
    /// What the file holds.
    var kind: Kind

    /// Looks at the name and whether there is such a file.
    init(_ path: String) throws(CommandError) {
        guard let kind = [Kind.source, .image].first(where: { path.hasSuffix($0.rawValue) }) else {
            throw .cannotRead(path, because: "a policy's name ends in `.xml` or `.policybc`")
        }
        try Self.requireFile(path)
        self.path = path
        self.kind = kind
    }

    /// Throws unless there is a file that can be read.
    static func requireFile(_ path: String) throws(CommandError) {
        var state = stat()
        guard stat(path, &state) == 0 else { throw .cannotRead(path, because: systemFault()) }
        guard state.st_mode & S_IFMT == S_IFREG else {
            throw .cannotRead(path, because: "it is not a file")
        }
        guard access(path, R_OK) == 0 else { throw .cannotRead(path, because: systemFault()) }
    }

    /// The policy that is used when nobody names one, compiled.
    static func compiledDefault() throws(CommandError) -> CompiledPolicy {
        guard let source = ShippedPolicy.source(named: defaultName) else {
            throw .environment("no-default-policy", "this build does not hold `\(defaultName)`")
        }
        do {
            return try compiled(try PolicyReader().read(bytes: source, named: defaultName))
        } catch {
            throw .diagnostics(error)
        }
    }

    /// Reads the source with everything that it extends, which may not leave its folder.
    ///
    /// Rules name their files as seen from the policy's folder, so that an image is the same
    /// wherever it was compiled; diagnostics name them as seen from the current one.
    func read() throws(CommandError) -> PolicyReading {
        guard kind == .source else {
            throw .usage("`\(path)` is an image; this needs the policy's source, `.xml`")
        }
        do {
            return try PolicyReader().read(file: path, named: name)
        } catch {
            throw .diagnostics(PolicyError(shown(error.diagnostics)))
        }
    }

    /// Compiles the source with everything that it extends.
    func compiled() throws(CommandError) -> CompiledPolicy { try compiled(read()) }

    /// Compiles what was read from the source.
    func compiled(_ reading: PolicyReading) throws(CommandError) -> CompiledPolicy {
        do {
            var compiled = try Self.compiled(reading)
            compiled.warnings = shown(compiled.warnings)
            return compiled
        } catch {
            throw .diagnostics(PolicyError(shown(error.diagnostics)))
        }
    }

    private static func compiled(_ reading: PolicyReading) throws(PolicyError) -> CompiledPolicy {
        do {
            var compiled = try PolicyCompiler().compile(reading.policy)
            compiled.warnings = (reading.warnings + compiled.warnings).sorted()
            return compiled
        } catch {
            throw PolicyError(reading.warnings + error.diagnostics)
        }
    }

    /// The policy's folder with its slash; empty for the current folder.
    var folder: Substring {
        path[..<(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)]
    }

    /// What rules call the file.
    var name: String { String(path.dropFirst(folder.count)) }

    /// The diagnostics with their files as seen from the current folder, and with source lines.
    func shown(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        var texts: [String: PolicyText] = [:]
        return diagnostics.map { diagnostic in
            var diagnostic = diagnostic
            diagnostic.location = diagnostic.location.map(shown)
            diagnostic.notes = diagnostic.notes.map {
                Diagnostic.Note($0.message, at: $0.location.map(shown))
            }
            guard diagnostic.sourceLine == nil, let file = diagnostic.location?.file else {
                return diagnostic
            }
            // A file that cannot be read any more is shown without its lines.
            if texts[file] == nil { texts[file] = try? PolicyText(file: file) }
            return texts[file]?.illustrating(diagnostic) ?? diagnostic
        }
    }

    /// The place with its file as seen from the current folder.
    func shown(_ location: SourceLocation) -> SourceLocation {
        var location = location
        // A shipped policy that was extended stands in no folder.
        let path = folder + location.file
        if access(String(path), F_OK) == 0 { location.file = String(path) }
        return location
    }

    /// Loads the image, or compiles the source into one.
    func image() throws(CommandError) -> PolicyImage {
        switch kind {
        case .image: return try image { () throws(FormatError) in try .load(file: path) }
        case .source:
            let bytes = try compiled().image
            return try image { () throws(FormatError) in try PolicyImage(copying: bytes) }
        }
    }

    private func image(
        _ load: () throws(FormatError) -> PolicyImage
    ) throws(CommandError) -> PolicyImage {
        do {
            return try load()
        } catch {
            throw .unusableImage(path, error)
        }
    }
}

extension CompletionKind {
    /// The files that may be policies.
    static var policy: CompletionKind { .file(extensions: ["xml", "policybc"]) }
}
