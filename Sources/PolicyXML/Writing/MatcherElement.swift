internal import PolicyModel

/// The element that declares what a declaration says.
struct MatcherElement {
    /// The declaration, for a dotted name the innermost one.
    let declaration: MatcherDeclaration
    let children: [MatcherElement]
    /// `module`, `member`, or the section that the declaration is all of.
    let name: String
    /// The attributes in the order in which authors write them.
    let attributes: [(String, String?)]

    init(_ outer: MatcherDeclaration, isModuleList: Bool, isTop: Bool = true) {
        var names = [outer.name]
        var declaration = outer
        while let only = Self.inner(of: declaration) {
            names.append(only.name)
            declaration = only
        }
        let children = declaration.children.map {
            MatcherElement($0, isModuleList: isModuleList, isTop: false)
        }
        let isModule =
            isModuleList || isTop || names.count > 1 || children.contains { $0.name == "module" }
        self.declaration = declaration
        self.children = children
        name = isModule ? "module" : "member"
        attributes =
            [("name", names.joined(separator: "."))]
            + Self.attributes(of: declaration, isModuleList: isModuleList)
    }

    /// The section that says something about everything in it.
    init(whole declaration: MatcherDeclaration, section: String) {
        self.declaration = declaration
        children = []
        name = section
        attributes = Self.attributes(of: declaration, isModuleList: false)
            .filter { $0.0 != "match" || $0.1 != "" }
    }

    /// What a dotted name was taken apart into: a node at the same place with one thing in it.
    private static func inner(of declaration: MatcherDeclaration) -> MatcherDeclaration? {
        guard declaration.kinds == .node, !declaration.onlyRuntime,
            declaration.exclusions.isEmpty, declaration.children.count == 1,
            let child = declaration.children.first,
            child.rule.location == declaration.rule.location, declaration.rule.location != nil
        else { return nil }
        return child
    }

    private static func attributes(
        of declaration: MatcherDeclaration, isModuleList: Bool
    ) -> [(String, String?)] {
        let kinds: [(MatcherDeclaration.Kinds, String)] = [
            (.access, "access"), (.use, "use"), (.matchSelf, "self"),
        ]
        let words = kinds.filter { declaration.kinds.contains($0.0) }.map(\.1)
        let hasInside = !declaration.children.isEmpty || !declaration.exclusions.isEmpty
        // Without the attribute an empty module of `invalid-modules` would match.
        let match = words.isEmpty && hasInside ? nil : words.joined(separator: " ")
        let rule = declaration.rule
        let warning = rule.effect == .warn ? rule.warningCategory : nil
        return [
            ("match", match), ("only", declaration.onlyRuntime ? "runtime" : nil),
            ("arguments", rule.arguments.map(String.init)),
            ("id", rule.id.isEmpty ? nil : rule.id),
            ("effect", rule.effect == .deny || warning != nil ? nil : rule.effect.rawValue),
            ("warning", warning), ("message", rule.message), ("because", rule.because),
            ("see", rule.see), ("instead", rule.instead),
        ]
    }
}
