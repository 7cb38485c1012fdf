/// When and how a path is touched: one of four contexts in which a matcher may differ.
public struct AccessContext: Hashable, Sendable, CaseIterable {
    /// Bit 0: at run time; bit 1: a use and not only an access.
    public var rawValue: UInt8

    /// Makes a context from its two bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 3
    }

    /// Makes a context.
    public init(runtime: Bool, use: Bool) {
        self.init(rawValue: (runtime ? 1 : 0) | (use ? 2 : 0))
    }

    /// Whether workflow code runs, in contrast to being imported.
    public var isRuntime: Bool { rawValue & 1 != 0 }
    /// Whether the value is used (called, subscripted ...), in contrast to being read.
    public var isUse: Bool { rawValue & 2 != 0 }
    /// This context as one bit of a mask of four.
    public var mask: UInt8 { 1 << rawValue }

    /// All four, in the order of `rawValue`.
    public static let allCases: [AccessContext] = (0..<4).map { AccessContext(rawValue: $0) }
}
