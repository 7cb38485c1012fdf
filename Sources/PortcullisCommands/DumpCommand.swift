internal import ArgumentParser
internal import PolicyAnalysis

/// `portcullis dump`: everything that is in an image.
struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Disassemble an image",
        discussion: """
            Prints sections, Python versions, states with what is decided in each of the
            four contexts, and rules. States are numbered from the roots on, so equal
            policies have equal listings. A source is compiled first, in memory.

              portcullis dump default.policybc
            """)

    @Argument(
        help: ArgumentHelp("An image, .policybc, or a source.", valueName: "policy"),
        completion: .policy)
    var policy: String

    @Option(help: "For whom to write: human or json.")
    var format: OutputFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(format) { () throws(CommandError) in
            let disassembly = Disassembly(try PolicyFile(policy).image())
            switch format {
            case .human: StandardStream.output.write(disassembly.text)
            case .json: StandardStream.output.write(disassembly.json)
            }
        }
    }
}
