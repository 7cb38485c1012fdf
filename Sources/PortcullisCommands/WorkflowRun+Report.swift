internal import FoundationEssentials
internal import PythonHost

extension WorkflowOutcome {
    /// Whether the workflow or a task of it failed.
    var isFailure: Bool {
        switch self {
        case .violation, .failed: true
        case .completed, .continuedAsNew, .pending: false
        }
    }
}

extension WorkflowRun {
    /// Prints the result on standard output and everything else on standard error.
    func print() {
        for warning in warnings {
            StandardStream.error.write(
                "\(PythonPlace(file: warning.file, line: warning.line)): warning: "
                    + "\(warning.message) [\(warning.category)]\n")
        }
        for line in leakReport { StandardStream.error.write(line + "\n") }
        switch outcome {
        case .completed(let result):
            StandardStream.output.write(result + "\n")
        case .continuedAsNew(let workflow, let input):
            StandardStream.error.write(
                "continued as new: `\(workflow)` with [\(input.joined(separator: ", "))]\n")
        case .pending(let lines):
            StandardStream.error.write("pending: \(lines.joined(separator: "; "))\n")
        case .violation(let violation):
            StandardStream.error.write(violation.report)
        case .failed(let failure):
            StandardStream.error.write(failure.report)
        }
    }

    /// The whole run for programs.
    var json: JSONValue {
        let told = leaks.map { [("leaks", JSONValue.array($0.map(\.json)))] } ?? []
        return .object(outcome.members + [("warnings", .array(warnings.map(\.json)))] + told)
    }

    /// Whether something that the run wrote is seen by the host and by other runs.
    var hasReachedHost: Bool {
        leaks?.contains { $0.fate == .reached } ?? false
    }

    /// A line for each attempt to write on the host; one that says so if there were none.
    private var leakReport: [String] {
        guard let leaks else { return [] }
        return leaks.isEmpty ? ["leaks: none"] : leaks.map(\.report)
    }
}

extension WorkflowOutcome {
    /// The members of a run's document that say how it ended.
    fileprivate var members: [(String, JSONValue)] {
        switch self {
        case .completed(let result):
            [("status", .string("completed")), ("result", .raw(result))]
        case .continuedAsNew(let workflow, let input):
            [
                ("status", .string("continued-as-new")), ("workflow", .string(workflow)),
                ("input", .array(input.map { .raw($0) })),
            ]
        case .pending(let lines):
            [("status", .string("pending")), ("pending", .array(lines.map { .string($0) }))]
        case .violation(let violation):
            [("status", .string("failed")), ("kind", .string("violation"))] + violation.members
        case .failed(let failure):
            [
                ("status", .string("failed")), ("kind", .string(failure.kind.rawValue)),
                ("type", .string(failure.type)), ("message", .string(failure.message)),
                ("trace", .array(failure.trace.map(\.json))),
            ]
        }
    }
}

extension Violation {
    /// What happened, where, by which rule, and what to do, a line each.
    fileprivate var report: String {
        let place = PythonPlace(callerLocation) ?? trace.last.map(PythonPlace.init)
        let mark = place?.mark(ofName: qualifiedName)
        var lines = [
            (mark?.place ?? place?.description ?? "workflow")
                + ": error: workflow code may not use `\(qualifiedName)` [violation]"
        ]
        if let mark { lines += [mark.source] + (mark.caret.map { [$0] } ?? []) }
        lines.append("  message: \(sentence)")
        if let rule {
            lines.append("  rule:    `\(rule)`" + (policyLocation.map { " at \($0)" } ?? ""))
        }
        if let nextStep { lines.append("  next:    \(nextStep)") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The message without the lines below it, which say what the report says in its own way.
    private var sentence: String {
        message.split(separator: "\n").first.map(String.init) ?? message
    }

    fileprivate var members: [(String, JSONValue)] {
        [
            ("qualified_name", .string(qualifiedName)), ("message", .string(sentence)),
            ("rule", .optional(rule)), ("policy_location", .optional(policyLocation)),
            ("caller", .optional(callerLocation)), ("next_step", .optional(nextStep)),
            ("trace", .array(trace.map(\.json))),
        ]
    }
}

extension WorkflowFailure {
    /// What failed and where.
    fileprivate var report: String {
        let place = trace.last.map { PythonPlace($0).description } ?? "workflow"
        var lines = ["\(place): error: \(type): \(message) [\(kind.rawValue)]"]
        if let source = trace.last?.source, !source.isEmpty { lines.append("    \(source)") }
        for frame in trace.dropLast().reversed() {
            lines.append("  called from \(PythonPlace(frame)) in `\(frame.function)`")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension WorkflowFrame {
    fileprivate var json: JSONValue {
        .object([
            ("file", .string(file)), ("line", .integer(line)), ("function", .string(function)),
            ("source", .string(source)),
        ])
    }
}

extension WorkflowLeak {
    /// Where, what, and what became of it.
    fileprivate var report: String {
        let place = file.isEmpty ? "workflow" : PythonPlace(file: file, line: line).description
        return "\(place): leak: \(kind) `\(name)`: \(fate.sentence)"
    }

    fileprivate var json: JSONValue {
        .object([
            ("file", .string(file)), ("line", .integer(line)), ("kind", .string(kind)),
            ("name", .string(name)), ("fate", .string(fate.rawValue)),
        ])
    }
}

extension WorkflowLeak.Fate {
    fileprivate var sentence: String {
        switch self {
        case .private: "private to the run"
        case .ignored: "ignored, for it has no effect in a sandbox"
        case .stopped: "stopped"
        case .reached: "reached the host"
        }
    }
}

extension WorkflowWarning {
    fileprivate var json: JSONValue {
        .object([
            ("category", .string(category)), ("message", .string(message)),
            ("file", .string(file)), ("line", .integer(line)),
        ])
    }
}
