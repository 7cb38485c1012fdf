import Foundation
import PolicyModel
import PolicyXML
import Testing

/// What the elements and attributes mean in the model.
@Suite struct PolicyReadingTests {
    private func reading(_ body: String) throws -> PolicyReading {
        let text =
            "<sandbox-restrictions xmlns=\"urn:portcullis:sandbox-restrictions:1\" name=\"x\">\n"
            + body + "\n</sandbox-restrictions>"
        return try PolicyReader().read(bytes: Array(text.utf8), named: "x.xml")
    }

    private func members(_ body: String) throws -> [MatcherDeclaration] {
        let reading = try reading("<invalid-module-members>\(body)</invalid-module-members>")
        return try #require(reading.policy.layers.first).invalidModuleMembers
    }

    @Test func kindsOfMembers() throws {
        let module = try #require(
            try members(
                """
                <module name="os" only="runtime"><member name="name" match="access"/>
                <member name="*" match="use"/><exclude name="stat"/>
                <member name="path" match="self" message="m" instead="i"/>
                <member name="empty" match=""/></module>
                """
            ).first)
        #expect(module.kinds == .node)
        #expect(module.onlyRuntime)
        #expect(module.exclusions.map(\.name) == ["stat"])
        #expect(module.children.map(\.name) == ["name", "*", "path", "empty"])
        #expect(module.children.map(\.kinds) == [.access, .use, [.matchSelf, .node], .node])
        #expect(module.children[2].rule.message == "m")
        #expect(module.children[2].rule.instead == "i")
        #expect(module.children[2].rule.id == "")
    }

    @Test func rulesMayHoldForCallsWithFewArguments() throws {
        let module = try #require(
            try members(
                """
                <module name="time"><member name="gmtime" match="use" arguments="0"/>
                <member name="strftime" match="self" arguments="64"/>
                <member name="time" match="use"/></module>
                """
            ).first)
        #expect(module.children.map(\.rule.arguments) == [0, 64, nil])
        #expect(module.rule.arguments == nil)
    }

    @Test func sectionsSpeakOfEverything() throws {
        let reading = try reading(
            """
            <invalid-modules only="runtime"><module name="requests"/></invalid-modules>
            <invalid-module-members match="self" message="m"><exclude name="json"/>
            <when python=">=3.12"><exclude name="os"/></when></invalid-module-members>
            """)
        let layer = try #require(reading.policy.layers.first)
        let modules = try #require(layer.invalidModules.last)
        #expect(layer.invalidModules.map(\.name) == ["requests", ""])
        #expect(modules.onlyRuntime && modules.kinds == .node)
        let members = try #require(layer.invalidModuleMembers.first)
        #expect(layer.invalidModuleMembers.count == 1 && members.name.isEmpty)
        #expect(members.kinds.contains(.matchSelf) && !members.onlyRuntime)
        #expect(members.rule.message == "m")
        #expect(members.exclusions.map(\.name) == ["json", "os"])
        #expect(members.exclusions[1].condition.clauses.count == 1)
    }

    @Test func dottedNamesAreNested() throws {
        let found = try members(
            "<module name=\"http.client\"><member name=\"*\" match=\"use\"/></module>")
        #expect(found.map(\.name) == ["http"])
        #expect(found.first?.kinds == .node)
        #expect(found.first?.children.map(\.name) == ["client"])
        #expect(found.first?.children.first?.children.map(\.kinds) == [.use])
    }

    @Test func oneNameMayMatchInTwoWays() throws {
        let found = try members(
            """
            <module name="datetime"><member name="date" match="use"/>
            <member name="date" match="self" message="x"/></module>
            """)
        #expect(found.first?.children.map(\.kinds) == [.use, [.matchSelf, .node]])
    }

    @Test func conditionsAreJoined() throws {
        let found = try members(
            """
            <when python="&gt;=3.12"><module name="os">
            <when python="&lt;3.14"><member name="x" match="use"/><exclude name="y"/></when>
            </module></when>
            """)
        let module = try #require(found.first)
        let holds = PythonVersion.supported.filter { module.condition.contains($0) }
        #expect(holds == [PythonVersion(3, 12), PythonVersion(3, 13), PythonVersion(3, 14)])
        let inner = try #require(module.children.first).condition
        #expect(
            PythonVersion.supported.filter { inner.contains($0) } == [
                PythonVersion(3, 12), PythonVersion(3, 13),
            ])
        #expect(module.exclusions.first?.condition == inner)
    }

    @Test func invalidModules() throws {
        let layer = try #require(
            try reading(
                """
                <invalid-modules><module name="requests" id="r"/><module name="a.b"/>
                <module name="late" only="runtime"/>
                <module name="pkg"><module name="*"/><exclude name="ok"/></module></invalid-modules>
                """
            ).policy.layers.first)
        let modules = layer.invalidModules
        #expect(modules.map(\.name) == ["requests", "a", "late", "pkg"])
        #expect(modules.map(\.kinds) == [.access, .node, [.matchSelf, .node], .node])
        #expect(modules[0].rule.id == "r")
        #expect(modules[0].rule.location == SourceLocation(file: "x.xml", line: 2, column: 18))
        #expect(modules[1].children.first?.kinds == .access)
        #expect(modules[3].children.first?.kinds == .access)
    }

    @Test func effects() throws {
        let found = try members(
            """
            <module name="m"><member name="a" match="use" warning="DeprecationWarning"/>
            <member name="b" match="use" effect="warn"/><member name="c" match="use" effect="audit"/>
            <member name="d" match="use" message=""/></module>
            """)
        let rules = try #require(found.first).children.map(\.rule)
        #expect(rules.map(\.effect) == [.warn, .warn, .audit, .deny])
        #expect(rules.map(\.warningCategory) == ["DeprecationWarning", "UserWarning", nil, nil])
        #expect(rules[3].message == nil)
    }

    @Test func otherSections() throws {
        let layer = try #require(
            try reading(
                """
                <passthrough-modules><module name="a.b" because="w"/><standard-library/>
                <when python="&lt;3.12"><all-modules/></when></passthrough-modules>
                <unrestrict path="datetime.date.today" because="b" owner="o" until="2027-06-30"/>
                <import-notification-policy warn-on-dynamic-import="false"
                  raise-on-unintentional-passthrough="1"/>
                <sys-modules lazy-passthrough="false"/>
                """
            ).policy.layers.first)
        #expect(
            layer.passthroughModules.map(\.subject) == [
                .module("a.b"), .standardLibrary, .allModules,
            ])
        #expect(layer.passthroughModules[2].condition.contains(PythonVersion(3, 12)) == false)
        let exception = try #require(layer.unrestrictions.first)
        #expect(exception.path == ["datetime", "date", "today"])
        #expect(exception.until == "2027-06-30")
        #expect(exception.owner == "o")
        #expect(
            layer.importNotificationPolicy == [
                ImportNotificationDeclaration(.warnOnDynamicImport, false),
                ImportNotificationDeclaration(.raiseOnUnintentionalPassthrough, true),
            ])
        #expect(layer.lazySysModulesPassthrough == false)
    }

    @Test func warningsDoNotStop() throws {
        let reading = try reading(
            "<invalid-module-members><module name=\"os\"/></invalid-module-members>")
        #expect(reading.warnings.map(\.code) == ["element-without-effect"])
    }

    @Test func examplesRead() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../policies/examples").standardizedFileURL
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 9)
        for name in names {
            let reading = try PolicyReader().read(file: folder.appending(path: name).path)
            #expect(reading.policy.layers.count == 3, "\(name)")
            #expect(reading.warnings == [], "\(name)")
        }
    }

    @Test func schemaDocumentsEverything() throws {
        let schema = String(decoding: ShippedPolicy.schema, as: UTF8.self)
        let declared = schema.split(separator: "<").filter {
            $0.hasPrefix("xs:element ") || $0.hasPrefix("xs:attribute ")
        }
        #expect(declared.count > 50)
        let parts = schema.split(separator: "<").map { $0.trimmingCharacters(in: .whitespaces) }
        for (index, part) in parts.enumerated()
        where part.hasPrefix("xs:element ") || part.hasPrefix("xs:attribute ") {
            #expect(parts[index + 1].hasPrefix("xs:annotation"), "\(part)")
        }
    }
}

/// How a diagnostic is written for people.
@Suite struct RenderingTests {
    @Test func caretFollowsTabs() {
        let diagnostic = Diagnostic(
            .error, code: "c", message: "m `x`", at: SourceLocation(file: "f", line: 2, column: 4),
            length: 3, sourceLine: "\té\tabc",
            notes: [.init("n", at: SourceLocation(file: "f", line: 1, column: 1)), .init("o")])
        #expect(
            diagnostic.rendered() == """
                f:2:4: error: m `x` [c]
                    \té\tabc
                    \t \t^~~
                  f:1:1: note: n
                  note: o
                """)
    }

    @Test func controlCharactersAreReplaced() {
        let diagnostic = Diagnostic(.warning, code: "c", message: "\u{1B}[31m\u{202E}")
        #expect(diagnostic.rendered() == "warning: \u{FFFD}[31m\u{FFFD} [c]")
    }
}
