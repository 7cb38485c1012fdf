import FoundationEssentials

/// A short program for an interpreter of its own, which answers with one line.
public struct PythonProgram: Sendable {
    /// How long a program may take to answer, in milliseconds.
    public static let patience = 120_000

    /// What stands before the answer, since modules may print what they like when imported.
    public static let mark = "portcullis:"

    private let source: String
    private let arguments: [String]

    /// Makes a program.
    ///
    /// - Parameters:
    ///   - source: Prints ``mark`` and the answer in one line, at last.
    ///   - arguments: What it finds in `sys.argv`, from the second on.
    public init(_ source: String, arguments: [String] = []) {
        self.source = source
        self.arguments = arguments
    }

    /// Runs the program in the current folder, which it can import modules from.
    ///
    /// - Parameter python: The interpreter, as ``PythonInterpreter/start(_:)`` takes it.
    /// - Returns: The answer, without the mark.
    /// - Throws: ``PythonHostError`` if there is no such interpreter or it does not answer.
    public func answer(of python: String?) throws(PythonHostError) -> String {
        let environment = ProcessInfo.processInfo.environment
        let path = try InterpreterSearch(
            environment: environment, folder: FilePaths.currentFolder
        ).find(named: python)
        let process = ChildProcess(
            path: path, arguments: ["-c", source] + arguments, environment: environment,
            milliseconds: Self.patience)
        let result: ChildProcess.Result
        do throws(ChildProcess.Failure) {
            result = try process.run()
        } catch {
            switch error {
            case .notStarted(let reason): throw .notRunnable(path, reason.lowercased())
            case .timedOut: throw .notRunnable(path, "no answer within \(Self.patience) ms")
            case .tooMuchOutput: throw .notRunnable(path, "it writes without end")
            }
        }
        let lines = result.output.split(separator: UInt8(ascii: "\n"))
        guard result.succeeded,
            let line = lines.last(where: { $0.starts(with: Array(Self.mark.utf8)) })
        else {
            let errors = String(decoding: result.errors, as: UTF8.self)
            let last = errors.split(separator: "\n").last.map(String.init)
            throw .notRunnable(path, last ?? "it ends with the status \(result.status)")
        }
        return String(decoding: line.dropFirst(Self.mark.utf8.count), as: UTF8.self)
    }
}
