/// One kind of thing that lint finds; `PolicyAnalysis.docc/Lint.md` has a section for each.
public enum LintRule: String, Sendable, CaseIterable {
    case unreachableRule = "unreachable-rule"
    case redundantRule = "redundant-rule"
    case inheritedRule = "inherited-rule"
    case vacuousExclude = "vacuous-exclude"
    case broadRule = "broad-rule"
    case broadException = "broad-exception"
    case broadPassthrough = "broad-passthrough"
    case exceptionWithoutReason = "exception-without-reason"
    case exceptionExpired = "exception-expired"
    case unknownName = "unknown-name"
    case coveredPassthrough = "covered-passthrough"
    case unusedAllow = "unused-allow"

    /// What it is, lower case and without a full stop.
    public var summary: String {
        switch self {
        case .unreachableRule: "a rule that never decides"
        case .redundantRule: "a rule without which another one of the file decides the same"
        case .inheritedRule: "a rule that the extended policy already has"
        case .vacuousExclude: "an exclusion of something that nothing matches"
        case .broadRule: "a rule for every module there is"
        case .broadException: "an exception for a whole module"
        case .broadPassthrough: "every module is passed through"
        case .exceptionWithoutReason: "an exception that does not say why"
        case .exceptionExpired: "an exception past its last day"
        case .unknownName: "a name that no supported Python has"
        case .coveredPassthrough: "a module that is passed through anyway"
        case .unusedAllow: "an allowance that allows nothing"
        }
    }

    /// What to know about it, in sentences.
    public var explanation: String {
        switch self {
        case .unreachableRule:
            "On every path that the rule matches, something else decides first. Remove it, or move "
                + "what decides first."
        case .redundantRule:
            "Without the rule every decision, message and reason stays the same, because a wildcard "
                + "or another rule of the same file says so too. Remove it."
        case .inheritedRule:
            "Without the rule every decision, message and reason stays the same, because a policy "
                + "that this one extends says so already. Remove it."
        case .vacuousExclude:
            "Without the exclusion every decision stays the same. Remove it, or correct the name."
        case .broadRule:
            "The first name of the rule's path is `*`, so that it holds for modules that nobody has "
                + "thought of. Name the modules."
        case .broadException:
            "The exception frees a module with everything in it, also what a later version adds. "
                + "Name the members."
        case .broadPassthrough:
            "What is passed through is shared by all runs and not gated inside. Name the modules."
        case .exceptionWithoutReason:
            "Whoever reads an exception later must know whether it is still needed. Add `because`."
        case .exceptionExpired:
            "The day in `until` is over. Remove the exception, or decide anew and set a later day."
        case .unknownName:
            "The restricted module or member is in none of the supported Pythons, so the rule "
                + "protects from nothing; it is a typing error in most cases."
        case .coveredPassthrough:
            "A line for a module above it, for the standard library or in the extended policy "
                + "passes the module through already. Remove it."
        case .unusedAllow:
            "Lint finds nothing of this code at this path, or knows no such code. Remove it."
        }
    }

    /// Whether `lint --fix` can remove what it finds without changing a decision.
    public var isFixable: Bool {
        switch self {
        case .unreachableRule, .redundantRule, .inheritedRule, .vacuousExclude, .coveredPassthrough,
            .unusedAllow:
            true
        default: false
        }
    }
}
