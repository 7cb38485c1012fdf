public import PolicyModel

/// One thing that lint found.
public struct LintFinding: Hashable, Sendable {
    /// What to say about it.
    public var diagnostic: Diagnostic
    /// The dotted path that it is about; empty if it is about the file.
    public var path: String
    /// The element whose removal repairs it without changing a decision.
    public var removal: SourceLocation?

    /// Makes a finding.
    public init(diagnostic: Diagnostic, path: String = "", removal: SourceLocation? = nil) {
        self.diagnostic = diagnostic
        self.path = path
        self.removal = removal
    }

    init(
        _ rule: LintRule, _ message: String, path: String, at location: SourceLocation?,
        notes: [Diagnostic.Note] = []
    ) {
        self.init(
            diagnostic: Diagnostic(
                rule == .exceptionExpired ? .error : .warning, code: rule.rawValue,
                message: message, at: location, notes: notes),
            path: path, removal: rule.isFixable ? location : nil)
    }
}
