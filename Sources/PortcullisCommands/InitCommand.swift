internal import ArgumentParser
internal import FoundationEssentials
internal import PolicyModel
internal import PolicyXML

/// `portcullis init`: a policy to start from, with tests of it.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a policy to start from, and tests of it",
        discussion: """
            Writes a policy with a comment on each of its parts, and beside it, in the
            folder `tests`, what it should decide. Files that are there already are left
            alone.

              portcullis init
              portcullis init policies/orders.xml
            """)

    @Argument(
        help: ArgumentHelp("The policy to write, .xml.", valueName: "file"),
        completion: .file(extensions: ["xml"]))
    var file = "policy.xml"

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(.human) { () throws(CommandError) in
            guard file.hasSuffix(PolicyFile.Kind.source.rawValue) else {
                throw .usage("`\(file)` does not end in `.xml`")
            }
            let starter = StarterPolicy(file: file)
            for path in [file, starter.testFile] where FileManager.default.fileExists(atPath: path)
            {
                throw .cannotWrite(path, because: "it is there already")
            }
            try write(starter.policy, to: file)
            try write(starter.tests, to: starter.testFile)
            StandardStream.output.write(
                """
                wrote `\(file)` and `\(starter.testFile)`
                next: portcullis check \(file)
                      portcullis test \(starter.testFile) --coverage

                """)
        }
    }

    private func write(_ text: String, to path: String) throws(CommandError) {
        let bytes: [UInt8]
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            do {
                try FileManager.default.createDirectory(
                    atPath: String(path[..<slash]), withIntermediateDirectories: true)
            } catch {
                throw .cannotWrite(path, because: "its folder cannot be made")
            }
        }
        do throws(PolicyError) {
            bytes = try PolicyLayout.formatted(Array(text.utf8), named: path)
        } catch {
            throw .diagnostics(error)
        }
        try OutputFile(path: path).replace(with: bytes)
    }
}

/// The text of a policy to start from.
private struct StarterPolicy {
    /// Where the policy is.
    let file: String

    private var folder: Substring {
        file[..<(file.lastIndex(of: "/").map { file.index(after: $0) } ?? file.startIndex)]
    }

    private var fileName: Substring { file.dropFirst(folder.count) }

    /// Where the tests are.
    var testFile: String { "\(folder)tests/\(fileName)" }

    /// The policy's name: that of the file as one word.
    private var name: String {
        let stem = fileName.dropLast(PolicyFile.Kind.source.rawValue.count)
        let word = stem.map { $0.isWhitespace ? "-" : $0 }
        return word.isEmpty ? "policy" : Self.escaped(String(word))
    }

    /// The shipped policy; a file of its own name would extend itself.
    private var base: String { fileName == "default.xml" ? "default" : "default.xml" }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }

    var policy: String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!--
          What workflow code may import, access and use. It starts from the default policy and says only
          what differs from it. What is below are examples: change them, and the tests beside them.
        -->
        <sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" name="\(name)" \
        extends="\(base)">

          <!-- Modules that all workflow runs share. Others are loaded anew for every run. -->
          <passthrough-modules>
            <module name="attrs" because="it makes classes and keeps no state of a workflow"/>
          </passthrough-modules>

          <!-- Modules that workflow code may not import. -->
          <invalid-modules>
            <module name="requests" instead="an activity" because="workflows do not wait for the network"/>
          </invalid-modules>

          <!--
            What workflow code may not touch: match="use" forbids calls, match="access" even reading;
            only="runtime" leaves it alone while the workflow's file is imported.
          -->
          <invalid-module-members>
            <module name="logging" only="runtime">
              <member name="basicConfig" match="use" because="logging is configured by the worker"/>
            </module>
          </invalid-module-members>

          <!-- Exceptions from what the default policy restricts. -->
          <unrestrict path="platform.python_version" because="all of our workers run the same Python"/>
        </sandbox-restrictions>

        """
    }

    var tests: String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- What the policy should decide; `portcullis test` asks it. -->
        <policy-tests xmlns="urn:portcullis:policy-tests:1" policy="../\(Self.escaped(String(fileName)))">

          <group name="modules">
            <passes-through module="attrs"/>
            <reloads module="my_workflows"/>
            <deny import="requests" phase="import runtime"/>
          </group>

          <group name="logging">
            <deny path="logging.basicConfig"/>
            <allow path="logging.basicConfig" phase="import"/>
            <allow path="logging.getLogger"/>
          </group>

          <group name="the machine">
            <allow path="platform.python_version"/>
            <deny path="platform.node"/>
          </group>

          <!-- Code is run where there is a Python, as `portcullis run` runs it. -->
          <group name="code">
            <pass name="time that passes for the workflow alone">
              started = workflow.now()
              await workflow.sleep(60)
              return (workflow.now() - started).total_seconds() >= 60
            </pass>
            <stop name="the clock of the machine" rule="datetime.datetime.now#use">
              from datetime import datetime

              return datetime.now().isoformat()
            </stop>
          </group>
        </policy-tests>

        """
    }
}
