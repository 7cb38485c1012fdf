/// Where the Python package `portcullis` and its native gate are.
struct PackageLocation: Equatable, Sendable {
    /// The folder of the package, `.../portcullis`.
    var folder: String
    /// The gate; nil leaves only what needs no sandbox.
    var gate: String?

    /// Looks for the package: `PORTCULLIS_PYTHON`, what is installed with the program, a checkout.
    ///
    /// - Parameters:
    ///   - override: The value of `PORTCULLIS_PYTHON`: a folder that holds `portcullis/`.
    ///   - programs: The folders that the program may be in.
    static func find(override: String?, programs: [String]) throws(PythonHostError) -> Self {
        if let override, !override.isEmpty {
            let folder = FilePaths.join(override, "portcullis")
            guard isPackage(folder) else {
                throw .packageNotLoadable(
                    override, "PORTCULLIS_PYTHON names no folder that holds it")
            }
            return Self(folder: folder, gate: gate(of: folder, programs: programs))
        }
        let installed = programs.map {
            FilePaths.join(FilePaths.parent(of: $0), "lib/portcullis/python/portcullis")
        }
        let checkouts = programs.flatMap(ancestors).map {
            FilePaths.join($0, "Sources/Python/portcullis")
        }
        guard let folder = (installed + checkouts).first(where: isPackage) else {
            throw .noPackage()
        }
        return Self(folder: folder, gate: gate(of: folder, programs: programs))
    }

    /// Looks with the variables and the program of this process.
    static func find(environment: [String: String]) throws(PythonHostError) -> Self {
        try find(override: environment["PORTCULLIS_PYTHON"], programs: programFolders)
    }

    private static func gate(of folder: String, programs: [String]) -> String? {
        let inside = FilePaths.join(folder, "_gate.abi3.so")
        let beside = programs.map { FilePaths.join($0, "libPortcullisGate.so") }
        return ([inside] + beside).first(where: FilePaths.exists)
    }

    private static func isPackage(_ folder: String) -> Bool {
        FilePaths.exists(FilePaths.join(folder, "_host.py"))
    }

    private static func ancestors(of folder: String) -> [String] {
        var found = [folder]
        while let last = found.last, last != "/", last != "." {
            found.append(FilePaths.parent(of: last))
        }
        return found
    }

    /// The folder of the executable as the system and as the command line name it: a test
    /// bundle's program may be the tool that runs it.
    private static var programFolders: [String] {
        ["/proc/self/exe", CommandLine.arguments.first ?? ""]
            .map(FilePaths.resolved)
            .filter { $0.hasPrefix("/") && $0 != "/proc/self/exe" }
            .map(FilePaths.parent(of:))
    }
}
