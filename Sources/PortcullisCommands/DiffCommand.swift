internal import ArgumentParser
internal import PolicyAnalysis
internal import PolicyModel
internal import PolicyRuntime

/// `portcullis diff`: every decision that differs between two policies.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show every decision that two policies make differently",
        discussion: """
            Walks the automata of both policies together, over every path that either of
            them can tell from another, on every Python version, and prints what changes:
            the path (`*` stands for every name but those listed), when and how it is
            touched, and the rule on both sides with its file and line. Nothing is
            sampled; without a difference it says how many decisions were compared.

            A change of a rule's id or texts alone is shown, and is no difference.

              portcullis diff old.policybc policies/default.xml
              portcullis diff old.xml new.xml --exit-code

            Exit codes: 0 done; 1 a policy has errors; 2 a file is at fault; 4 the
            policies differ, with --exit-code; 64 the command line is wrong.
            """)

    @Argument(
        help: ArgumentHelp("The policy before, .xml or .policybc.", valueName: "old"),
        completion: .policy)
    var old: String

    @Argument(
        help: ArgumentHelp("The policy after, .xml or .policybc.", valueName: "new"),
        completion: .policy)
    var new: String

    @Flag(help: "Exit with 4 if a decision or a setting differs.")
    var exitCode = false

    @Option(help: "For whom to write: human or json.")
    var format: OutputFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(format) { () throws(CommandError) in
            let (before, after) = try images()
            let difference = PolicyDifference(from: before, to: after)
            switch format {
            case .human:
                StandardStream.output.write(difference.text(old: old, new: new))
            case .json: StandardStream.output.write(difference.json(old: old, new: new))
            }
            if exitCode, !difference.isEquivalent { throw .reported(.findings) }
        }
    }

    /// Both images, compiled at the same time where they are sources.
    private func images() throws(CommandError) -> (PolicyImage, PolicyImage) {
        let (before, after) = (try PolicyFile(old), try PolicyFile(new))
        let second = ParallelWork { Result { () throws(CommandError) in try after.image() } }
        let first = Result { () throws(CommandError) in try before.image() }
        let other = second.value
        return (try first.get(), try other.get())
    }
}
