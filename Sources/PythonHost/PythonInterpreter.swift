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

    private let prefix: String
    private let library: PythonLibrary
    private let entry: Entry

    /// A function object that is kept as long as the process runs.
    private struct Entry: @unchecked Sendable {
        let pointer: PythonPointer
    }

    private static let running = Mutex<PythonInterpreter?>(nil)

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
            if let running, running.executable == found { return running }
            let description = try InterpreterDescription.asking(found, environment: environment)
            if let running {
                guard running.executable == description.executable else {
                    throw .otherInterpreter(
                        running: running.executable, asked: description.executable)
                }
                return running
            }
            let library = try description.library(named: found)
            let package = try PackageLocation.find(environment: environment)
            let started = try PythonInterpreter(
                description, library: try PythonLibrary(opening: library), package: package)
            running = started
            return started
        }
    }

    private init(
        _ description: InterpreterDescription, library: PythonLibrary, package: PackageLocation
    ) throws(PythonHostError) {
        executable = description.executable
        version = description.version.map(String.init).joined(separator: ".")
        prefix = description.prefix
        gate = package.gate
        self.library = library
        if library.isInitialized() == 0 {
            try Self.initialize(library, as: description.executable)
        }
        let (wanted, executable) = (description.prefix, description.executable)
        entry = try library.holdingGIL { () throws(PythonHostError) -> Entry in
            try Self.boot(library, package: package, prefix: wanted, executable: executable)
        }
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
        _ library: PythonLibrary, package: PackageLocation, prefix: String, executable: String
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
        guard let colon = answer.firstIndex(of: ":") else { throw .internalFault(answer) }
        let rest = String(answer[answer.index(after: colon)...])
        switch answer[..<colon] {
        case "gate": throw .gateNotLoadable(rest)
        case "package": throw .packageNotLoadable(package.folder, rest)
        default: break
        }
        guard FilePaths.resolved(rest) == FilePaths.resolved(prefix) else {
            throw .wrongEnvironment(asked: prefix, got: rest)
        }
        return Entry(pointer: run)
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
