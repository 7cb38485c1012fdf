/// How a run of a workflow ended, and what was said meanwhile.
public struct WorkflowRun: Equatable, Sendable {
    /// How it ended.
    public let outcome: WorkflowOutcome
    /// The warnings that were issued, in order.
    public let warnings: [WorkflowWarning]
    /// What the policy denies and the run did all the same, a JSON object each; empty unless the
    /// run was an audit.
    public let audit: [String]
    /// What the run tried to write on the host, by file and line; nil if no report was asked for.
    public let leaks: [WorkflowLeak]?

    /// A file whose imports could not be measured, since executing it fails.
    public struct Unprofiled: Error, Equatable, Sendable {
        /// How it failed.
        public let run: WorkflowRun
    }
}

/// How a run of a workflow ended.
public enum WorkflowOutcome: Equatable, Sendable {
    /// The workflow returned; its result is a JSON text.
    case completed(String)
    /// The workflow asked to be started anew; the input is a JSON text an argument.
    case continuedAsNew(workflow: String, input: [String])
    /// Code of the workflow did what the policy forbids.
    case violation(Violation)
    /// The workflow or one of its tasks failed.
    case failed(WorkflowFailure)
    /// The workflow waits for what nothing answers: a line for each.
    case pending([String])
}

/// An access that the policy forbids, and what to do about it.
public struct Violation: Error, Equatable, Sendable {
    /// What was accessed, for example `datetime.datetime.now.__call__`.
    public let qualifiedName: String
    /// The rule that forbids it.
    public let rule: String?
    /// Where the rule is written: `file:line:column`.
    public let policyLocation: String?
    /// Where the access is: `file:line`.
    public let callerLocation: String?
    /// The sentence that says what happened.
    public let message: String
    /// The line to add to the policy, or the deterministic replacement.
    public let nextStep: String?
    /// The calls that led there through the author's files, outermost first.
    public let trace: [WorkflowFrame]
}

/// Why a workflow failed.
public struct WorkflowFailure: Error, Equatable, Sendable {
    /// What failed.
    public enum Kind: String, Equatable, Sendable {
        /// The workflow itself, by raising a failure.
        case workflow
        /// A task of the workflow: its code raised what is no failure, which a worker would retry.
        case task
        /// A task of the workflow: it loads a module that the policy does not pass through.
        case passthrough
        /// The workflow was cancelled.
        case cancelled
    }

    /// What failed.
    public let kind: Kind
    /// The type of the exception, with its module.
    public let type: String
    /// The message of the exception.
    public let message: String
    /// The calls that led there through the author's files, outermost first.
    public let trace: [WorkflowFrame]
}

/// A call in a file of the author.
public struct WorkflowFrame: Equatable, Sendable, Decodable {
    /// The path of the file.
    public let file: String
    /// The line, counted from 1.
    public let line: Int
    /// The function.
    public let function: String
    /// The text of the line, without the space around it.
    public let source: String
}

/// A warning that was issued while a workflow was loaded or ran.
public struct WorkflowWarning: Equatable, Sendable, Decodable {
    /// The class of the warning, for example `UserWarning`.
    public let category: String
    /// Its text.
    public let message: String
    /// The path of the file that it names.
    public let file: String
    /// The line of ``file``, counted from 1.
    public let line: Int
}

/// An attempt of a run to write on what is the host's, which other runs share.
public struct WorkflowLeak: Codable, Equatable, Sendable {
    /// What became of an attempt.
    public enum Fate: String, Codable, Equatable, Sendable {
        /// It acts on something of the run's own.
        case `private`
        /// It does nothing; no result depends on it.
        case ignored
        /// An error was raised.
        case stopped
        /// The host has it.
        case reached
    }

    /// The file of the code that tried; empty if it is not known.
    public let file: String
    /// The line of it, from 1; 0 if it is not known.
    public let line: Int
    /// What was written to: `module attribute`, `class attribute`, `object attribute`, `container`
    /// or `registry`.
    public let kind: String
    /// Its qualified name, for example `json.JSONEncoder.item_separator`.
    public let name: String
    /// What became of it.
    public let fate: Fate
}
