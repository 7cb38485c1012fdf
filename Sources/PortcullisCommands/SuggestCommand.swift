internal import ArgumentParser
internal import FoundationEssentials
internal import PolicyCompiler
internal import PolicyModel
internal import PolicyRuntime
internal import PolicyXML

/// `portcullis suggest`: from what an audit recorded to the lines that a policy needs.
struct SuggestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "Propose the smallest change for what an audit recorded",
        discussion: """
            Reads the log of `portcullis run --audit` or of a worker's audit. For each
            access that the policy denies it proposes what Temporal's workflow API offers
            in its place, else the line that allows just that path, with the places in the
            code as its reason. What the policy allows already is left out.

              portcullis run orders.py --policy orders.xml --audit orders.jsonl
              portcullis suggest orders.jsonl --policy orders.xml > orders.patch
              patch -p0 < orders.patch

            The text before the patch is for people; `patch` skips it. The patched policy
            is compiled, and asked again about every entry, before it is shown.
            """)

    @Argument(
        help: ArgumentHelp("The log of an audit, JSON lines.", valueName: "log"),
        completion: .file())
    var log: String

    @Option(
        help: ArgumentHelp(
            "The policy to patch, .xml; without it, a new one over the default.",
            valueName: "policy"), completion: .policy)
    var policy: String?

    @Flag(help: "Allow also what the workflow API can replace.")
    var allowReplaceable = false

    @Flag(help: "Write the patched policy in place.")
    var apply = false

    @Option(help: "For whom to write: human or json.")
    var format: OutputFormat = .human

    @OptionGroup var terminal: TerminalOptions

    func run() throws {
        try reporting(format) { () throws(CommandError) in
            if apply && policy == nil { throw .usage("`--apply` needs a `--policy` to write to") }
            let log = try AuditLog(log)
            let target = try PatchTarget(policy)
            let suggestions = try Suggestions(log, allowsReplaceable: allowReplaceable) {
                entry throws(CommandError) in try target.allows(entry)
            }
            let lines = suggestions.policyLines
            let patch = lines.isEmpty ? nil : try target.patched(lines, proving: suggestions)
            switch format {
            case .human: report(suggestions, patch)
            case .json: StandardStream.output.write(document(suggestions, patch))
            }
            if apply, let patch, let policy {
                try OutputFile(path: policy).replace(with: Array(patch.new.utf8))
            }
        }
    }

    private var patchedFile: String { policy ?? "policy.xml" }

    private func report(_ suggestions: Suggestions, _ patch: PolicyPatch?) {
        for suggestion in suggestions.all {
            StandardStream.output.write(suggestion.report)
        }
        if suggestions.all.isEmpty {
            StandardStream.output.write("nothing to do: the policy allows all that was recorded\n")
        } else if suggestions.allowed > 0 {
            StandardStream.output.write("allowed already: \(suggestions.allowed)\n")
        }
        guard let patch else { return }
        StandardStream.output.write("\n" + patch.unified(patchedFile))
    }

    private func document(_ suggestions: Suggestions, _ patch: PolicyPatch?) -> JSONValue {
        .object([
            ("suggestions", .array(suggestions.all.map(\.json))),
            ("allowed_already", .integer(suggestions.allowed)),
            ("patch", .optional(patch?.unified(patchedFile))),
        ])
    }
}

/// The policy that a patch is for.
private struct PatchTarget {
    private var source = ""
    private var file: PolicyFile?
    private var image: PolicyImage
    private var name: String

    init(_ policy: String?) throws(CommandError) {
        name = policy ?? PolicyFile.defaultName
        guard let policy else {
            image = try Self.image(try PolicyFile.compiledDefault())
            return
        }
        let file = try PolicyFile(policy)
        image = try Self.image(try file.compiled())
        self.file = file
        let bytes = FileManager.default.contents(atPath: policy) ?? Data()
        source = String(decoding: bytes, as: UTF8.self)
    }

