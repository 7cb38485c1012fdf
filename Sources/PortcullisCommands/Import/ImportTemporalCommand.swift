internal import ArgumentParser
internal import PolicyModel

/// `portcullis import-temporal`: from restrictions in Python code to a policy.
struct ImportTemporalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-temporal",
        abstract: "Write a policy for the SandboxRestrictions of a worker",
        discussion: """
            Imports a module of your worker, takes temporalio's SandboxRestrictions, or a
            runner that holds some, from it, and writes the policy that decides the same:
            as a layer over temporal-1.35.xml where that is shorter. Every decision of both
            is compared, on the Python that was asked, before the file is written.

              portcullis import-temporal worker:restrictions -o policy.xml
              portcullis import-temporal app.worker:runner --python .venv -o policy.xml

            The module is looked for in the current folder and where Python looks.
            """)

    @Argument(
        help: ArgumentHelp(
            "The module, and where in it the restrictions are.", valueName: "module:attribute"))
    var source: String

    @Option(
        help: ArgumentHelp(
            "The interpreter or its environment; by default $VIRTUAL_ENV, .venv or python3.",
            valueName: "path"))
    var python: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write the policy.", valueName: "file"))
    var output: String

    @Option(help: "For whom to write: human or json.")
    var format: OutputFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(format) { () throws(CommandError) in
            guard output.hasSuffix(PolicyFile.Kind.source.rawValue) else {
                throw .usage("the output `\(output)` does not end in `.xml`")
            }
            let live = try LiveRestrictions.reading(source, python: python)
            let policy = try ImportedPolicy(live, name: name, source: source)
            try OutputFile(path: output).replace(with: Array(policy.text.utf8))
            switch format {
            case .human: report(policy, live)
            case .json: StandardStream.output.write(document(policy, live))
            }
        }
    }

    /// The policy's name is that of its file.
    private var name: String {
        let file = output.split(separator: "/").last ?? ""
        let stem = file.dropLast(PolicyFile.Kind.source.rawValue.count)
        return stem.isEmpty ? "imported" : String(stem.map { $0.isWhitespace ? "-" : $0 })
    }

    private func report(_ policy: ImportedPolicy, _ live: LiveRestrictions) {
        let place = policy.extends.map { ", a layer over `\($0)`" } ?? ""
        StandardStream.output.write(
            """
            wrote `\(output)`\(place)
              \(policy.comparedCases) decisions compared with `\(source)` on Python \
            \(live.version), no difference

            """)
    }

    private func document(_ policy: ImportedPolicy, _ live: LiveRestrictions) -> JSONValue {
        .object([
            ("policy", .string(output)), ("source", .string(source)),
            ("extends", policy.extends.map { .string($0) } ?? .null),
            ("python", .string(live.version.description)),
            ("temporalio", .string(live.temporalio)),
            ("decisions_compared", .integer(policy.comparedCases)),
        ])
    }
}
