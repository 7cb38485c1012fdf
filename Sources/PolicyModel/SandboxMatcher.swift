/// A tree that says which dotted paths are restricted, with the exact fields and the exact order
/// of checks of temporalio's `SandboxMatcher`, and a ``Rule`` wherever one can match.
///
/// The wildcard `*` is an ordinary name here; ``PolicyModel/SandboxMatcher/wildcard`` spells it.
public struct SandboxMatcher: Hashable, Sendable {
    /// The name that stands for every name in `access`, `use` and `children` (not in `exclude`).
    public static let wildcard = "*"

    /// Names whose very access matches.
    public var access: [String: Rule]
    /// Names whose use matches, while reading them does not.
    public var use: [String: Rule]
    /// The matchers one name further; a specific name shadows the wildcard completely.
    public var children: [String: SandboxMatcher]
    /// The rule with which this node itself matches, and with it all below.
    public var matchSelf: Rule?
    /// Whether this node and all below match at run time only, not while importing.
    public var onlyRuntime: Bool
    /// Names that this node does not match, whatever else it says; literal, one level.
    public var exclude: [String: SourceLocation?]

    /// Makes a matcher; without arguments, one that matches nothing.
    public init(
        access: [String: Rule] = [:], use: [String: Rule] = [:],
        children: [String: SandboxMatcher] = [:], matchSelf: Rule? = nil,
        onlyRuntime: Bool = false, exclude: [String: SourceLocation?] = [:]
    ) {
        self.access = access
        self.use = use
        self.children = children
        self.matchSelf = matchSelf
        self.onlyRuntime = onlyRuntime
        self.exclude = exclude
    }

    /// Whether the matcher says nothing at all.
    public var isEmpty: Bool {
        access.isEmpty && use.isEmpty && children.isEmpty && matchSelf == nil && exclude.isEmpty
    }
}
