public import PolicyModel

/// What came of reading a policy without errors.
public struct PolicyReading: Hashable, Sendable {
    /// The policy with all its layers, the base first.
    public var policy: Policy
    /// What is worth knowing about it, sorted.
    public var warnings: [Diagnostic]

    /// Makes a reading from its parts.
    public init(policy: Policy, warnings: [Diagnostic] = []) {
        self.policy = policy
        self.warnings = warnings
    }
}
