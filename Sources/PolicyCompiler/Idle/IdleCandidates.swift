internal import PolicyModel

/// The elements of a layer that could be left out as they are: rules without anything below them,
/// and exclusions.
struct IdleCandidates {
    /// The dotted path of each, by its place.
    private(set) var paths: [SourceLocation: String] = [:]
    private(set) var exclusions: Set<SourceLocation> = []

    init(_ layer: PolicyLayer) {
        add(layer.invalidModules, prefix: "")
        add(layer.invalidModuleMembers, prefix: "")
    }

    private mutating func add(_ declarations: [MatcherDeclaration], prefix: String) {
        for declaration in declarations {
            let path = prefix + declaration.name
            let inside = declaration.isWhole ? "" : path + "."
            for exclusion in declaration.exclusions {
                guard let location = exclusion.location else { continue }
                paths[location] = inside + exclusion.name
                exclusions.insert(location)
            }
            // A section stays where it stands, whatever it says about everything in it.
            if declaration.isWhole { continue }
            let isLeaf = declaration.children.isEmpty && declaration.exclusions.isEmpty
            if isLeaf, !declaration.kinds.subtracting(.node).isEmpty,
                let location = declaration.rule.location
            {
                paths[location] = path
            }
            if !declaration.children.isEmpty { add(declaration.children, prefix: inside) }
        }
    }
}
