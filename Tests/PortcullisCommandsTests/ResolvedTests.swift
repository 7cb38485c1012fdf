import Foundation
import Testing

/// `check --resolved`: one file that decides as all layers do.
@Suite struct ResolvedTests {
    private static func folder() throws -> Folder {
        let folder = try Folder()
        try folder.write(
            policy(
                """
                <passthrough-modules>
                  <standard-library because="shared"/>
                  <when python="&gt;=3.12,!=3.13"><module name="a.b"/></when>
                </passthrough-modules>
                <invalid-modules>
                  <module name="one.two"><module name="three.four"/><exclude name="five"/></module>
                  <module name="six" only="runtime"/>
                  <module name="seven" match=""/>
                  <exclude name="eight"/>
                </invalid-modules>
                <when python="&lt;3.11">
                  <invalid-module-members only="runtime"><exclude name="json"/></invalid-module-members>
                </when>
                <invalid-module-members>
                  <module name="http">
                    <module name="client" id="no-http" match="use" message="a &lt; b &amp; &quot;c&quot;&#10;d"/>
                    <module name="server.deep"><member name="*" match="access use"/></module>
                  </module>
                  <module name="http.cookies"><member name="load" match="self" warning="FutureWarning"/></module>
                  <module name="os" only="runtime">
                    <member name="*" match="use" effect="audit" see="https://example.test/a?b&amp;c"/>
                    <member name="path" match="self"/><member name="sep" match=""/>
                    <when python="&lt;3.13"><exclude name="stat"/></when>
                    <member name="open" match="use" arguments="1"/>
                  </module>
                </invalid-module-members>
                <sys-modules lazy-passthrough="false"/>
                """, attributes: "name=\"base\""), to: "base.xml")
        try folder.write(
            policy(
                """
                <invalid-module-members>
                  <module name="os"><member name="getcwd" match="use" id="no-http"/></module>
                </invalid-module-members>
                <unrestrict path="http.client" because="--tests--" owner="ada" until="2999-01-01"/>
                <when python="==3.14"><unrestrict path="os.path" because="text"/></when>
                <when python="&gt;=3.13">
                  <invalid-modules match="self" id="none" effect="audit" message="&lt;no&gt;"/>
                </when>
                <import-notification-policy warn-on-dynamic-import="false"/>
                """, attributes: "name=\"top\" extends=\"base.xml\""), to: "top.xml")
        return folder
    }

    @Test func theFlatPolicyIsAsRecordedAndDecidesAlike() throws {
        let folder = try Self.folder()
        let flat = try Tool.run("check", "top.xml", "--resolved", in: folder)
        #expect(flat.status == 0, "\(flat.error)")
        #expect(flat.error == "")
        try Golden.expect(flat.output, equals: "resolved.txt")
        try folder.write(flat.output, to: "flat.xml")
        let difference = try Tool.run("diff", "top.xml", "flat.xml", "--exit-code", in: folder)
        #expect(difference.status == 0)
        #expect(difference.lines.last?.hasSuffix(", no difference") == true, "\(difference.output)")
        let again = try Tool.run("check", "flat.xml", in: folder)
        #expect(again.output == "flat.xml: no faults\n", "\(again.error)")
    }

    @Test(arguments: LintTests.shipped)
    func theShippedPoliciesAreTheSameWhenFlat(_ path: String) throws {
        let folder = try Folder()
        let flat = try Tool.run("check", path, "--resolved", in: folder)
        #expect(flat.status == 0)
        try folder.write(flat.output, to: "flat.xml")
        let difference = try Tool.run("diff", path, "flat.xml", "--exit-code", in: folder)
        #expect(difference.status == 0, "\(difference.output)")
        #expect(difference.lines.last?.hasSuffix(", no difference") == true)
    }

    @Test func whatCannotBeResolvedIsRefused() throws {
        let folder = try Self.folder()
        try folder.write(policy("<nonsense/>"), to: "bad.xml")
        #expect(try Tool.run("check", "bad.xml", "--resolved", in: folder).status == 1)
        #expect(try Tool.run("check", "top.xml", "bad.xml", "--resolved", in: folder).status == 64)
        #expect(
            try Tool.run("check", "top.xml", "--resolved", "--format", "json", in: folder).status
                == 64)
    }
}
