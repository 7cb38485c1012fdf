import FoundationEssentials

/// What `portcullis._host` is asked, as it is sent.
struct RunRequest: Encodable {
    var file: String
    var workflow: String?
    var input: [String]
    var stubs: [String: String]
    var unsandboxed: Bool
    var audit = false
    var reportLeaks = false
    var profile = false

    func text() throws(PythonHostError) -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        guard let data = try? encoder.encode(self) else {
            throw .internalFault("the request cannot be written")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

/// What `portcullis._host` answers, as it is received.
struct RunResponse: Decodable {
    struct Fault: Decodable {
        var type: String?
        var message: String
        var qualifiedName: String?
        var rule: String?
        var policyLocation: String?
        var caller: String?
        var nextStep: String?
        var trace: [WorkflowFrame]?
        var file: String?
        var line: Int?
    }

    struct Continued: Decodable {
        var workflow: String
        var input: [String]
    }

    var status: String
    var kind: String
    var result: String?
    var continued: Continued?
    var pending: [String]?
    var error: Fault?
    var warnings: [WorkflowWarning]
    var audit: [String]?
    var profile: ImportProfile?
    var leaks: [WorkflowLeak]?

    init(_ text: String) throws(PythonHostError) {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard let response = try? decoder.decode(RunResponse.self, from: Data(text.utf8)) else {
            throw .internalFault("the response is not understood: \(text.prefix(200))")
        }
        self = response
    }

    /// The run; an error for what kept it from taking place.
    func run() throws(PythonHostError) -> WorkflowRun {
        WorkflowRun(
            outcome: try outcome(), warnings: warnings, audit: audit ?? [], leaks: leaks)
    }

    /// The profile, or how the file failed to be loaded.
    func profiled() throws(PythonHostError) -> Result<ImportProfile, WorkflowRun.Unprofiled> {
        if let profile { return .success(profile) }
        return .failure(WorkflowRun.Unprofiled(run: try run()))
    }

    private func outcome() throws(PythonHostError) -> WorkflowOutcome {
        if let result { return .completed(result) }
        if let continued {
            return .continuedAsNew(workflow: continued.workflow, input: continued.input)
        }
        if let pending { return .pending(pending) }
        guard let error else { throw .internalFault("the response says nothing") }
        if status == "error" { throw error.fault(kind) }
        if kind == "violation" { return .violation(error.violation) }
        guard let kind = WorkflowFailure.Kind(rawValue: kind) else {
            throw .internalFault("the response is of the unknown kind `\(kind)`")
        }
        return .failed(
            WorkflowFailure(
                kind: kind, type: error.type ?? "", message: error.message,
                trace: error.trace ?? []))
    }
}

extension RunResponse.Fault {
    fileprivate var violation: Violation {
        Violation(
            qualifiedName: qualifiedName ?? "", rule: rule, policyLocation: policyLocation,
            callerLocation: caller, message: message, nextStep: nextStep, trace: trace ?? [])
    }

    fileprivate func fault(_ kind: String) -> PythonHostError {
        let code: PythonHostError.Code
        switch kind {
        case "file": code = .fileNotReadable
        case "syntax": code = .syntaxError
        case "import": code = .importError
        case "workflow": code = .noSuchWorkflow
        case "input": code = .badInput
        case "policy": code = .policyNotUsable
        case "gate": return .gateNotLoadable(message)
        default: return .internalFault(message)
        }
        // The message of an unreadable file names it already.
        let place = code == .fileNotReadable ? nil : file
        let line = line.flatMap { $0 > 0 ? $0 : nil }
        return PythonHostError(code, message, file: place, line: place == nil ? nil : line)
    }
}
