public import PolicyFormat

/// The number of a rule within its image.
@frozen public struct RuleID: Equatable, Hashable, Comparable, Sendable {
    /// The index in the image's table of rules.
    public let rawValue: UInt32

    /// Takes an index; one that the image does not have yields no record.
    @inlinable public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Orders by number.
    @inlinable public static func < (a: RuleID, b: RuleID) -> Bool { a.rawValue < b.rawValue }
}

/// The number of one name, or of all names that no rule knows, within its image.
@frozen public struct SegmentID: Equatable, Hashable, Comparable, Sendable {
    /// 0 for every name that no rule knows.
    public let rawValue: UInt32

    /// Takes a number; one that the image does not have counts as unknown.
    @inlinable public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Every name that no rule knows, and the wildcard's own edges.
    @inlinable public static var other: SegmentID { SegmentID(rawValue: 0) }

    /// Orders by number.
    @inlinable public static func < (a: SegmentID, b: SegmentID) -> Bool {
        a.rawValue < b.rawValue
    }
}

/// A place in a matcher: what is left to decide after some segments of a path.
@frozen public struct State: Equatable, Hashable, Sendable {
    /// The base of the state's cells.
    public let rawValue: UInt32

    @inlinable package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }
}

/// What a policy says about one path in one context.
@frozen public enum Decision: Equatable, Hashable, Sendable {
    /// No rule matches.
    case allow
    /// A rule matches; its effect says whether it denies, warns or records.
    case restricted(RuleID)

    /// Whether no rule matches.
    @inlinable public var isAllowed: Bool { self == .allow }

    /// The rule that matches, if one does.
    @inlinable public var rule: RuleID? {
        if case .restricted(let rule) = self { rule } else { nil }
    }
}

/// Where one more segment leads in one context.
@frozen public enum Step: Equatable, Hashable, Sendable {
    /// A rule matches the path so far, and with it every longer one.
    case matched(RuleID)
    /// No rule matches the path so far or any longer one.
    case stopped
    /// It depends on what follows; ``Matcher/decide(atEndOf:context:)`` tells if nothing does.
    case next(State)
}

/// One named edge of a state, in all contexts at once.
@frozen public struct Edge: Equatable, Hashable, Sendable {
    /// What is decided on the edge itself.
    public let verdict: Verdict
    /// Whether the policy names this segment here, in contrast to falling back to the wildcard or
    /// to nothing.
    public let isExplicit: Bool
    @usableFromInline let childBase: UInt32

    @inlinable init(verdict: Verdict, childBase: UInt32, isExplicit: Bool) {
        self.verdict = verdict
        self.childBase = childBase
        self.isExplicit = isExplicit
    }

    /// The contexts in which a rule matches here and for everything below, one bit each.
    @inlinable public var match: UInt8 { verdict.match }
    /// The contexts in which nothing matches here or anywhere below, one bit each.
    @inlinable public var stop: UInt8 { verdict.stop }
    /// Where the other contexts go on; nil if there are none.
    @inlinable public var child: State? {
        childBase == ImageFormat.none ? nil : State(rawValue: childBase)
    }
    /// Whether a rule matches in `context`, here and for everything below.
    @inlinable public func matches(in context: MatchContext) -> Bool {
        match & context.mask != 0
    }
    /// Whether nothing matches in `context`, here or anywhere below.
    @inlinable public func stops(in context: MatchContext) -> Bool {
        stop & context.mask != 0
    }

    /// The edge of a name about which nothing is said at all.
    public static let nothing = Edge(
        verdict: Verdict(rawValue: 0xF0), childBase: ImageFormat.none, isExplicit: false)
}
