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
        let reading: PolicyReading
        do {
            reading = try PolicyReader(root: ".").read(shipped: defaultName)
        } catch {
            throw .diagnostics(error)
        }
        return try compiled(reading)
    }

    /// The folder that the policy's `extends` may not leave: the policy's own.
    private var root: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Reads the source with everything that it extends.
    func reading() throws(CommandError) -> PolicyReading {
        guard kind == .source else {
            throw .usage("`\(path)` is an image; this needs the policy's source, `.xml`")
        }
        do {
            return try PolicyReader(root: root).read(file: path)
        } catch {
            throw .diagnostics(error)
        }
    }

    /// Compiles the source; its warnings are those of all stages.
    func compiled() throws(CommandError) -> CompiledPolicy {
        try Self.compiled(reading())
    }

    /// Compiles what was read.
    static func compiled(_ reading: PolicyReading) throws(CommandError) -> CompiledPolicy {
        do {
            var compiled = try PolicyCompiler().compile(reading.policy)
            compiled.warnings = (reading.warnings + compiled.warnings).sorted()
            return compiled
        } catch {
            throw .diagnostics(PolicyError(reading.warnings + error.diagnostics))
        }
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