    func allows(_ entry: AuditEntry) throws(CommandError) -> Bool {
        try Self.allows(entry, image, name)
    }

    /// The patch, after it has been shown that it allows what it is for.
    func patched(
        _ lines: [PolicyPatch.Line], proving suggestions: Suggestions
    ) throws(CommandError) -> PolicyPatch {
        let made =
            file == nil ? PolicyPatch(newPolicyWith: lines) : PolicyPatch(source, adding: lines)
        guard let made else {
            throw .environment("no-root-end", "the end of `\(name)` was not found")
        }
        let changed = try Self.image(try compiled(made.new))
        for suggestion in suggestions.all {
            if case .replace = suggestion.remedy { continue }
            for entry in suggestion.evidence where try !Self.allows(entry, changed, name) {
                throw .environment(
                    "not-allowed", "the patched policy would still deny `\(entry.path)`")
            }
        }
        return made
    }

    private func compiled(_ text: String) throws(CommandError) -> CompiledPolicy {
        do {
            let reader = PolicyReader(
                root: file.map { $0.folder.isEmpty ? "." : String($0.folder) })
            return try PolicyCompiler().compile(
                try reader.read(bytes: Array(text.utf8), named: name).policy)
        } catch {
            throw .diagnostics(error)
        }
    }

    private static func image(_ compiled: CompiledPolicy) throws(CommandError) -> PolicyImage {
        do {
            return try PolicyImage(copying: compiled.image)
        } catch {
            throw .unusableImage("the policy", error)
        }
    }

    private static func allows(
        _ entry: AuditEntry, _ image: PolicyImage, _ name: String
    ) throws(CommandError) -> Bool {
        if entry.kind == .setting { return false }
        if entry.kind == .passthrough {
            return try image.passes(entry.path.description, for: entry.python, of: name)
        }
        let set: RuleSet = entry.kind == .import ? .modules : .members
        let matcher = try image.matcher(set, for: entry.python, of: name)
        let context = MatchContext(runtime: entry.isRuntime, use: entry.operation != nil)
        let decision = matcher.decide(segments: entry.path.names, context: context)
        guard let rule = decision.rule else { return true }
        return matcher.rule(rule).effect != .deny
    }
}

extension PolicyImage {
    /// Whether a module is passed through on one version of Python.
    fileprivate func passes(
        _ module: String, for python: PythonVersion, of policy: String
    ) throws(CommandError) -> Bool {
        do {
            return try restrictions(for: (python.major, python.minor)).isPassthrough(module)
        } catch {
            throw .unusableImage(policy, error)
        }
    }
}

extension Suggestion {
    /// What to do and why, a line for each place.
    fileprivate var report: String {
        let head =
            switch remedy {
            case .replace(let other): "use \(other) in place of `\(path)`"
            case .unrestrict: "allow `\(path)`"
            case .passThrough: "pass `\(path)` through"
            }
        var text = head
        if let rule = evidence.first?.rule {
            text += ", which `\(rule)`" + (evidence.first?.policy.map { " at \($0)" } ?? "")
            text += " denies"
        }
        text += "\n"
        for place in places { text += "  used at \(place)\n" }
        if remedy == .unrestrict, let instead = evidence.first?.instead {
            text += "  or use \(instead)\n"
        }
        return text
    }

    fileprivate var json: JSONValue {
        var members: [(String, JSONValue)] = [("path", .string("\(path)"))]
        switch remedy {
        case .replace(let other):
            members += [("remedy", .string("replace")), ("with", .string(other))]
        case .unrestrict: members.append(("remedy", .string("unrestrict")))
        case .passThrough: members.append(("remedy", .string("pass-through")))
        }
        members += [
            ("rule", .optional(evidence.first?.rule)),
            ("policy_location", .optional(evidence.first?.policy)),
            ("instead", .optional(evidence.first?.instead)),
            ("places", .array(places.map { .string($0.replacing("`", with: "")) })),
        ]
        return .object(members)
    }
}
