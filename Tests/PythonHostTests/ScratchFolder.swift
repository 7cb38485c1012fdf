import Foundation

/// A folder that goes away with its test.
final class ScratchFolder {
    let path: String

    init() throws {
        let name = "portcullis-\(UUID().uuidString)"
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.resolvingSymlinksInPath().path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, and the folders above it; gives back its path.
    @discardableResult
    func write(_ name: String, _ text: String, executable: Bool = false) throws -> String {
        let file = "\(path)/\(name)"
        let folder = (file as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: false, encoding: .utf8)
        let mode = executable ? 0o755 : 0o644
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
        return file
    }

    /// Writes a program that answers as an interpreter would.
    func writeInterpreter(
        _ name: String, version: [Int] = [3, 11, 7], implementation: String = "CPython",
        libraries: [String] = ["libpython3.11.a"], libraryFolder: String = "/nowhere",
        freeThreaded: Bool = false
    ) throws -> String {
        let fields: [String: Any] = [
            "version": version, "implementation": implementation, "executable": "\(path)/\(name)",
            "prefix": path, "basePrefix": path, "libraryFolder": libraryFolder,
            "multiarch": "no-such-arch", "libraryNames": libraries, "freeThreaded": freeThreaded,
        ]
        let json = try JSONSerialization.data(withJSONObject: fields)
        let text = String(decoding: json, as: UTF8.self)
        return try write(
            name, "#!/bin/sh\necho noise\necho 'portcullis:\(text)'\n", executable: true)
    }
}
