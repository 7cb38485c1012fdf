public import PolicyModel

/// An image and what is known about it; it was read back and proven to say what the policy says.
public struct CompiledPolicy: Sendable {
    /// How large it is.
    public struct Statistics: Hashable, Sendable {
        /// Different rules; one that is the same on several versions counts once.
        public var rules: Int
        /// States of the automaton, shared between versions where equal.
        public var states: Int
        /// Cells of the double array, free ones included.
        public var cells: Int
        /// Bytes of strings.
        public var strings: Int
        /// Bytes of the image.
        public var bytes: Int
        /// Ranges of Python versions with contents of their own.
        public var roots: Int
        /// How many decisions were compared between policy and image.
        public var provenCases: Int
    }

    /// The bytes of a `.policybc` file.
    public var image: [UInt8]
    /// What is worth knowing although it does not stop the compiler.
    public var warnings: [Diagnostic]
    /// How large it is.
    public var statistics: Statistics
}
