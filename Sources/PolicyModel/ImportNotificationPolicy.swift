/// How the sandbox behaves on imports that may be unintentional; the flags of temporalio's
/// `SandboxImportNotificationPolicy`. No flag at all is silent.
public struct ImportNotificationPolicy: OptionSet, Hashable, Sendable {
    /// One bit a flag.
    public var rawValue: UInt8

    /// Makes a set of flags from its bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Warn when a module is imported after the workflow was loaded.
    public static let warnOnDynamicImport = ImportNotificationPolicy(rawValue: 1)
    /// Warn when a module that is not passed through is imported.
    public static let warnOnUnintentionalPassthrough = ImportNotificationPolicy(rawValue: 2)
    /// Raise an error when a module that is not passed through is imported.
    public static let raiseOnUnintentionalPassthrough = ImportNotificationPolicy(rawValue: 4)
}
