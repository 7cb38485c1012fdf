import Foundation
import Testing

/// `format`: the layout changes, what is said does not.
@Suite struct FormatTests {
    static let messy = """
        <?xml version='1.0'?>
        <!-- about
             this file -->


        <?xml-model href="schemas/sandbox-restrictions.xsd"?>
        <sandbox-restrictions extends='temporal-1.35.xml' name="x" xmlns="urn:portcullis:sandbox-restrictions:1">
        <invalid-modules>


            <module message='say "no" &amp; > go' id="r" name="requests"></module> <!-- because -->

            <when python='>=3.12'><module
               name="a.b"/></when>

        </invalid-modules>
        \t<passthrough-modules>   </passthrough-modules>
        \t  <!-- of
        \t       two lines -->\u{20}
        <invalid-modules id="all" only="runtime" match="self"></invalid-modules>
        <invalid-module-members><module name="a-module-with-a-long-name"><member see="https://example.test/why" because="it is so" match="use" name="member"/></module></invalid-module-members>
        <lint><allow because="it is so" path="*" code="broad-rule"/></lint>
        </sandbox-restrictions>
        """

    static let tidy = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- about
             this file -->

        <?xml-model href="schemas/sandbox-restrictions.xsd"?>
        <sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1"
                              name="x" extends="temporal-1.35.xml">
          <invalid-modules>

            <module name="requests" id="r" message="say &quot;no&quot; &amp; &gt; go"/> <!-- because -->

            <when python="&gt;=3.12">
              <module name="a.b"/>
            </when>
          </invalid-modules>
          <passthrough-modules/>
          <!-- of
               two lines -->
          <invalid-modules id="all" match="self" only="runtime"/>
          <invalid-module-members>
            <module name="a-module-with-a-long-name">
              <member name="member" match="use" because="it is so" see="https://example.test/why"/>
            </module>
          </invalid-module-members>
          <lint>
            <allow code="broad-rule" path="*" because="it is so"/>
          </lint>
        </sandbox-restrictions>

        """

    @Test(arguments: ["\n", "\r\n"])
    func theLayoutIsCanonical(_ lineEnd: String) throws {
        let folder = try Folder()
        try folder.write(Self.messy.replacingOccurrences(of: "\n", with: lineEnd), to: "p.xml")
        let first = try Tool.run("format", "p.xml", in: folder)
        #expect(first.status == 0, "\(first.error)")
        #expect(try folder.text("p.xml") == Self.tidy)
        let second = try Tool.run("format", "p.xml", in: folder)
        #expect(second.status == 0)
        #expect(second.output == "")
        #expect(try folder.text("p.xml") == Self.tidy)
    }

    @Test func standardInputGoesToStandardOutput() throws {
        let folder = try Folder()
        let outcome = try Tool.run("format", "-", in: folder, input: Self.messy)
        #expect(outcome.output == Self.tidy)
        #expect(try folder.names == [])
        let checked = try Tool.run("format", "--check", "-", in: folder, input: Self.tidy)
        #expect(checked.status == 0, "\(checked.error)")
    }

    @Test func aCheckShowsWhatWouldChange() throws {
        let folder = try Folder()
        let wrong = Self.tidy.replacingOccurrences(of: "  <passthrough", with: "   <passthrough")
        try folder.write(wrong, to: "p.xml")
        try folder.write(Self.tidy, to: "q.xml")
        let outcome = try Tool.run("format", "--check", "p.xml", "q.xml", in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.output == "")
        #expect(
            outcome.error == """
                --- p.xml
                +++ p.xml (formatted)
                @@ -13,7 +13,7 @@
                       <module name="a.b"/>
                     </when>
                   </invalid-modules>
                -   <passthrough-modules/>
                +  <passthrough-modules/>
                   <!-- of
                        two lines -->
                   <invalid-modules id="all" match="self" only="runtime"/>

