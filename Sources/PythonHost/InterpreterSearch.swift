/// Where an interpreter is looked for, in this order: the one named, `$VIRTUAL_ENV`, `.venv` in the
/// current folder, `python3` on PATH.
struct InterpreterSearch {
    /// The variables of the process.
    var environment: [String: String]
    /// The folder in which `.venv` is looked for.
    var folder: String

    /// The path of the interpreter.
    ///
    /// - Parameter named: A path, the folder of a virtual environment, or a name to find on PATH.
    func find(named: String?) throws(PythonHostError) -> String {
        if let named { return try find(explicit: named) }
        if let active = environment["VIRTUAL_ENV"], !active.isEmpty {
            guard let found = interpreter(ofEnvironment: active) else {
                throw .brokenEnvironment(active)
            }
            return found
        }
        if let found = interpreter(ofEnvironment: FilePaths.join(folder, ".venv")) { return found }
        guard let found = onPath("python3") else { throw .notOnPath() }
        return found
    }

    private func find(explicit: String) throws(PythonHostError) -> String {
        guard explicit.contains("/") else {
            guard let found = onPath(explicit) else { throw .notFound(explicit) }
            return found
        }
        let path = explicit.hasPrefix("/") ? explicit : FilePaths.join(folder, explicit)
        if FilePaths.isFolder(path) {
            guard let found = interpreter(ofEnvironment: path) else { throw .notFound(explicit) }
            return found
        }
        guard FilePaths.exists(path) else { throw .notFound(explicit) }
        guard FilePaths.isExecutable(path) else {
            throw .notRunnable(explicit, "it is not executable")
        }
        return path
    }

    private func interpreter(ofEnvironment environment: String) -> String? {
        ["bin/python3", "bin/python"].lazy
            .map { FilePaths.join(environment, $0) }
            .first(where: FilePaths.isExecutable)
    }

    private func onPath(_ name: String) -> String? {
        (environment["PATH"] ?? "").split(separator: ":").lazy
            .map { FilePaths.join(String($0), name) }
            .first(where: FilePaths.isExecutable)
    }
}
