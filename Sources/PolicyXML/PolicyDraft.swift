package import PolicyModel

/// A policy that is about to be written: what one file says, without conditions.
package struct PolicyDraft: Sendable {
    package var name: String
    package var extends: String?
    /// What the file says of itself.
    package var comment: String?
    package var passthrough: [PassthroughDeclaration.Subject] = []
    package var unrestrictions: [[String]] = []
    package var invalidModules = SandboxMatcher()
    package var invalidModuleMembers = SandboxMatcher()
    package var notifications: [ImportNotificationDeclaration] = []
    package var lazySysModulesPassthrough: Bool?

    package init(name: String, extends: String? = nil) {
        self.name = name
        self.extends = extends
    }

    /// A name that a policy cannot write, where it stands and why; nil if all can be written.
    package var unwritable: (name: String, path: String, reason: String)? {
        for case .module(let module) in passthrough {
            let parts = module.split(separator: ".", omittingEmptySubsequences: false)
            for part in parts where Self.complaint(String(part)) != nil || part == "*" {
                let reason = Self.complaint(String(part)) ?? "it is a wildcard"
                return (module, "passthrough_modules", reason)
            }
        }
        for (matcher, field) in [
            (invalidModules, "invalid_modules"), (invalidModuleMembers, "invalid_module_members"),
        ] {
            if let found = Self.unwritable(matcher, path: field) { return found }
        }
        return nil
    }

    private static func unwritable(
        _ matcher: SandboxMatcher, path: String
    ) -> (name: String, path: String, reason: String)? {
        for name in names(of: matcher) {
            if let complaint = complaint(name) { return (name, path, complaint) }
        }
        for (name, child) in matcher.children.sorted(by: { $0.key < $1.key }) {
            if let found = unwritable(child, path: "\(path).\(name)") { return found }
        }
        if let message = matcher.matchSelf?.message, !message.unicodeScalars.allSatisfy(isXML) {
            return (message, path, "it holds a character that XML does not have")
        }
        return nil
    }

    private static func complaint(_ name: String) -> String? {
        if name.isEmpty { return "it is empty" }
        if name.contains(".") { return "it has a dot" }
        if name.contains(where: \.isWhitespace) { return "it holds a blank" }
        if name != "*", name.contains("*") { return "the `*` is only part of it" }
        if !name.unicodeScalars.allSatisfy(isXML) {
            return "it holds a character that XML does not have"
        }
        return nil
    }

    private static func isXML(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
            || "\t\n\r".unicodeScalars.contains(scalar)
    }

    private static func names(of matcher: SandboxMatcher) -> [String] {
        var names = Set(matcher.access.keys)
        names.formUnion(matcher.use.keys)
        names.formUnion(matcher.children.keys)
        names.formUnion(matcher.exclude.keys)
        return names.sorted()
    }

    // MARK: - Text

    /// The file.
    package var text: String {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        if let comment { lines.append("<!-- \(comment) -->") }
        let extended = extends.map { " extends=\"\(Self.escaped($0))\"" } ?? ""
        lines += [
            "<sandbox-restrictions xmlns=\"\(Vocabulary.namespace)\"",
            "                      name=\"\(Self.escaped(name))\"\(extended)>",
        ]
        lines += passthroughSection
        lines += Self.section("invalid-modules", invalidModules, below: "module")
        lines += Self.section("invalid-module-members", invalidModuleMembers, below: "member")
        for path in unrestrictions {
            lines.append("  <unrestrict path=\"\(Self.escaped(path.joined(separator: ".")))\"/>")
        }
        lines += settings
        lines.append("</sandbox-restrictions>")
        return lines.joined(separator: "\n") + "\n"
    }

    private var passthroughSection: [String] {
        guard !passthrough.isEmpty else { return [] }
        let entries = passthrough.map { subject in
            switch subject {
            case .module(let name): "    <module name=\"\(Self.escaped(name))\"/>"
            case .standardLibrary: "    <standard-library/>"
            case .allModules: "    <all-modules/>"
            }
        }
        return ["  <passthrough-modules>"] + entries + ["  </passthrough-modules>"]
    }

    private var settings: [String] {
        let names: [ImportNotificationPolicy: String] = [
            .warnOnDynamicImport: Vocabulary.flags[0],
            .warnOnUnintentionalPassthrough: Vocabulary.flags[1],
            .raiseOnUnintentionalPassthrough: Vocabulary.flags[2],
        ]
        var lines: [String] = []
        let flags = notifications.compactMap { declaration in
            names[declaration.flags].map { " \($0)=\"\(declaration.value)\"" }
        }
        if !flags.isEmpty { lines.append("  <import-notification-policy\(flags.joined())/>") }
        if let lazySysModulesPassthrough {
            lines.append("  <sys-modules lazy-passthrough=\"\(lazySysModulesPassthrough)\"/>")
        }
        return lines
    }

    private static func section(
        _ name: String, _ matcher: SandboxMatcher, below: String
    ) -> [String] {
        guard matcher != SandboxMatcher() else { return [] }
        var attributes = ""
        if matcher.matchSelf != nil { attributes += " match=\"self\"" }
        return element(
            name, attributes + ownAttributes(matcher),
            inside(matcher, element: "module", below: below, indent: 4), indent: 2)
    }

    /// What is in a matcher's element.
    private static func inside(
        _ matcher: SandboxMatcher, element tag: String, below: String, indent: Int
    ) -> [String] {
        var lines: [String] = []
        for name in names(of: matcher) {
            let shown = " name=\"\(escaped(name))\""
            let listed =
                (matcher.access[name] == nil ? [] : ["access"])
                + (matcher.use[name] == nil ? [] : ["use"])
            if !listed.isEmpty {
                let match = " match=\"\(listed.joined(separator: " "))\""
                lines += element(tag, shown + match, [], indent: indent)
            }
            if let child = matcher.children[name] {
                let own = inside(child, element: below, below: below, indent: indent + 2)
                let match =
                    child.matchSelf != nil
                    ? " match=\"self\"" : own.isEmpty ? " match=\"\"" : ""
                lines += element(
                    tag, shown + match + ownAttributes(child), own, indent: indent)
            }
        }
        for name in matcher.exclude.keys.sorted() {
            lines += element("exclude", " name=\"\(escaped(name))\"", [], indent: indent)
        }
        return lines
    }

    private static func ownAttributes(_ matcher: SandboxMatcher) -> String {
        var text = matcher.onlyRuntime ? " only=\"runtime\"" : ""
        guard let rule = matcher.matchSelf else { return text }
        if let warning = rule.warningCategory { text += " warning=\"\(escaped(warning))\"" }
        if let message = rule.message { text += " message=\"\(escaped(message))\"" }
        return text
    }

    private static func element(
        _ name: String, _ attributes: String, _ inside: [String], indent: Int
    ) -> [String] {
        let margin = String(repeating: " ", count: indent)
        guard !inside.isEmpty else { return ["\(margin)<\(name)\(attributes)/>"] }
        return ["\(margin)<\(name)\(attributes)>"] + inside + ["\(margin)</\(name)>"]
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
