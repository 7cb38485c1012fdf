/// Why a workflow could not be run at all: the interpreter, the package, a file, the input.
public struct PythonHostError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of faults; the raw values are stable.
    public enum Code: String, Equatable, Sendable, CaseIterable {
        /// No interpreter was found where one was looked for.
        case interpreterNotFound = "interpreter-not-found"
        /// What was found does not run, or does not answer as a Python does.
        case interpreterNotRunnable = "interpreter-not-runnable"
        /// The interpreter is older than the first release that is supported.
        case interpreterTooOld = "interpreter-too-old"
        /// The interpreter is no ordinary CPython.
        case interpreterUnsupported = "interpreter-unsupported"
        /// The interpreter has no shared library that could be opened.
        case noSharedLibrary = "no-shared-library"
        /// The shared library could not be opened.
        case libraryNotLoadable = "library-not-loadable"
        /// The process already runs another interpreter.
        case otherInterpreter = "other-interpreter"
        /// The interpreter started with another environment than asked for.
        case wrongEnvironment = "wrong-environment"
        /// The Python package of Portcullis was not found or cannot be imported.
        case packageNotLoadable = "package-not-loadable"
        /// The native gate was not found or cannot be imported.
        case gateNotLoadable = "gate-not-loadable"
        /// The policy image cannot be used.
        case policyNotUsable = "policy-not-usable"
        /// The workflow file cannot be read.
        case fileNotReadable = "file-not-readable"
        /// The workflow file, or a module it imports, does not parse.
        case syntaxError = "syntax-error"
        /// The workflow file imports what is not there.
        case importError = "import-error"
        /// The workflow file holds no such workflow, or more than one.
        case noSuchWorkflow = "no-such-workflow"
        /// The input or a stub is not JSON, or the workflow takes another number of arguments.
        case badInput = "bad-input"
        /// A defect of Portcullis itself.
        case internalFault = "internal-fault"
    }

    /// The kind of fault.
    public let code: Code
    /// The text for people, lower case and without a full stop; says what to do.
    public let message: String
    /// The Python file in which the fault is, where it is in one.
    public let file: String?
    /// The line of ``file``, counted from 1.
    public let line: Int?

    init(_ code: Code, _ message: String, file: String? = nil, line: Int? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.line = line
    }

    /// The message, after the place where there is one.
    public var description: String {
        guard let file else { return message }
        guard let line else { return "\(file): \(message)" }
        return "\(file):\(line): \(message)"
    }
}

extension PythonHostError {
    static func notFound(_ path: String) -> PythonHostError {
        PythonHostError(.interpreterNotFound, "no python interpreter at `\(path)`")
    }

    static func brokenEnvironment(_ folder: String) -> PythonHostError {
        PythonHostError(
            .interpreterNotFound,
            "`VIRTUAL_ENV` names `\(folder)`, which holds no interpreter: make it again or unset it"
        )
    }

    static func notOnPath() -> PythonHostError {
        PythonHostError(
            .interpreterNotFound,
            "no `python3` on PATH and no `.venv` in this folder: install python "
                + "\(PythonRelease.first) or newer, or name an interpreter")
    }

    static func notRunnable(_ path: String, _ reason: String) -> PythonHostError {
        PythonHostError(.interpreterNotRunnable, "`\(path)` does not run as a python: \(reason)")
    }

    static func tooOld(_ path: String, _ version: String) -> PythonHostError {
        PythonHostError(
            .interpreterTooOld,
            "`\(path)` is python \(version): name one that is \(PythonRelease.first) or newer")
    }

    static func unsupported(_ path: String, _ what: String) -> PythonHostError {
        PythonHostError(
            .interpreterUnsupported, "`\(path)` is \(what): name an ordinary CPython")
    }

    static func noLibrary(_ path: String, release: PythonRelease) -> PythonHostError {
        PythonHostError(
            .noSharedLibrary,
            "`\(path)` is linked statically and no `libpython\(release).so.1.0` was found: install "
                + "the package `libpython\(release)` (apt-get install libpython\(release)), or name "
                + "a python that was built with --enable-shared")
    }

    static func notLoadable(_ library: String, _ reason: String) -> PythonHostError {
        PythonHostError(.libraryNotLoadable, "cannot open `\(library)`: \(reason)")
    }

    static func otherInterpreter(running: String, asked: String) -> PythonHostError {
        PythonHostError(
            .otherInterpreter,
            "this process already runs `\(running)` and a process runs one interpreter: "
                + "start another process for `\(asked)`")
    }

    static func wrongEnvironment(asked: String, got: String) -> PythonHostError {
        PythonHostError(
            .wrongEnvironment,
            "python started with the environment `\(got)` and not `\(asked)`: "
                + "unset PYTHONHOME and make the virtual environment again")
    }

    static func foreignHome(_ home: String, executable: String) -> PythonHostError {
        PythonHostError(
            .wrongEnvironment,
            "PYTHONHOME names `\(home)`, which is not the installation of `\(executable)`: unset it"
        )
    }

    static func noPackage() -> PythonHostError {
        PythonHostError(
            .packageNotLoadable,
            "the python package `portcullis` is not beside this program: "
                + "set PORTCULLIS_PYTHON to the folder that holds it")
    }

    static func packageNotLoadable(_ folder: String, _ reason: String) -> PythonHostError {
        PythonHostError(
            .packageNotLoadable, "cannot import `portcullis` from `\(folder)`: \(reason)")
    }

    static func gateNotLoadable(_ reason: String) -> PythonHostError {
        PythonHostError(
            .gateNotLoadable,
            "\(reason): build the product `PortcullisGate`, or run without a sandbox")
    }

    static func policyNotUsable(_ reason: String) -> PythonHostError {
        PythonHostError(.policyNotUsable, reason)
    }

    static func internalFault(_ reason: String) -> PythonHostError {
        PythonHostError(.internalFault, "a defect of portcullis: \(reason)")
    }
}
