import FoundationEssentials

/// What an interpreter says of itself.
struct InterpreterDescription: Decodable, Sendable {
    /// How long an interpreter may take to answer.
    static let patience = 20_000

    var version: [Int]
    var implementation: String
    var executable: String
    var prefix: String
    var basePrefix: String
    var libraryFolder: String
    var multiarch: String
    var libraryNames: [String]
    var freeThreaded: Bool

    var release: PythonRelease { PythonRelease(major: version[0], minor: version[1]) }

    /// Asks the interpreter at a path, and refuses what cannot be embedded.
    static func asking(
        _ path: String, environment: [String: String], patience: Int = patience
    ) throws(PythonHostError) -> InterpreterDescription {
        let answer = try answer(of: path, environment: environment, patience: patience)
        guard let description = try? JSONDecoder().decode(Self.self, from: Data(answer)),
            description.version.count >= 3
        else { throw .notRunnable(path, "its answer is not understood") }
        guard description.release >= .first else {
            throw .tooOld(
                path, description.version.prefix(3).map(String.init).joined(separator: "."))
        }
        guard description.implementation == "CPython" else {
            throw .unsupported(path, description.implementation)
        }
        guard !description.freeThreaded else {
            throw .unsupported(path, "a free-threaded build, which has no stable ABI")
        }
        return description
    }

    private static func answer(
        of path: String, environment: [String: String], patience: Int
    ) throws(PythonHostError) -> ArraySlice<UInt8> {
        let process = ChildProcess(
            path: path, arguments: ["-I", "-c", question], environment: environment,
            milliseconds: patience)
        let result: ChildProcess.Result
        do throws(ChildProcess.Failure) {
            result = try process.run()
        } catch {
            switch error {
            case .notStarted(let reason): throw .notRunnable(path, reason.lowercased())
            case .timedOut: throw .notRunnable(path, "no answer within \(patience) ms")
            case .tooMuchOutput: throw .notRunnable(path, "it writes without end")
            }
        }
        guard result.succeeded else {
            let errors = String(decoding: result.errors, as: UTF8.self)
            let last = errors.split(separator: "\n").last.map(String.init)
            throw .notRunnable(path, last ?? "it ends with the status \(result.status)")
        }
        let lines = result.output.split(separator: UInt8(ascii: "\n"))
        guard let line = lines.last(where: { $0.starts(with: Array(mark.utf8)) }) else {
            throw .notRunnable(path, "it does not answer")
        }
        return line.dropFirst(mark.utf8.count)
    }

    private static let mark = "portcullis:"

    // Written so that every Python since 2.7 understands it: an old one is to say that it is old.
    private static let question = """
        import json, platform, sys, sysconfig
        get = lambda name: sysconfig.get_config_var(name) or ""
        print("\(mark)" + json.dumps({
            "version": list(sys.version_info[:3]),
            "implementation": platform.python_implementation(),
            "executable": sys.executable,
            "prefix": sys.prefix,
            "basePrefix": getattr(sys, "base_prefix", sys.prefix),
            "libraryFolder": get("LIBDIR"),
            "multiarch": get("MULTIARCH"),
            "libraryNames": [get("INSTSONAME"), get("LDLIBRARY")],
            "freeThreaded": bool(get("Py_GIL_DISABLED")),
        }))
        """
}

extension InterpreterDescription {
    /// Where the shared library may be, most likely first.
    ///
    /// Debian's `python3` is linked statically and its library, if installed, is in the folder of
    /// the architecture; an interpreter that was moved has it under its prefix.
    var libraryCandidates: [String] {
        let names =
            libraryNames.filter { $0.contains(".so") && !$0.hasPrefix("libpython3.so") }
            + ["libpython\(release).so.1.0", "libpython\(release).so"]
        let folders = [
            libraryFolder, basePrefix + "/lib", basePrefix + "/lib64",
            libraryFolder + "/" + multiarch, "/usr/lib/" + multiarch,
        ]
        var seen: Set<String> = []
        return folders.filter { $0.hasPrefix("/") }
            .flatMap { folder in names.map { FilePaths.join(folder, $0) } }
            .filter { seen.insert($0).inserted }
    }

    /// Refuses a `PYTHONHOME` of another installation, with which Python would end the process.
    func checkHome(in environment: [String: String]) throws(PythonHostError) {
        guard let home = environment["PYTHONHOME"], !home.isEmpty else { return }
        let folder = home.split(separator: ":").first.map(String.init) ?? home
        let known = [prefix, basePrefix].map(FilePaths.resolved)
        guard known.contains(FilePaths.resolved(folder)) else {
            throw .foreignHome(home, executable: executable)
        }
    }

    /// The shared library.
    func library(named path: String) throws(PythonHostError) -> String {
        guard let found = libraryCandidates.first(where: FilePaths.exists) else {
            throw .noLibrary(path, release: release)
        }
        return found
    }
}
