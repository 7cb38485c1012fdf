public import PolicyFormat

// For those who work with images through this module alone.

extension PolicyImage {
    /// Why an image was refused, for people: lower case and without a full stop.
    public static func reason(of error: FormatError) -> String { error.message }
}

extension Matcher {
    /// The contexts, as a mask, in which a path that ends at `state` is restricted.
    public func endMask(of state: State) -> UInt8 { selfOutcome(state).match }
}
