public import PolicyModel

/// Writes a policy as one file without `extends`: each layer in turn, the base first, and beside
/// everything the place that it comes from.
///
/// Read again, the file decides as the policy does, with the same rules and texts.
public struct PolicyWriter: Sendable {
    private var lines: [String] = []
    private var depth = 0

    /// The text of a flattened policy.
    public static func flattened(_ policy: Policy) -> String {
        var writer = PolicyWriter()
        writer.write(policy)
        return writer.lines.joined(separator: "\n") + "\n"
    }

    private mutating func write(_ policy: Policy) {
        lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        element(
            "sandbox-restrictions", [("xmlns", Vocabulary.namespace), ("name", policy.name)]
        ) { writer in
            for layer in policy.layers {
                writer.comment("everything below is from \(layer.file)")
                writer.element("layer", [("name", layer.name)]) { $0.sections(of: layer) }
            }
        }
    }

    private mutating func sections(of layer: PolicyLayer) {
        if !layer.passthroughModules.isEmpty {
            element("passthrough-modules", []) { writer in
                for declaration in layer.passthroughModules { writer.write(declaration) }
            }
        }
        for declaration in layer.importNotificationPolicy {
            let values = zip(Vocabulary.flags, [1, 2, 4] as [UInt8])
                .filter { declaration.flags.rawValue & $0.1 != 0 }
                .map { ($0.0, declaration.value ? "true" : "false") }
            when(declaration.condition) { $0.element("import-notification-policy", values) }
        }
        if let lazy = layer.lazySysModulesPassthrough {
            element("sys-modules", [("lazy-passthrough", lazy ? "true" : "false")])
        }
        section("invalid-modules", layer.invalidModules, isModuleList: true)
        section("invalid-module-members", layer.invalidModuleMembers, isModuleList: false)
        for exception in layer.unrestrictions { write(exception) }
    }

    /// Writes the declarations of a section, and each that speaks of all of it as a section of its
    /// own, because its condition is around the section.
    private mutating func section(
        _ name: String, _ declarations: [MatcherDeclaration], isModuleList: Bool
    ) {
        let named = declarations.filter { !$0.isWhole }
        if !named.isEmpty {
            element(name, []) { writer in
                for declaration in named {
                    writer.write(MatcherElement(declaration, isModuleList: isModuleList))
                }
            }
        }
        for whole in declarations where whole.isWhole {
            write(MatcherElement(whole: whole, section: name))
        }
    }

    // MARK: - What is declared

    private mutating func write(_ declaration: PassthroughDeclaration) {
        when(declaration.condition) { writer in
            let because = [("because", declaration.because)]
            switch declaration.subject {
            case .module(let name):
                writer.element("module", [("name", name)] + because, declaration.location)
            case .standardLibrary:
                writer.element("standard-library", because, declaration.location)
            case .allModules: writer.element("all-modules", because, declaration.location)
            }
        }
    }

    private mutating func write(_ exception: Unrestriction) {
        when(exception.condition) { writer in
            writer.element(
                "unrestrict",
                [
                    ("path", exception.path.joined(separator: ".")), ("because", exception.because),
                    ("owner", exception.owner), ("until", exception.until),
                ], exception.location)
        }
    }

    private mutating func write(_ matcher: MatcherElement) {
        let declaration = matcher.declaration
        when(declaration.condition) { writer in
            let isEmpty = matcher.children.isEmpty && declaration.exclusions.isEmpty
            writer.element(
                matcher.name, matcher.attributes, declaration.rule.location, isEmpty: isEmpty
            ) { writer in
                for exclusion in declaration.exclusions {
                    writer.when(exclusion.condition) {
                        $0.element("exclude", [("name", exclusion.name)], exclusion.location)
                    }
                }
                for child in matcher.children { writer.write(child) }
            }
        }
    }

    // MARK: - XML

    /// Writes what a condition is around; nothing more if it always holds.
    private mutating func when(
        _ condition: PythonVersionCondition, _ content: (inout PolicyWriter) -> Void
    ) {
        guard !condition.clauses.isEmpty else { return content(&self) }
        let text = condition.clauses.map { "\($0.comparison.rawValue)\($0.version)" }
            .joined(separator: ",")
        element("when", [("python", text)], isEmpty: false, content: content)
    }

    private mutating func element(
        _ name: String, _ attributes: [(String, String?)], _ origin: SourceLocation? = nil,
        isEmpty: Bool = false,
        content: (inout PolicyWriter) -> Void
    ) {
        let written = attributes.compactMap { name, value in
            value.map { " \(name)=\"\(Self.escaped($0))\"" }
        }.joined()
        let comment = origin.map { "  <!-- \(Self.commentText("\($0)")) -->" } ?? ""
        let margin = String(repeating: "  ", count: depth)
        lines.append("\(margin)<\(name)\(written)\(isEmpty ? "/" : "")>\(comment)")
        guard !isEmpty else { return }
        depth += 1
        content(&self)
        depth -= 1
        lines.append("\(margin)</\(name)>")
    }

    private mutating func element(
        _ name: String, _ attributes: [(String, String?)], _ origin: SourceLocation? = nil
    ) {
        element(name, attributes, origin, isEmpty: true) { _ in }
    }

    private mutating func comment(_ text: String) {
        let margin = String(repeating: "  ", count: depth)
        lines += ["", "\(margin)<!-- \(Self.commentText(text)) -->"]
    }

    /// Two hyphens would end a comment.
    private static func commentText(_ text: String) -> String {
        text.replacing("--", with: "- -").map { $0.isNewline ? " " : String($0) }.joined()
    }

    /// An attribute's value; blanks other than spaces must be written as references.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
