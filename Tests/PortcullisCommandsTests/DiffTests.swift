import Foundation
import Testing

/// `diff`.
@Suite struct DiffTests {
    private static func folder() throws -> Folder {
        let folder = try Folder()
        try folder.write(
            policy(
                """
                <passthrough-modules><module name="pydantic"/></passthrough-modules>
                <invalid-module-members>
                  <module name="os" only="runtime">
                    <member name="*" match="use"/>
                    <exclude name="stat"/>
                  </module>
                  <module name="time"><member name="time" match="use" message="no"/></module>
                </invalid-module-members>
                """), to: "old.xml")
        try folder.write(
            policy(
                """
                <passthrough-modules><module name="attrs"/></passthrough-modules>
                <invalid-modules><module name="requests"/></invalid-modules>
                <invalid-module-members>
                  <module name="os" only="runtime">
                    <member name="*" match="use" effect="audit"/>
                    <member name="getcwd" match="use" arguments="0"/>
                    <when python="&gt;=3.13"><member name="name" match="access"/></when>
                  </module>
                  <module name="time"><member name="time" match="use" message="none"/></module>
                </invalid-module-members>
                <import-notification-policy warn-on-dynamic-import="false"/>
                <sys-modules lazy-passthrough="false"/>
                """), to: "new.xml")
        return folder
    }

    @Test(arguments: ["human", "json"])
    func theDifferenceIsAsRecorded(_ format: String) throws {
        let outcome = try Tool.run(
            "diff", "old.xml", "new.xml", "--format", format, in: Self.folder())
        #expect(outcome.status == 0)
        #expect(outcome.error == "")
        try Golden.expect(outcome.output, equals: "diff.\(format).txt")
    }

    @Test func aPolicyIsEquivalentToItsImage() throws {
        let folder = try Self.folder()
        #expect(try Tool.run("compile", "old.xml", "-o", "old.policybc", in: folder).status == 0)
        let outcome = try Tool.run("diff", "old.policybc", "old.xml", "--exit-code", in: folder)
        #expect(outcome.status == 0)
        let last = try #require(outcome.lines.last)
        let words = last.split(separator: " ")
        #expect(words.first == "equivalent:")
        #expect(try #require(Int(words[1])) > 20)
        #expect(last.hasSuffix("decisions compared, no difference"))
    }

    @Test func whatIsSaidAboutEverythingIsAsRecorded() throws {
        let folder = try Folder()
        try folder.write(
            policy(
                """
                <invalid-module-members match="self"><exclude name="json"/></invalid-module-members>
                """), to: "old.xml")
        try folder.write(
            policy(
                """
                <invalid-modules match="self" only="runtime"/>
                <invalid-module-members match="self" effect="audit">
                  <exclude name="math"/>
                </invalid-module-members>
                """), to: "new.xml")
        let outcome = try Tool.run("diff", "old.xml", "new.xml", "--exit-code", in: folder)
        #expect(outcome.status == 4)
        try Golden.expect(outcome.output, equals: "diff.whole.txt")
    }

    @Test func theExitCodeTellsADifferenceFromAFault() throws {
        let folder = try Self.folder()
        try folder.write(policy("<nonsense/>"), to: "bad.xml")
        #expect(try Tool.run("diff", "old.xml", "new.xml", in: folder).status == 0)
        #expect(try Tool.run("diff", "old.xml", "new.xml", "--exit-code", in: folder).status == 4)
        #expect(try Tool.run("diff", "old.xml", "bad.xml", "--exit-code", in: folder).status == 1)
        #expect(try Tool.run("diff", "none.xml", "bad.xml", "--exit-code", in: folder).status == 2)
        #expect(try Tool.run("diff", "old.xml", in: folder).status == 64)
    }
}
