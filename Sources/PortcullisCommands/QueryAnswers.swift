internal import FoundationEssentials
internal import PolicyModel
internal import PolicyRuntime

/// Reads questions from standard input and writes the answers to standard output, a line each.
struct QueryAnswers: ~Copyable {
    /// Who decides.
    let matcher: Matcher

    private let decoder = JSONDecoder()
    private var texts: [RuleID: RuleText] = [:]
    private var pending: [UInt8] = []
    private let messageStart = Array(",\"message\":\"\(RuleRecord.defaultMessage.start)".utf8)
    private let messageEnd = Array("\(RuleRecord.defaultMessage.end)\"".utf8)

    init(matcher: Matcher) {
        self.matcher = matcher
    }

    /// Answers until standard input ends.
    mutating func answerStandardInput() throws(CommandError) {
        var lines = LineReader(file: 0)
        while let batch = try lines.next() {
            for line in batch { answer(line) }
            // The next lines may be long in coming: whoever asks should not wait for them.
            StandardStream.output.write(pending[...])
            pending.removeAll(keepingCapacity: true)
        }
    }

    private mutating func answer(_ line: LineReader.Line) {
        do throws(QueryFault) {
            switch line {
            case .bytes(let bytes): answer(try QueryLine(bytes, decoder: decoder))
            case .tooLong:
                throw QueryFault("the line is longer than \(LineReader.maximumLength) bytes")
            }
        } catch {
            JSONValue.object([("error", .string(error.message))]).write(to: &pending)
        }
        pending.append(UInt8(ascii: "\n"))
    }

    private mutating func answer(_ question: QueryLine) {
        let context = MatchContext(rawValue: question.context.rawValue)
        let decision = matcher.decide(segments: question.path, context: context)
        guard let rule = decision.rule else {
            pending += "{\"decision\":\"allow\"}".utf8
            return
        }
        let text = texts[rule] ?? RuleText(matcher.rule(rule))
        texts[rule] = text
        pending += text.start
        if text.needsMessage {
            pending += messageStart
            for (index, segment) in question.path.enumerated() {
                if index > 0 { pending.append(UInt8(ascii: ".")) }
                JSONValue.writeInner(segment, to: &pending)
            }
            pending += messageEnd
        }
        pending += text.end
    }
}

/// The parts of an answer that depend on the rule alone, as JSON.
private struct RuleText {
    var start: [UInt8]
    var needsMessage: Bool
    var end: [UInt8]

    init(_ rule: RuleRecord) {
        start = Array("{\"decision\":\"\(rule.effect.word)\",\"rule\":".utf8)
        JSONValue.write(rule.id, to: &start)
        end = []
        // As in temporalio, an empty message is none.
        let message = rule.message.flatMap { $0.isEmpty ? nil : $0 }
        needsMessage = message == nil && rule.effect != .audit
        Self.write("message", message, to: &end)
        Self.write("warning", rule.warningCategory, to: &end)
        Self.write("location", rule.location, to: &end)
        end.append(UInt8(ascii: "}"))
    }

    private static func write(_ name: String, _ text: String?, to bytes: inout [UInt8]) {
        guard let text else { return }
        bytes += ",\"\(name)\":".utf8
        JSONValue.write(text, to: &bytes)
    }
}

extension RuleRecord {
    /// What temporalio says before and after a restricted path when the rule itself says nothing.
    static let defaultMessage = (
        start: "Cannot access ",
        end: " from inside a workflow. "
            + "If this is code from a module not used in a workflow or known to "
            + "only be used deterministically from a workflow, mark the import as pass through."
    )
}
