internal import FoundationEssentials
internal import PolicyXML

/// The files of tests that a command line names.
enum TestFiles {
    /// Where tests are looked for when nothing is named.
    static let usualFolders = ["policies/tests", "tests"]

    /// The files that are named, and those of the folders that are named, in order.
    ///
    /// In a folder, everything that ends in `.xml` is a file of tests unless it is a policy.
    static func found(_ names: [String]) throws(CommandError) -> [String] {
        let names = names.isEmpty ? try [usualFolder()] : names
        var files: [String] = []
        for name in names {
            guard isFolder(name) else {
                try PolicyFile.requireFile(name)
                files.append(name)
                continue
            }
            let inside = try filesOf(name)
            guard !inside.isEmpty else {
                throw .environment("no-tests", "there are no policy tests in `\(name)`")
            }
            files += inside
        }
        var seen: Set<String> = []
        return files.filter { seen.insert($0).inserted }
    }

    private static func usualFolder() throws(CommandError) -> String {
        guard let folder = usualFolders.first(where: isFolder) else {
            let folders = usualFolders.map { "`\($0)`" }.joined(separator: " or ")
            throw .usage("name the tests to run; there is no folder \(folders) here")
        }
        return folder
    }

    private static func isFolder(_ name: String) -> Bool {
        var isFolder: Bool = false
        return FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) && isFolder
    }

    private static func filesOf(_ folder: String) throws(CommandError) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.subpathsOfDirectory(atPath: folder)
        } catch {
            throw .cannotRead(folder, because: "it cannot be listed")
        }
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        let reader = PolicyTestReader()
        return names.filter { $0.hasSuffix(PolicyFile.Kind.source.rawValue) }.sorted()
            .map { prefix + $0 }
            .filter { !isFolder($0) && !reader.isPolicy(file: $0) }
    }
}
