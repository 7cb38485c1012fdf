internal import PolicyModel

/// Tells which lines of a policy pass a module through without the line that names it.
struct PassthroughCoverage {
    /// A line that covers a module.
    struct Cover {
        var what: String
        var location: SourceLocation?
    }

    private let declarations: [PassthroughDeclaration.Subject: [PassthroughDeclaration]]
    private let libraries: [PythonVersion: Set<String>]

    init(policy: Policy, libraries: [PythonVersion: Set<String>]) {
        var declarations: [PassthroughDeclaration.Subject: [PassthroughDeclaration]] = [:]
        for layer in policy.layers {
            for declaration in layer.passthroughModules {
                declarations[declaration.subject, default: []].append(declaration)
            }
        }
        self.declarations = declarations
        self.libraries = libraries
    }

    /// What covers a module on every version on which `own` passes it through; nil if nothing does.
    func cover(of name: String, _ own: PassthroughDeclaration) -> Cover? {
        let versions = libraries.keys.filter { own.condition.contains($0) }.sorted()
        var first: Cover?
        for version in versions {
            guard let cover = cover(of: name, own, on: version) else { return nil }
            if first == nil { first = cover }
        }
        return first
    }

    private func cover(
        of name: String, _ own: PassthroughDeclaration, on version: PythonVersion
    ) -> Cover? {
        func line(_ subject: PassthroughDeclaration.Subject) -> PassthroughDeclaration? {
            declarations[subject]?.first { $0 != own && $0.condition.contains(version) }
        }
        if let all = line(.allModules) {
            return Cover(what: "the line for all modules", location: all.location)
        }
        let parts = name.split(separator: ".")
        if let top = parts.first, libraries[version]?.contains(String(top)) == true,
            let library = line(.standardLibrary)
        {
            return Cover(what: "the line for the standard library", location: library.location)
        }
        for count in 1...max(parts.count, 1) {
            let above = parts.prefix(count).joined(separator: ".")
            if let line = line(.module(above)) {
                return Cover(what: "the line for `\(above)`", location: line.location)
            }
        }
        return nil
    }
}