                """)
        #expect(try folder.text("p.xml") == wrong)
    }

    @Test(arguments: ["<a", "", "<a>&b;</a>", "<!DOCTYPE a><a/>", "<a/><b/>"])
    func whatDoesNotParseIsLeftAlone(_ text: String) throws {
        let folder = try Folder()
        try folder.write(text, to: "p.xml")
        let outcome = try Tool.run("format", "p.xml", in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("p.xml:1:"))
        #expect(try folder.text("p.xml") == text)
        #expect(try folder.names == ["p.xml"])
    }

    @Test func theTextOfAnElementStaysAsItIs() throws {
        let folder = try Folder()
        let text = "<a  b='1'>\n\n   text <c   d='2'></c><![CDATA[\n <e>\n]]></a >"
        let outcome = try Tool.run("format", "-", in: folder, input: text)
        #expect(
            outcome.output == """
                <?xml version="1.0" encoding="UTF-8"?>
                <a b="1">

                   text <c   d='2'></c><![CDATA[
                 <e>
                ]]></a>

                """)
    }

    @Test func permissionsAndLinksAreKept() throws {
        let folder = try Folder()
        try folder.write(Self.messy, to: "real.xml")
        let real = folder.url.appending(path: "real.xml").path
        let link = folder.url.appending(path: "link.xml").path
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.xml")
        let outcome = try Tool.run("format", "link.xml", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(try folder.text("real.xml") == Self.tidy)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.xml")
        let attributes = try FileManager.default.attributesOfItem(atPath: real)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        #expect(try folder.names == ["link.xml", "real.xml"])
    }

    static let shipped: [String] = Tool.policyFiles

    @Test func theShippedFilesAreFormatted() throws {
        #expect(Self.shipped.count >= 12)
        let outcome = try Tool.run(
            ["format", "--check"] + Self.shipped.map { Tool.repository.path + "/" + $0 },
            in: Folder())
        #expect(outcome.status == 0, "\(outcome.error)")
    }

    /// Laid out badly and then well again, a policy compiles to what it compiled to before.
    @Test(arguments: shipped.filter { !$0.contains("/tests/") })
    func decisionsStay(_ path: String) throws {
        let folder = try Folder()
        let text = try String(
            contentsOf: Tool.repository.appending(path: path), encoding: .utf8)
        try folder.write(text, to: "before.xml")
        let spread = text.replacingOccurrences(of: "\n", with: "\n\n\n ")
            .replacingOccurrences(of: "\" ", with: "\"\n\t")
        try folder.write(spread, to: "after.xml")
        #expect(try Tool.run("format", "after.xml", in: folder).status == 0)
        #expect(try Self.listing("before.xml", folder) == Self.listing("after.xml", folder))
    }

    /// Everything an image says but for where it is written.
    private static func listing(_ policy: String, _ folder: Folder) throws -> String {
        let outcome = try Tool.run("dump", policy, "--format", "json", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.lines.count > 50)
        let places = ["file", "line", "column", "bytes", "offset", "records"].map { "\"\($0)\":" }
        return outcome.lines.filter { line in !places.contains { line.contains($0) } }
            .joined(separator: "\n")
    }

    /// Of the wrong policies, each is refused, or has the same faults afterwards.
    @Test func faultsStay() throws {
        let fixtures = Tool.repository.appending(path: "Tests/PolicyXMLTests/Fixtures")
        let names = try FileManager.default.contentsOfDirectory(atPath: fixtures.path)
            .filter { $0.hasSuffix(".xml") }.sorted()
        #expect(names.count >= 60)
        let folder = try Folder()
        var formatted = 0
        for name in names {
            let data = try Data(contentsOf: fixtures.appending(path: name))
            try folder.write(data, to: name)
            let before = try Self.faults(name, folder)
            let outcome = try Tool.run("format", name, in: folder)
            #expect(outcome.status == 0 || outcome.status == 1, "\(name)")
            if outcome.status == 1 {
                #expect(try folder.data(name) == data, "\(name)")
            } else {
                #expect(try Self.faults(name, folder) == before, "\(name)")
                formatted += 1
            }
        }
        #expect(formatted >= 40)
    }

    private static func faults(_ policy: String, _ folder: Folder) throws -> [String] {
        let outcome = try Tool.run("check", policy, "--format", "json", in: folder)
        let checked = (outcome.document["policies"] as? [[String: Any]])?.first
        let found = try #require(checked?["diagnostics"] as? [[String: Any]])
        #expect(!found.isEmpty)
        // Where nothing at all may stand, the schema minds line ends too.
        return found.filter { $0["code"] as? String != "schema" }.map {
            "\($0["code"] ?? ""): \($0["message"] ?? "")"
        }.sorted()
    }
}
