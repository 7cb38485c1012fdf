internal import ArgumentParser
internal import PolicyCompiler
internal import PolicyModel

/// `portcullis compile`: from a policy to the image that workers load.
struct CompileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile",
        abstract: "Compile a policy into an image",
        discussion: """
            Reads the policy with everything that it extends, compiles it, proves that the image
            decides exactly as the policy does, and replaces the output file as a whole. When there
            is an error, nothing is written.

              portcullis compile policies/default.xml -o default.policybc
            """)

    @Argument(help: ArgumentHelp("The policy, .xml.", valueName: "policy"))
    var policy: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the image.", valueName: "file"))
    var output: String

    @Option(help: "For whom to write: human or json.")
    var format: OutputFormat = .human

    func run() throws {
        try reporting(format) { () throws(CommandError) in
            guard output.hasSuffix(PolicyFile.Kind.image.rawValue) else {
                throw .usage("the output `\(output)` does not end in `.policybc`")
            }
            let compiled = try PolicyFile(policy).compiled()
            try OutputFile(path: output).replace(with: compiled.image)
            switch format {
            case .human: report(compiled)
            case .json: StandardStream.output.write(document(compiled))
            }
        }
    }

    private func report(_ compiled: CompiledPolicy) {
        for diagnostic in compiled.warnings {
            StandardStream.error.write(diagnostic.rendered() + "\n")
        }
        StandardStream.output.write("compiled \(policy) into \(output)\n")
        for (name, value) in compiled.statistics.rows {
            StandardStream.output.write("  \(value) \(name)\n")
        }
    }

    private func document(_ compiled: CompiledPolicy) -> JSONValue {
        .object([
            ("policy", .string(policy)),
            (
                "image",
                .object([
                    ("file", .string(output)), ("bytes", .integer(compiled.image.count)),
                ])
            ),
            ("statistics", .object(compiled.statistics.rows.map { ($0.0, .integer($0.1)) })),
            ("diagnostics", .array(compiled.warnings.map(\.json))),
        ])
    }
}
