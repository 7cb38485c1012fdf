/// The bits of a root's flags.
package enum RootFlags {
    /// Every module is passed through.
    package static let passesAllThrough: UInt32 = 1
    /// Modules of the host appear in the sandbox's `sys.modules` on demand.
    package static let lazySysModules: UInt32 = 2
    /// Where the three bits of the import notification policy start.
    package static let notificationShift: UInt32 = 8
    /// All bits that have a meaning.
    package static let known: UInt32 = passesAllThrough | lazySysModules | 7 << notificationShift
}
