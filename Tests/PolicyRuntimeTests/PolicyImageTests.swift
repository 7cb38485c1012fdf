import Foundation
import PolicyFormat
import PolicyRuntime
import Testing

@Suite struct PolicyImageTests {
    private func code(_ body: () throws(FormatError) -> PolicyImage) -> FormatError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test func aNewerVersionIsNamed() throws {
        var bytes = try TestImages.bytes()
        bytes[8] = 9
        let error = #expect(throws: FormatError.self) { try PolicyImage(copying: bytes) }
        #expect(error?.code == .newerVersion)
        #expect(error?.offset == 8)
        #expect(error?.message.contains("format version 9, this release reads version 1") == true)
    }

    @Test func whatIsNoImageIsCalledSo() {
        let text = [UInt8](repeating: UInt8(ascii: "<"), count: 4096)
        #expect(code { () throws(FormatError) in try PolicyImage(copying: text) } == .notAnImage)
        #expect(
            code { () throws(FormatError) in try PolicyImage(copying: [UInt8]()) } == .truncated)
    }

    @Test func filesAreReadAndTheirAbsenceIsTold() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "policy-image-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "policy.policybc").path
        let bytes = try TestImages.bytes()
        try Data(bytes).write(to: URL(filePath: file))
        let image = try PolicyImage.load(file: file)
        #expect(image.withBytes { Array($0) } == bytes)
        #expect(image.name == "top")
        #expect(
            code { () throws(FormatError) in try PolicyImage.load(file: file + ".missing") }
                == .unreadable)
        #expect(
            code { () throws(FormatError) in try PolicyImage.load(file: folder.path) }
                == .unreadable)
        try Data(bytes.dropLast()).write(to: URL(filePath: file))
        #expect(
            code { () throws(FormatError) in try PolicyImage.load(file: file) } == .truncated)
    }

    @Test func versionsOutsideAreRefused() throws {
        let image = try PolicyImage(copying: try TestImages.bytes())
        for version in [(3, 9), (3, 15), (2, 7), (4, 0), (-1, 5), (3, 1_000_000)] {
            let error = #expect(throws: FormatError.self) {
                try image.restrictions(for: (major: version.0, minor: version.1))
            }
            #expect(error?.code == .unsupportedPython)
            #expect(error?.message.hasPrefix("this image covers Python 3.10 to 3.14") == true)
        }
        #expect(try image.restrictions(for: (3, 11)).isPassthrough("tomllib") == false)
        #expect(try image.restrictions(for: (3, 12)).isPassthrough("tomllib"))
        #expect(image.coveredVersions.first == (3, 10))
        #expect(image.coveredVersions.last == (3, 14))
    }

    @Test func everyWayToAskGivesTheSameAnswer() throws {
        let image = try PolicyImage(copying: try TestImages.bytes())
        let members = try image.restrictions(for: (3, 13)).members
        for path in TestImages.paths where !path.isEmpty {
            let segments = path.split(separator: ".", omittingEmptySubsequences: false)
                .map(String.init)
            for number in 0..<4 {
                let context = MatchContext(rawValue: UInt8(number))
                let dotted = members.decide(dottedPath: path, context: context)
                #expect(members.decide(segments: segments, context: context) == dotted)
                let ids = segments.map { members.segmentID($0) }
                #expect(members.decide(ids: ids, context: context) == dotted)
                var state = members.root
                var stepped: Decision?
                for id in ids where stepped == nil {
                    switch members.step(state, id, context: context) {
                    case .matched(let rule): stepped = .restricted(rule)
                    case .stopped: stepped = .allow
                    case .next(let child): state = child
                    }
                }
                #expect((stepped ?? members.decide(atEndOf: state, context: context)) == dotted)
            }
        }
    }

    @Test func edgesTellExceptionsFromSilence() throws {
        let image = try PolicyImage(copying: try TestImages.bytes())
        let members = try image.restrictions(for: (3, 13)).members
        let os = try #require(members.edge(members.root, members.segmentID("os")).child)
        let excluded = members.edge(os, members.segmentID("stat"))
        #expect(excluded.isExplicit && excluded.stops(in: .runtimeUse))
        let unknown = members.edge(os, members.segmentID("listdir"))
        #expect(!unknown.isExplicit && unknown.matches(in: .runtimeUse))
        #expect(!unknown.matches(in: .runtimeAccess))
        #expect(members.segmentID("listdir") == .other)
        let nothing = members.edge(members.root, members.segmentID("json"))
        #expect(!nothing.isExplicit && nothing.stop == 15 && nothing.child == nil)
    }

    /// Numbers that are no segments, and numbers of other images, are unknown names.
    @Test func foreignNumbersDoNoHarm() throws {
        let members = try PolicyImage(copying: try TestImages.bytes())
            .restrictions(for: (3, 13)).members
        for number in [0, 1, 2, 3, 1000, UInt32.max - 1, UInt32.max] {
            let id = SegmentID(rawValue: number)
            for context in 0..<4 {
                let context = MatchContext(rawValue: UInt8(context))
                #expect(
                    [true, false].contains(members.decide(ids: [id], context: context).isAllowed))
            }
        }
        #expect(members.decide(ids: [SegmentID(rawValue: 1)], context: .runtimeUse).isAllowed)
        let none = members.rule(RuleID(rawValue: UInt32.max))
        #expect(none.message == nil && none.location == nil)
    }
}
