internal import ArgumentParser
internal import PolicyFormat
internal import PolicyModel

/// How a command ends; the same numbers for every command.
enum ExitStatus: Int32, Sendable {
    /// A policy has errors.
    case diagnostics = 1
    /// A file or the environment does not allow the command to do its work.
    case environment = 2
    /// A workflow task failed.
    case workflow = 3
    /// There is something to see that was asked for: a difference, a finding.
    case findings = 4
    /// The command line itself is wrong; argument-parser uses the same number.
    case usage = 64
}

/// Why a command could not do what it was asked to.
struct CommandError: Error, Sendable {
    /// How the command ends.
    var status: ExitStatus
    /// The stable name of the kind of fault, for example `file-not-found`.
    var code: String
    /// The text, lower case and without a full stop; empty when the diagnostics say it all.
    var message: String
    /// What is wrong with a policy, for `ExitStatus.diagnostics`.
    var diagnostics: [Diagnostic] = []

    /// A policy that has errors.
    static func diagnostics(_ error: PolicyError) -> CommandError {
        CommandError(
            status: .diagnostics, code: "policy-errors",
            message: Tally(error.diagnostics).description, diagnostics: error.diagnostics)
    }

    /// A file that could not be read.
    static func cannotRead(_ path: String, because reason: String) -> CommandError {
        CommandError(
            status: .environment, code: "cannot-read",
            message: "cannot read `\(path)`: \(reason)")
    }

    /// A file that could not be written.
    static func cannotWrite(_ path: String, because reason: String) -> CommandError {
        CommandError(
            status: .environment, code: "cannot-write",
            message: "cannot write `\(path)`: \(reason)")
    }

    /// An image that the runtime refuses.
    static func unusableImage(_ path: String, _ error: FormatError) -> CommandError {
        CommandError(
            status: .environment, code: error.code.rawValue,
            message: "cannot use `\(path)`: \(error.message)")
    }

    /// An interpreter or a workflow file that cannot be used.
    static func environment(_ code: String, _ message: String) -> CommandError {
        CommandError(status: .environment, code: code, message: message)
    }

    /// A failure of which everything has been said already.
    static func reported(_ status: ExitStatus) -> CommandError {
        CommandError(status: status, code: "", message: "")
    }

    /// Whether there is nothing more to say.
    var isReported: Bool { code.isEmpty }

    /// A command line that asks for something that cannot be.
    static func usage(_ message: String) -> CommandError {
        CommandError(status: .usage, code: "usage", message: message)
    }
}

/// How many errors and warnings there are.
struct Tally: CustomStringConvertible, Sendable {
    var errors = 0
    var warnings = 0

    init(_ diagnostics: [Diagnostic]) {
        errors = diagnostics.count { $0.severity == .error }
        warnings = diagnostics.count - errors
    }

    /// `2 errors, 1 warning`
    var description: String {
        "\(errors) \(errors == 1 ? "error" : "errors"), "
            + "\(warnings) \(warnings == 1 ? "warning" : "warnings")"
    }
}

extension ParsableCommand {
    /// Does a command's work; an error becomes a report in the asked format and an exit code.
    func reporting(_ format: OutputFormat, _ work: () throws(CommandError) -> Void) throws {
        do {
            try work()
        } catch {
            switch format {
            case _ where error.isReported: break
            case .human: error.report()
            case .json:
                StandardStream.output.write(error.json)
            }
            throw ExitCode(error.status.rawValue)
        }
    }
}

extension CommandError {
    /// Tells people what went wrong.
    ///
    /// - Parameter file: What its diagnostics are about, if several files are looked at.
    func report(named file: String? = nil) {
        if isReported { return }
        for diagnostic in diagnostics { StandardStream.error.write(diagnostic) }
        let subject = diagnostics.isEmpty ? nil : file
        StandardStream.error.write("\(subject ?? "portcullis"): \(message)\n")
    }

    /// The report of a command that has nothing else to say.
    var json: JSONValue {
        .object([
            ("error", jsonFault), ("diagnostics", .array(diagnostics.map(\.json))),
        ])
    }

    /// What went wrong, without the diagnostics.
    var jsonFault: JSONValue {
        .object([("code", .string(code)), ("message", .string(message))])
    }
}
