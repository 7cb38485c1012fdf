/// What is decided on one edge or at the end of a path, in each of the four contexts.
///
/// Bits 0 to 3: a rule matches; bits 4 to 7: the walk stops and nothing matches; bits 8 to 30: the
/// rule, or the outcome if bit 31 is set. Contexts in neither mask go on to the child.
@frozen public struct Verdict: Equatable, Hashable, Sendable {
    /// The four bytes as the image has them.
    public var rawValue: UInt32

    /// Takes the four bytes.
    @inlinable public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The value that stands for no rule at all, for matches that only say yes.
    package static let noValue: UInt32 = 0x7F_FFFF

    package init(match: UInt8, stop: UInt8, value: UInt32, isMixed: Bool) {
        rawValue =
            UInt32(match & 15) | UInt32(stop & 15) << 4 | (value & Verdict.noValue) << 8
            | (isMixed ? 1 << 31 : 0)
    }

    /// The contexts in which a rule matches, one bit each.
    @inlinable public var match: UInt8 { UInt8(truncatingIfNeeded: rawValue & 15) }
    /// The contexts in which nothing will match any more, one bit each.
    @inlinable public var stop: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 4 & 15) }
    /// The index of a rule or of an outcome.
    @inlinable public var value: UInt32 { rawValue >> 8 & 0x7F_FFFF }
    /// Whether ``value`` is an outcome, which has a rule for each context.
    @inlinable public var isMixed: Bool { rawValue >> 31 != 0 }
}

/// How a rule matches, for the ids that are derived from the path.
package enum RuleKind: UInt8, Sendable, CaseIterable {
    case access = 0
    case use = 1
    case matchSelf = 2

    /// The word behind the `#` of a derived id.
    package var word: String {
        switch self {
        case .access: "access"
        case .use: "use"
        case .matchSelf: "self"
        }
    }
}
