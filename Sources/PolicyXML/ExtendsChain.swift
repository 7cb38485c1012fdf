internal import PolicyModel

/// Where a policy comes from, which decides what it may extend.
enum PolicyOrigin: Hashable {
    /// A file, by its path without links.
    case file(String)
    /// Bytes that count as standing in a directory.
    case directory(String)
    /// Bytes that stand nowhere.
    case memory
    /// A policy of the package.
    case shipped(String)
}

/// The bytes of one layer.
struct PolicySource {
    let bytes: [UInt8]
    /// What messages call it.
    let name: String
    let origin: PolicyOrigin
}

/// The files that extend one another, from the one that was asked for to the base.
struct ExtendsChain {
    /// The directory that no file may lie outside of, without links; nil if there are no files.
    let root: String?
    private var sources: [PolicySource] = []

    init(root: String?) {
        self.root = root
    }

    mutating func append(_ source: PolicySource) {
        sources.append(source)
    }

    /// The source that a layer extends; nil if it extends none, or with a fault if it cannot be had.
    func next(after source: PolicySource, _ reading: inout LayerReading) -> PolicySource? {
        guard let (name, range) = reading.extends else { return nil }
        func fault(_ code: String, _ message: String, _ note: String? = nil) {
            reading.faults.add(code, message, at: range, notes: note.map { [.init($0)] } ?? [])
        }
        guard !name.isEmpty, !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            fault("bad-value", "`extends` needs the name of a policy")
            return nil
        }
        guard sources.count < ReadingLimits.layers else {
            fault(
                "too-many-layers", "more than \(ReadingLimits.layers) policies extend one another")
            return nil
        }
        switch find(name, from: source) {
        case .found(let next):
            guard !sources.contains(where: { $0.origin == next.origin }) else {
                let isOwnShipped = ShippedPolicy.fileName(for: name) != nil
                fault(
                    "extends-cycle", "\(quoted(name)) extends itself, directly or through others",
                    isOwnShipped ? "the shipped policy is called without `.xml`" : nil)
                return nil
            }
            return next
        case .outside:
            fault(
                "extends-outside-root", "\(quoted(name)) lies outside the policy root",
                "a policy extends files below the root, or a shipped policy")
        case .missing:
            let guess = nearest(to: name, among: ShippedPolicy.names)
            fault(
                "extends-not-found", "there is no policy \(quoted(name))",
                guess.map { "did you mean \(quoted($0))?" }
                    ?? "shipped policies are \(alternatives(ShippedPolicy.names))")
        case .unreadable(let reason):
            fault("unreadable-file", "cannot read \(quoted(name)): \(reason)")
        }
        return nil
    }

    private enum Finding {
        case found(PolicySource), outside, missing, unreadable(String)
    }

    private func find(_ name: String, from source: PolicySource) -> Finding {
        let directory: String?
        switch source.origin {
        case .file(let path): directory = PolicyFile.directory(of: path)
        case .directory(let path): directory = path
        // What ships extends only what ships, whatever files lie about.
        case .memory, .shipped: directory = nil
        }
        if let directory, let root {
            let path = PolicyFile.join(directory, name)
            // The text is judged first, so that nobody learns which files exist elsewhere.
            let isInside = PolicyFile.isPath(PolicyFile.normal(path), within: root)
            guard isInside else { return .outside }
            if let resolved = PolicyFile.resolve(path) {
                guard PolicyFile.isPath(resolved, within: root) else { return .outside }
                return file(resolved, shown: shownName(name, source))
            }
        }
        guard let shipped = ShippedPolicy.fileName(for: name),
            let bytes = ShippedPolicy.source(named: shipped)
        else {
            return .missing
        }
        return .found(PolicySource(bytes: bytes, name: shipped, origin: .shipped(shipped)))
    }

    private func file(_ path: String, shown: String) -> Finding {
        do throws(PolicyFile.Fault) {
            let bytes = try PolicyFile.read(path)
            return .found(PolicySource(bytes: bytes, name: shown, origin: .file(path)))
        } catch {
            switch error {
            case .unreadable(let reason): return .unreadable(reason)
            case .tooLarge: return .unreadable("it is larger than \(ReadingLimits.fileSize) bytes")
            }
        }
    }

    /// A file as messages name it: seen from where the including file was named.
    private func shownName(_ name: String, _ source: PolicySource) -> String {
        guard case .file = source.origin else { return name }
        return PolicyFile.join(PolicyFile.directory(of: source.name), name)
    }
}
