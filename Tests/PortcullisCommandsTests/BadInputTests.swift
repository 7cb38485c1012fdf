import Foundation
import Testing

/// Input that must be refused: clearly, at once, and with nothing written.
@Suite struct BadInputTests {
    /// A policy file that cannot be compiled, and a word that the message must hold.
    struct BadPolicy: Sendable, CustomTestStringConvertible {
        var name: String
        var text: @Sendable () -> Data
        var says: String
        var status: Int32 = 1

        var testDescription: String { name }

        init(
            _ name: String, says: String, status: Int32 = 1,
            _ text: @escaping @Sendable () -> String
        ) {
            self.init(name, says: says, status: status, data: { Data(text().utf8) })
        }

        init(
            _ name: String, says: String, status: Int32 = 1,
            data: @escaping @Sendable () -> Data
        ) {
            self.name = name
            self.text = data
            self.says = says
            self.status = status
        }
    }

    static let badPolicies: [BadPolicy] = [
        BadPolicy("malformed", says: "policy.xml:3") { policy("<invalid-modules>") },
        BadPolicy("empty file", says: "policy.xml") { "" },
        BadPolicy("wrong namespace", says: "urn:portcullis:sandbox-restrictions:1") {
            "<sandbox-restrictions xmlns=\"urn:other\" name=\"x\"/>"
        },
        BadPolicy("no namespace", says: "urn:portcullis:sandbox-restrictions:1") {
            "<sandbox-restrictions name=\"x\"/>"
        },
        BadPolicy("unknown attribute", says: "`nmae`") { policy("", attributes: "nmae=\"x\"") },
        BadPolicy("document type", says: "DOCTYPE") {
            "<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/hostname\">]>" + policy("")
        },
        BadPolicy("deep nesting", says: "deep") {
            let depth = 10_000
            return policy(
                "<invalid-module-members>"
                    + String(repeating: "<module name=\"a\">", count: depth)
                    + String(repeating: "</module>", count: depth) + "</invalid-module-members>")
        },
        BadPolicy("many attributes", says: "policy.xml:2") {
            let attributes = (0..<200_000).map { "a\($0)=\"\"" }.joined(separator: " ")
            return policy("", attributes: "name=\"x\" \(attributes)")
        },
        BadPolicy("UTF-16", says: "UTF-8") {
            Data([0xFF, 0xFE])
                + Data(policy("").utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
        },
        BadPolicy("invalid UTF-8", says: "UTF-8") {
            var data = Data(policy("<!-- ? -->").utf8)
            if let mark = data.lastIndex(of: UInt8(ascii: "?")) { data[mark] = 0xFF }
            return data
        },
        BadPolicy("extends outside the root", says: "extends") {
            policy("", attributes: "name=\"x\" extends=\"../outside.xml\"")
        },
        BadPolicy("extends nothing", says: "extends") {
            policy("", attributes: "name=\"x\" extends=\"missing.xml\"")
        },
    ]

    @Test(arguments: badPolicies)
    func isRefusedClearlyAndFast(_ bad: BadPolicy) throws {
        let folder = try Folder()
        try folder.write(bad.text(), to: "sub/policy.xml")
        try folder.write(policy("", attributes: "name=\"outside\""), to: "outside.xml")
        try folder.write("before", to: "old.policybc")
        for target in ["new.policybc", "old.policybc"] {
            let outcome = try Tool.run("compile", "sub/policy.xml", "-o", target, in: folder)
            #expect(outcome.status == bad.status)
            #expect(outcome.output == "")
            #expect(outcome.error.contains(bad.says), "\(outcome.error.prefix(2_000))")
            #expect(!outcome.error.contains("Error("), "\(outcome.error.prefix(2_000))")
            #expect(outcome.error.utf8.count < 20_000)
            #expect(outcome.seconds < 5)
        }
        #expect(try folder.names == ["old.policybc", "outside.xml", "sub"])
        #expect(try folder.text("old.policybc") == "before")
    }

    @Test(arguments: badPolicies)
    func isOneDocumentInJSON(_ bad: BadPolicy) throws {
        let folder = try Folder()
        try folder.write(bad.text(), to: "policy.xml")
        let outcome = try Tool.run(
            "compile", "policy.xml", "-o", "a.policybc", "--format", "json", in: folder)
        #expect(outcome.status == bad.status)
        #expect(outcome.error == "")
        #expect((outcome.document["diagnostics"] as? [Any])?.isEmpty == false)
        #expect(try folder.names == ["policy.xml"])
    }

    /// An image that the runtime must refuse.
    enum BrokenImage: String, CaseIterable, Sendable {
        case truncated, empty, newerVersion, flippedBit, notAnImage
    }

    @Test(arguments: BrokenImage.allCases, ["dump", "query", "explain"])
    func aBrokenImageIsRefused(_ broken: BrokenImage, command: String) throws {
        let folder = try Folder()
        try folder.write(
            policy("<invalid-modules><module name=\"a\"/></invalid-modules>"), to: "p.xml")
        let compiled = try Tool.run("compile", "p.xml", "-o", "good.policybc", in: folder)
        #expect(compiled.status == 0, "\(compiled.error)")
        var image = try folder.data("good.policybc")
        switch broken {
        case .truncated: image.removeLast(image.count / 3)
        case .empty: image = Data()
        case .newerVersion: image[versionOffset(of: image)] += 1
        case .flippedBit: image[image.count / 2] ^= 1
        case .notAnImage: image = Data("<sandbox-restrictions/>".utf8)
        }
        try folder.write(image, to: "bad.policybc")
        let arguments = [command, "bad.policybc"] + (command == "explain" ? ["os.getcwd"] : [])
        let outcome = try Tool.run(
            arguments, in: folder,
            input: Data("{\"path\":[],\"phase\":\"import\",\"operation\":\"use\"}\n".utf8))
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(outcome.error.contains("bad.policybc"))
        #expect(!outcome.error.contains("Error("))
        if broken == .newerVersion { #expect(outcome.error.contains("version")) }
    }

    /// Where the format version stands in the header: after the magic.
    private func versionOffset(of image: Data) -> Int {
        8
    }
}
