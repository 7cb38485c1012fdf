import Foundation
import PolicyModel
import PolicyXML
import Testing

/// What a policy may extend, and what it may not.
@Suite struct ExtendsTests {
    /// A folder of policies that is gone after the test.
    private final class Folder {
        let url = FileManager.default.temporaryDirectory
            .appending(path: "portcullis-\(UUID().uuidString)")

        init(_ files: [String: String]) throws {
            for (name, extends) in files {
                let file = url.appending(path: name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                let attribute = extends.isEmpty ? "" : " extends=\"\(extends)\""
                let text = """
                    <sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" \
                    name="\(file.lastPathComponent)"\(attribute)/>
                    """
                try text.write(to: file, atomically: true, encoding: .utf8)
            }
        }

        func path(_ name: String) -> String { url.appending(path: name).path }

        deinit { try? FileManager.default.removeItem(at: url) }
    }

    private func codes(_ file: String, root: String? = nil) -> [String] {
        do {
            _ = try PolicyReader(root: root).read(file: file)
            return []
        } catch {
            return error.diagnostics.map(\.code)
        }
    }

    @Test func shippedPoliciesRead() throws {
        for name in ShippedPolicy.names {
            let source = try #require(ShippedPolicy.source(named: name))
            let reading = try PolicyReader().read(bytes: source, named: name)
            #expect(reading.warnings == [])
        }
        let source = try #require(ShippedPolicy.source(named: "default"))
        let policy = try PolicyReader().read(bytes: source, named: "default.xml").policy
        #expect(policy.layers.map(\.name) == ["temporal-1.35", "default"])
        #expect(policy.layers.map(\.file) == ["temporal-1.35.xml", "default.xml"])
        #expect(ShippedPolicy.source(named: "other.xml") == nil)
    }

    @Test func relativeFilesCome() throws {
        let folder = try Folder(["a.xml": "sub/b.xml", "sub/b.xml": "../c.xml", "c.xml": "default"])
        let reading = try PolicyReader().read(file: folder.path("a.xml"))
        #expect(
            reading.policy.layers.map(\.name) == [
                "temporal-1.35", "default", "c.xml", "b.xml", "a.xml",
            ])
        #expect(reading.policy.layers[3].file == folder.path("sub/b.xml"))
    }

    @Test func nothingOutsideOfTheRoot() throws {
        let folder = try Folder(["in/a.xml": "../out.xml", "out.xml": "", "in/b.xml": "link.xml"])
        #expect(codes(folder.path("in/a.xml")) == ["extends-outside-root"])
        #expect(codes(folder.path("in/a.xml"), root: folder.url.path) == [])
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("in/link.xml"), withDestinationPath: folder.path("out.xml"))
        #expect(codes(folder.path("in/b.xml")) == ["extends-outside-root"])
    }

    @Test func aFileGoesBeforeAShippedPolicy() throws {
        let folder = try Folder(["a.xml": "default.xml", "default.xml": ""])
        let policy = try PolicyReader().read(file: folder.path("a.xml")).policy
        #expect(policy.layers.count == 2)
    }

    @Test func cyclesEnd() throws {
        let folder = try Folder(["a.xml": "b.xml", "b.xml": "a.xml", "default.xml": "default.xml"])
        #expect(codes(folder.path("a.xml")) == ["extends-cycle"])
        #expect(codes(folder.path("default.xml")) == ["extends-cycle"])
    }

    @Test func chainsEnd() throws {
        var files: [String: String] = [:]
        for index in 0..<30 { files["\(index).xml"] = "\(index + 1).xml" }
        let folder = try Folder(files)
        #expect(codes(folder.path("0.xml")) == ["too-many-layers"])
    }

    @Test func whatIsNoFile() throws {
        let folder = try Folder(["a.xml": "sub", "sub/b.xml": "none.xml"])
        #expect(codes(folder.path("none.xml")) == ["unreadable-file"])
        #expect(codes(folder.path("sub")) == ["unreadable-file"])
        #expect(codes("/dev/zero") == ["unreadable-file"])
        #expect(codes("") == ["unreadable-file"])
        #expect(codes(folder.path("a.xml")) == ["unreadable-file"])
        #expect(codes(folder.path("sub/b.xml")) == ["extends-not-found"])
        #expect(codes(folder.path("a.xml"), root: "/does/not/exist") == ["unreadable-file"])
    }

    @Test func bytesExtendOnlyWhatShips() throws {
        let folder = try Folder(["base.xml": ""])
        let text = """
            <sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" name="x" \
            extends="base.xml"/>
            """
        #expect(throws: PolicyError.self) {
            try PolicyReader().read(bytes: Array(text.utf8), named: folder.path("x.xml"))
        }
        let reading = try PolicyReader(root: folder.url.path).read(
            bytes: Array(text.utf8), named: "x")
        #expect(reading.policy.layers.count == 2)
    }
}
