/// A policy: its layers, the base first.
public struct Policy: Hashable, Sendable {
    /// The layers; a later one wins over an earlier one.
    public var layers: [PolicyLayer]

    /// Makes a policy.
    public init(layers: [PolicyLayer]) {
        self.layers = layers
    }

    /// The name of the topmost layer.
    public var name: String { layers.last?.name ?? "" }
}

/// What holds on one Python version: the fields of temporalio's `SandboxRestrictions`, with the
/// matchers still in layers so that adding one never changes what another says.
public struct SandboxRestrictions: Hashable, Sendable {
    /// One layer's matchers and its exceptions.
    public struct Layer: Hashable, Sendable {
        /// Modules that may not be imported.
        public var invalidModules: SandboxMatcher
        /// Members that may not be accessed or used.
        public var invalidModuleMembers: SandboxMatcher
        /// Exceptions, from both of this layer and from all layers below.
        public var unrestrictions: [Unrestriction]

        /// Makes a layer.
        public init(
            invalidModules: SandboxMatcher = SandboxMatcher(),
            invalidModuleMembers: SandboxMatcher = SandboxMatcher(),
            unrestrictions: [Unrestriction] = []
        ) {
            self.invalidModules = invalidModules
            self.invalidModuleMembers = invalidModuleMembers
            self.unrestrictions = unrestrictions
        }
    }

    /// The layers, the base first.
    public var layers: [Layer]
    /// The dotted names of the passed-through modules; each covers everything below it.
    public var passthroughModules: Set<String>
    /// Whether every module is passed through.
    public var passthroughAllModules: Bool
    /// What to do on unintentional imports.
    public var importNotificationPolicy: ImportNotificationPolicy
    /// Whether a module that the host has imported appears in the sandbox's `sys.modules` on demand.
    public var lazySysModulesPassthrough: Bool

    /// Makes restrictions; without arguments, none at all.
    public init(
        layers: [Layer] = [], passthroughModules: Set<String> = [],
        passthroughAllModules: Bool = false,
        importNotificationPolicy: ImportNotificationPolicy = .warnOnDynamicImport,
        lazySysModulesPassthrough: Bool = true
    ) {
        self.layers = layers
        self.passthroughModules = passthroughModules
        self.passthroughAllModules = passthroughAllModules
        self.importNotificationPolicy = importNotificationPolicy
        self.lazySysModulesPassthrough = lazySysModulesPassthrough
    }

    /// Makes restrictions from one matcher for members and one for modules, as temporalio has them.
    public init(
        invalidModuleMembers: SandboxMatcher, invalidModules: SandboxMatcher = SandboxMatcher(),
        passthroughModules: Set<String> = []
    ) {
        self.init(
            layers: [
                Layer(invalidModules: invalidModules, invalidModuleMembers: invalidModuleMembers)
            ],
            passthroughModules: passthroughModules)
    }
}
