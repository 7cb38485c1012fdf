internal import ArgumentParser

/// The command line tool as a whole.
public enum CommandLineTool {
    /// Does what the command line asks for and exits.
    public static func start() {
        PortcullisCommand.main()
    }
}

/// `portcullis`: the root of all commands.
struct PortcullisCommand: ParsableCommand {
    /// What the tool is called.
    static let name = "portcullis"
    /// The version of the tool.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Compile sandbox policies and run workflows under them",
        discussion: """
            A policy says which imports and which attributes are closed to workflow
            code. It is written as XML, .xml; `compile` turns it into an image,
            .policybc, which workers load. Commands that ask a policy take either.

              portcullis init policy.xml
              portcullis check policy.xml
              portcullis explain policy.xml datetime.datetime.now
              portcullis compile policy.xml -o policy.policybc
              portcullis run workflow.py --policy policy.xml --input '"Ada"'

            Exit codes: 0 done; 1 a policy has errors, a test fails or a layout is not
            canonical; 2 a file or the environment is at fault; 3 a workflow task
            failed; 4 policies differ, or a lint finding; 64 the command line is wrong.
            """,
        version: "\(name) \(version)",
        subcommands: [
            CompileCommand.self, CheckCommand.self, DumpCommand.self, QueryCommand.self,
            ExplainCommand.self, DiffCommand.self, LintCommand.self, FormatCommand.self,
            TestCommand.self, InitCommand.self, RunCommand.self, SuggestCommand.self,
            ProfileCommand.self, ImportTemporalCommand.self,
        ])
}
