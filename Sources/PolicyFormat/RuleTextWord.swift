/// The first word of a rule's texts: its effect, and for which calls it holds.
package enum RuleTextWord {
    /// The bits of the effect.
    package static let effectMask: UInt32 = 0xFF
    /// Where the most arguments of a call plus one begin; 0 there is a rule for every call.
    package static let argumentsShift: UInt32 = 8
    /// The largest number of arguments that a rule can name.
    package static let mostArguments: UInt32 = 64
}
