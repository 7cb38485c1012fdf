/// What happens on a path that a rule matches.
public enum Effect: String, Hashable, Sendable, CaseIterable {
    /// The access raises an error.
    case deny
    /// The access goes on and a Python warning is issued.
    case warn
    /// The access goes on and is recorded.
    case audit
}

/// What a matcher says about the paths that it matches, and where that is written.
public struct Rule: Hashable, Sendable {
    /// The author's `id`, or one derived from path and kind, for example `os.*#use`.
    public var id: String
    /// What happens on a match.
    public var effect: Effect
    /// The Python warning class to issue for `effect == .warn`, for example `UserWarning`.
    public var warningCategory: String?
    /// The text that replaces the default message (temporalio's `leaf_message`).
    public var message: String?
    /// Why the author wrote the rule.
    public var because: String?
    /// Where to read more.
    public var see: String?
    /// What to write instead, for example `workflow.now()`.
    public var instead: String?
    /// The most arguments, positional and keyword together, of a call for which the rule holds; a
    /// call with more is allowed. Nil: it holds for every call.
    public var arguments: Int?
    /// Where the rule is written.
    public var location: SourceLocation?

    /// The numbers that `arguments` may have.
    public static let argumentLimits = 0...64

    /// Makes a rule.
    public init(
        id: String, effect: Effect = .deny, warningCategory: String? = nil, message: String? = nil,
        because: String? = nil, see: String? = nil, instead: String? = nil,
        arguments: Int? = nil, location: SourceLocation? = nil
    ) {
        self.id = id
        self.effect = effect
        self.warningCategory = warningCategory
        self.message = message
        self.because = because
        self.see = see
        self.instead = instead
        self.arguments = arguments
        self.location = location
    }
}
