internal import ArgumentParser
internal import PolicyCompiler
internal import PolicyModel

/// `portcullis compile`: from a policy to the image that workers load.
struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Compile a policy into an image",
        discussion: """
            Reads the policy with everything that it extends, compiles it, proves that
            the image decides exactly as the policy does, and replaces the output file
            as a whole. When there is an error, nothing is written.

              portcullis compile policies/default.xml -o default.policybc
            """)

    @Argument(
        help: ArgumentHelp("The policy, .xml.", valueName: "policy"),
        completion: .policy)
    var policy: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where to write the image.", valueName: "file"),
        completion: .file(extensions: ["policybc"]))
    var output: String

    @Option(help: "For whom to write: human or json.")
    var format: OutputFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(format) { () throws(CommandError) in
            guard output.hasSuffix(PolicyFile.Kind.image.rawValue) else {
                throw .usage("the output `\(output)` does not end in `.policybc`")
            }
            let progress = Progress("policies", isBusy: true)
            defer { progress.finish() }
            let compiled = try PolicyFile(policy).compiled()
            progress.finish()
            try OutputFile(path: output).replace(with: compiled.image)
            switch format {
            case .human: report(compiled)
            case .json: StandardStream.output.write(document(compiled))
            }
        }
    }

    private func report(_ compiled: CompiledPolicy) {
        for diagnostic in compiled.warnings {
            StandardStream.error.write(diagnostic)
        }
        StandardStream.output.write("compiled `\(policy)` into `\(output)`\n")
        for line in compiled.statistics.summary {
            StandardStream.output.write("  \(line)\n")
        }
    }

    private func document(_ compiled: CompiledPolicy) -> JSONValue {
        .object([
            ("policy", .string(policy)),
            (
                "image",
                .object([("file", .string(output)), ("bytes", .integer(compiled.image.count))])
            ),
            ("statistics", compiled.statistics.json),
            ("diagnostics", .array(compiled.warnings.map(\.json))),
        ])
    }
}

extension CompiledPolicy.Statistics {
    /// The figures for people, a line each.
    fileprivate var summary: [String] {
        let versions = PythonVersion.supported
        let range = versions.first.flatMap { first in
            versions.last.map { "Python \(first) to \($0)" }
        }
        return [
            "\(rules) rules for \(range ?? "no Python"), which differ in \(roots) ranges of versions",
            "\(bytes) bytes: \(states) states in \(cells) cells, \(strings) bytes of text",
            "\(provenCases) decisions compared between policy and image, no difference",
        ]
    }

    /// The figures for programs.
    fileprivate var json: JSONValue {
        .object([
            ("rules", .integer(rules)), ("states", .integer(states)), ("cells", .integer(cells)),
            ("text_bytes", .integer(strings)), ("bytes", .integer(bytes)),
            ("version_ranges", .integer(roots)), ("decisions_compared", .integer(provenCases)),
        ])
    }
}
