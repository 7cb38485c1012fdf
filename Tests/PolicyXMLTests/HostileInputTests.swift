import PolicyModel
import PolicyXML
import Testing

/// Files made to hurt the reader: each must be answered quickly and clearly.
@Suite struct HostileInputTests {
    static let open =
        "<sandbox-restrictions xmlns=\"urn:portcullis:sandbox-restrictions:1\" name=\"x\">"
    static let close = "</sandbox-restrictions>"

    /// The only diagnostic's code for some bytes.
    private func codes(_ bytes: [UInt8]) -> [String] {
        do {
            _ = try PolicyReader().read(bytes: bytes, named: "hostile.xml")
            return []
        } catch {
            return error.diagnostics.filter { $0.severity == .error }.map(\.code)
        }
    }

    private func codes(_ text: String) -> [String] { codes(Array(text.utf8)) }

    private func repeated(_ text: String, _ count: Int) -> String {
        String(repeating: text, count: count)
    }

    @Test func tenThousandElementsDeep() {
        #expect(
            codes(Self.open + repeated("<when python='>=3.10'>", 10_000)) == ["nesting-too-deep"])
        #expect(codes(repeated("<a>", 10_000) + repeated("</a>", 10_000)) == ["nesting-too-deep"])
    }

    @Test func twoHundredThousandAttributes() {
        let attributes = (0..<200_000).map { " a\($0)=\"\"" }.joined()
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(codes("<a" + attributes + "/>") == ["too-many-attributes"])
        }
        // Far from any machine's noise: libxml2 alone takes eight seconds.
        #expect(time < .seconds(4))
    }

    @Test func hugeStartTag() {
        #expect(codes("<a b=\"" + repeated("x", 100_000) + "\"/>") == ["start-tag-too-large"])
        #expect(codes("<a" + repeated(" ", 100_000) + "/>") == ["start-tag-too-large"])
        #expect(codes("<" + repeated("a", 1000) + "/>") == ["name-too-long"])
    }

    @Test func hugeNames() {
        let name = repeated("a", 2000)
        #expect(
            codes(Self.open + "<unrestrict path=\"\(name)\"/>" + Self.close) == ["name-too-long"])
        let path = repeated("a.", 100) + "a"
        let module = "<invalid-modules><module name=\"\(path)\"/></invalid-modules>"
        #expect(codes(Self.open + module + Self.close) == ["nesting-too-deep"])
    }

    @Test func hugeFile() {
        #expect(codes([UInt8](repeating: 0x20, count: (64 << 20) + 1)) == ["file-too-large"])
    }

    @Test func otherEncodings() {
        let text = Self.open + Self.close
        let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let wideBig = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [wide, wideBig, [0xFF, 0xFE] + wide, [0xFE, 0xFF] + wideBig] {
            #expect(codes(bytes) == ["encoding"])
        }
        #expect(codes("<?xml version='1.0' encoding='UTF-16'?>" + text) == ["encoding"])
        #expect(codes("<?xml version='1.0' encoding='UTF-7'?>" + text) == ["encoding"])
        #expect(codes("<?xml version='1.0' encoding='utf-8'?>" + text) == [])
        #expect(codes([0x4C, 0x6F, 0xA7, 0x94]) == ["encoding"])
    }

    @Test func invalidBytes() throws {
        #expect(codes("a\0b") == ["encoding"])
        let bytes = Array((Self.open + "\n<!-- ").utf8) + [0xC3, 0x28] + Array("-->".utf8)
        let error = try #require(throws: PolicyError.self) {
            try PolicyReader().read(bytes: bytes, named: "x")
        }
        #expect(error.diagnostics.first?.location == SourceLocation(file: "x", line: 2, column: 6))
        for tail: [UInt8] in [
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82],
        ] {
            #expect(codes(Array(Self.open.utf8) + tail) == ["encoding"])
        }
    }

    @Test func entitiesNeverExpand() {
        let bomb =
            "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>" + Self.open
        #expect(codes(bomb) == ["document-type"])
        #expect(codes("<!doctype a>" + Self.open) == ["document-type"])
        #expect(codes(Self.open + "<!ENTITY a 'b'>" + Self.close) == ["document-type"])
        #expect(codes(Self.open + "&lol;" + Self.close) == ["entity"])
    }

    @Test func referencesAreResolved() throws {
        let text =
            Self.open
            + "<invalid-modules><module name=\"a\" message=\"&lt;&amp;&#65;&quot;&#x1F600;\"/>"
            + "</invalid-modules>" + Self.close
        let reading = try PolicyReader().read(bytes: Array(text.utf8), named: "x")
        #expect(reading.policy.layers.first?.invalidModules.first?.rule.message == "<&A\"😀")
    }

    @Test func manyFaultsStaySmall() {
        let text = Self.open + repeated("<x/>", 100_000) + Self.close
        let found = codes(text)
        #expect(found.count == 501)
        #expect(found.contains("too-many-diagnostics"))
    }

    /// Cutting or damaging a policy anywhere is an error or a policy, never a crash.
    @Test func everyTruncationIsAnswered() throws {
        let source = try #require(ShippedPolicy.source(named: "default.xml"))
        for end in 0..<(source.count - 2) {
            #expect(!codes(Array(source[..<end])).isEmpty)
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4]) func damageIsAnswered(seed: UInt64) throws {
        let source = Array(
            (Self.open + """
                <invalid-module-members><module name="os" only="runtime"><member name="*" match="use"/>
                <when python="&lt;3.14"><exclude name="é"/></when></module></invalid-module-members>
                <unrestrict path="a.b" until="2027-01-01"/>
                """ + Self.close).utf8)
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = [
            "<", ">", "&", "\"", "'", "]]>", "<!--", "<![CDATA[", "<?", "/", "=", "é", " ",
        ]
        for _ in 0..<500 {
            var bytes = source
            for _ in 0...next(3) {
                let at = next(bytes.count)
                switch next(3) {
                case 0: bytes[at] = UInt8(next(256))
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + next(20)))
                default: bytes.insert(contentsOf: Array(pieces[next(pieces.count)].utf8), at: at)
                }
            }
            do {
                let reading = try PolicyReader().read(bytes: bytes, named: "damaged.xml")
                #expect(reading.policy.layers.count == 1, "seed \(seed)")
            } catch {
                #expect(error.diagnostics.contains { $0.severity == .error }, "seed \(seed)")
                #expect(error.diagnostics.allSatisfy { !$0.rendered().isEmpty }, "seed \(seed)")
            }
        }
    }

    @Test func linesBeyondTheCountOfLibxml2() throws {
        let text = Self.open + repeated("\n", 70_000) + "  <unrestric path='a'/>" + Self.close
        let error = try #require(throws: PolicyError.self) {
            try PolicyReader().read(bytes: Array(text.utf8), named: "x")
        }
        #expect(
            error.diagnostics.map(\.location) == [
                SourceLocation(file: "x", line: 70_001, column: 3)
            ])
    }

    @Test func manyThreadsRead() async throws {
        let expected = try PolicyReader().read(
            bytes: [UInt8](Self.open.utf8) + Array(Self.close.utf8), named: "x")
        let source = try #require(ShippedPolicy.source(named: "default.xml"))
        let policy = try PolicyReader().read(bytes: source, named: "d").policy
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask {
                    let bad = "<a \(index)"
                    let fails =
                        (try? PolicyReader().read(bytes: Array(bad.utf8), named: "x")) == nil
                    let same =
                        (try? PolicyReader().read(bytes: source, named: "d"))?.policy == policy
                    return fails && same
                }
            }
            for await isRight in group { #expect(isRight) }
        }
        #expect(expected.policy.layers.count == 1)
    }
}
