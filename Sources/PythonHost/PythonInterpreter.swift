import FoundationEssentials
import Glibc
import Synchronization

/// A CPython inside of this process, found and opened when the program runs.
///
/// A process runs one interpreter, which stays until the process ends. Workflows may be run from
/// any thread.
public final class PythonInterpreter: Sendable {
    /// The path of the interpreter whose library was opened.
    public let executable: String
    /// The version, for example `3.11.7`.
    public let version: String
    /// Where the native gate was loaded from; nil if there is none, and so no sandbox.
    public let gate: String?

    /// Why the gate is not there, in words.
    let gateFault: String?

    private let library: PythonLibrary
    private let entry: Entry

    /// A function object that is kept as long as the process runs, and what booting said.
    private struct Entry: @unchecked Sendable {
        let pointer: PythonPointer
        let gateFault: String?
    }

    /// What the process runs; the path is known even of an interpreter whose start failed later on.
    private struct Running {
        var executable: String?
        var interpreter: PythonInterpreter?
    }

    private static let running = Mutex(Running())

    /// Starts the interpreter, or gives back the one that runs already.
    ///
    /// - Parameter path: The interpreter, the folder of a virtual environment, or a name on PATH.
    ///   Without one: that of `$VIRTUAL_ENV`, of `.venv` in the current folder, `python3` on PATH.
    /// - Throws: ``PythonHostError`` if there is none, if it is too old or cannot be embedded, or if
    ///   the process already runs another.
    public static func start(_ path: String? = nil) throws(PythonHostError) -> PythonInterpreter {
        let environment = ProcessInfo.processInfo.environment
        let search = InterpreterSearch(
            environment: environment, folder: FilePaths.currentFolder)
        let found = try search.find(named: path)
        return try running.withLock { running throws(PythonHostError) in
            // Asking the interpreter takes a while, and the same path cannot change what runs.
            if let started = running.interpreter, running.executable == found { return started }
            let description = try InterpreterDescription.asking(found, environment: environment)
            if let executable = running.executable, executable != description.executable {
                throw .otherInterpreter(running: executable, asked: description.executable)
            }
            if let started = running.interpreter { return started }
            try description.checkHome(in: environment)
            let path = try description.library(named: found)
            let package = try PackageLocation.find(environment: environment)
            let library = try PythonLibrary(opening: path)
            running.executable = description.executable
            let started = try PythonInterpreter(description, library: library, package: package)
            running.interpreter = started
            return started
        }
    }

    private init(
        _ description: InterpreterDescription, library: PythonLibrary, package: PackageLocation
    ) throws(PythonHostError) {
        executable = description.executable
        version = description.version.map(String.init).joined(separator: ".")
        self.library = library
        if library.isInitialized() == 0 {
            try Self.initialize(library, as: description.executable)
        }
        let wanted = description.prefix
        entry = try library.holdingGIL { () throws(PythonHostError) -> Entry in
            try Self.boot(library, package: package, prefix: wanted)
        }
        gateFault = package.gate == nil ? "the native gate was not found" : entry.gateFault
        gate = gateFault == nil ? package.gate : nil
    }

    private static func initialize(
        _ library: PythonLibrary, as executable: String
    ) throws(PythonHostError) {
        guard let name = library.decodeLocale(executable, nil) else {
            throw .notRunnable(executable, "its path is not valid text")
        }
        // The name is what leads to `pyvenv.cfg`; Python keeps the pointer, so it is never freed.
        library.setProgramName(name)
        // As the `python` program does, and an embedded interpreter does not: text is UTF-8 where
        // the locale says nothing.
        if !hasLocale { setenv("PYTHONUTF8", "1", 0) }
        library.initialize(0)
        _ = library.saveThread()
    }

    private static var hasLocale: Bool {
        for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
            guard let value = getenv(name), value.pointee != 0 else { continue }
            return !["C", "POSIX"].contains(String(cString: value))
        }
        return false
    }

    private static func boot(
        _ library: PythonLibrary, package: PackageLocation, prefix: String
    ) throws(PythonHostError) -> Entry {
        let answer: String
        let run: PythonPointer
        do throws(PythonException) {
            let names = try library.names(definedBy: Bootstrap.source)
            guard let boot = library.getDictionaryItem(names, "boot"),
                let found = library.getDictionaryItem(names, "run")
            else { throw PythonException(text: "the bootstrap lacks its functions") }
            run = found
            let gate = package.gate.map(PythonArgument.string) ?? .none
            answer = try library.string(from: boot, [.string(package.folder), gate])
        } catch {
            throw .internalFault(error.text)
        }
        let lines = answer.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3 else { throw .internalFault(answer) }
        let (got, kind, text) = (String(lines[0]), lines[1], String(lines[2]))
        guard kind != "package" else { throw .packageNotLoadable(package.folder, text) }
        guard FilePaths.resolved(got) == FilePaths.resolved(prefix) else {
            throw .wrongEnvironment(asked: prefix, got: got)
        }
        return Entry(pointer: run, gateFault: kind == "gate" ? text : nil)
    }

    /// Hands a request to `portcullis._host` and gives back its response, both JSON.
    func respond(to request: String, image: [UInt8]?) throws(PythonHostError) -> String {
        let answer: Result<String, PythonException> = library.holdingGIL {
            do throws(PythonException) {
                let image = image.map(PythonArgument.bytes) ?? .none
                return .success(
                    try library.string(from: entry.pointer, [.string(request), image]))
            } catch {
                return .failure(error)
            }
        }
        switch answer {
        case .success(let text): return text
        case .failure(let exception): throw .internalFault(exception.text)
        }
    }
}
