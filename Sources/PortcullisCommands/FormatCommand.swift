internal import ArgumentParser
internal import PolicyModel
internal import PolicyXML

/// `portcullis format`: policies and their tests in the one canonical layout.
struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Lay policies out in the one canonical way",
        discussion: """
            Rewrites policies and policy tests: two spaces a level, one order of the
            attributes, lines of at most 100 characters. Comments stay. What a policy says
            never changes, and a file that is not well-formed XML is left alone.

              portcullis format policies/*.xml
              portcullis format --check policies/*.xml
              portcullis format - < policy.xml

            With --check, nothing is written; what would change is shown, and the exit
            code is 1 if anything would.
            """)

    @Argument(
        help: ArgumentHelp("The files, or - for standard input.", valueName: "file"),
        completion: .file(extensions: ["xml"]))
    var files: [String]

    @Flag(help: "Only say what would change.")
    var check = false

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        var worst: Int32 = 0
        let progress = Progress("files", isBusy: true)
        defer { progress.finish() }
        for file in files {
            do throws(CommandError) {
                let formatted = try FormattedFile(file)
                progress.advance()
                progress.finish()
                try format(formatted)
            } catch {
                progress.finish()
                error.report()
                worst = max(worst, error.status.rawValue)
            }
        }
        if worst > 0 { throw ExitCode(worst) }
    }

    private func format(_ file: FormattedFile) throws(CommandError) {
        if check {
            guard file.differs else { return }
            StandardStream.error.write(file.difference)
            throw .reported(.diagnostics)
        }
        if file.isStandardInput {
            StandardStream.output.write(file.after[...])
        } else if file.differs {
            try OutputFile(path: file.path).replace(with: file.after)
            StandardStream.output.write("formatted `\(file.path)`\n")
        }
    }
}

/// A file as it is and as it should be.
private struct FormattedFile {
    var path: String
    var before: [UInt8]
    var after: [UInt8]

    init(_ path: String) throws(CommandError) {
        self.path = path
        before = try InputFile(path: path).bytes()
        do {
            after = try PolicyLayout.formatted(before, named: InputFile(path: path).shownName)
        } catch {
            throw .diagnostics(error)
        }
    }

    var isStandardInput: Bool { path == InputFile.standardInput }

    var differs: Bool { before != after }

    /// What would change, as `diff -u` writes it.
    var difference: String {
        let name = InputFile(path: path).shownName
        return LineDifference(before: before, after: after)
            .text(before: name, after: "\(name) (formatted)")
    }
}
