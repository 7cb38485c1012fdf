/// When and how a path is touched: one of the four contexts in which a decision may differ.
@frozen public struct MatchContext: Equatable, Hashable, Sendable {
    /// Bit 0: at run time; bit 1: a use and not only an access. Never more than 3.
    public let rawValue: UInt8

    /// Takes the two lowest bits.
    @inlinable public init(rawValue: UInt8) {
        self.rawValue = rawValue & 3
    }

    /// Makes a context.
    @inlinable public init(runtime: Bool, use: Bool) {
        rawValue = (runtime ? 1 : 0) | (use ? 2 : 0)
    }

    /// Reading a value while the workflow is imported.
    @inlinable public static var importAccess: MatchContext { MatchContext(rawValue: 0) }
    /// Reading a value while the workflow runs.
    @inlinable public static var runtimeAccess: MatchContext { MatchContext(rawValue: 1) }
    /// Using a value while the workflow is imported.
    @inlinable public static var importUse: MatchContext { MatchContext(rawValue: 2) }
    /// Using a value while the workflow runs.
    @inlinable public static var runtimeUse: MatchContext { MatchContext(rawValue: 3) }

    /// Whether workflow code runs, in contrast to being imported.
    @inlinable public var isRuntime: Bool { rawValue & 1 != 0 }
    /// Whether the value is used (called, subscripted ...), in contrast to being read.
    @inlinable public var isUse: Bool { rawValue & 2 != 0 }
    /// This context as one bit of a mask of four.
    @inlinable public var mask: UInt8 { 1 << rawValue }
}
