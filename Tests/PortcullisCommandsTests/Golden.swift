import Foundation
import Testing

/// Texts as they were when somebody last read them, in `Fixtures/Golden`.
///
/// `RECORD_SNAPSHOTS=1` writes them anew and fails the run, so that nobody forgets to read them.
enum Golden {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/Golden")

    /// Compares `text` with the file of the given name.
    static func expect(
        _ text: String, equals name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(name)", sourceLocation: sourceLocation)
            return
        }
        let recorded = try String(contentsOf: file, encoding: .utf8)
        #expect(text == recorded, sourceLocation: sourceLocation)
    }
}
