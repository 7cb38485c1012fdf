public import PolicyModel

/// Reads policies and what they extend.
///
/// A reader is a value without state of its own: use one from as many threads as you like.
public struct PolicyReader: Sendable {
    /// The directory that `extends` never leaves; nil for that of the file that is read.
    public var root: String?

    /// Makes a reader.
    ///
    /// - Parameter root: The directory that `extends` never leaves; nil for that of the file read.
    public init(root: String? = nil) {
        self.root = root
    }

    /// Reads a policy file and the files that it extends.
    ///
    /// - Parameter name: What messages and rules call it; nil for the path. The files that it
    ///   extends are named as seen from there.
    /// - Throws: Every fault of every file, sorted; a file that cannot be read is one of them.
    public func read(
        file: String, named name: String? = nil
    ) throws(PolicyError) -> PolicyReading {
        let bytes: [UInt8]
        do throws(PolicyFile.Fault) {
            bytes = try PolicyFile.read(file)
        } catch {
            throw PolicyError([Self.unreadable(file, error)])
        }
        let resolved = PolicyFile.resolve(file) ?? file
        let origin = PolicyOrigin.file(resolved)
        return try read(
            bytes, named: name ?? file, origin,
            root: try resolvedRoot(or: PolicyFile.directory(of: resolved)))
    }

    /// Reads a policy from memory.
    ///
    /// It may extend shipped policies, and files as if it stood in the reader's root if that is given.
    /// - Parameter name: What messages call it.
    /// - Throws: Every fault, sorted.
    public func read(bytes: [UInt8], named name: String) throws(PolicyError) -> PolicyReading {
        guard root != nil else { return try read(bytes, named: name, .memory, root: nil) }
        let root = try resolvedRoot(or: ".")
        return try read(bytes, named: name, .directory(root), root: root)
    }

    private func resolvedRoot(or other: String) throws(PolicyError) -> String {
        guard let root else { return other }
        guard let resolved = PolicyFile.resolve(root) else {
            throw PolicyError([
                Diagnostic(
                    .error, code: "unreadable-file",
                    message:
                        "cannot read the policy root \(quoted(root)): there is no such directory")
            ])
        }
        return resolved
    }

    private func read(
        _ bytes: [UInt8], named name: String, _ origin: PolicyOrigin, root: String?
    ) throws(PolicyError) -> PolicyReading {
        var layers: [PolicyLayer] = []
        var diagnostics: [Diagnostic] = []
        var chain = ExtendsChain(root: root)
        var next: PolicySource? = PolicySource(bytes: bytes, name: name, origin: origin)
        while let source = next {
            chain.append(source)
            var reading = LayerReading(bytes: source.bytes, file: source.name)
            layers += reading.layers.reversed()
            next = chain.next(after: source, &reading)
            diagnostics += reading.faults.diagnostics
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            throw PolicyError(diagnostics)
        }
        return PolicyReading(
            policy: Policy(layers: layers.reversed()), warnings: diagnostics.sorted())
    }

    static func unreadable(_ file: String, _ fault: PolicyFile.Fault) -> Diagnostic {
        switch fault {
        case .unreadable(let reason):
            Diagnostic(
                .error, code: "unreadable-file", message: "cannot read \(quoted(file)): \(reason)")
        case .tooLarge:
            Diagnostic(
                .error, code: "file-too-large",
                message: "\(quoted(file)) is larger than \(ReadingLimits.fileSize) bytes")
        }
    }
}
