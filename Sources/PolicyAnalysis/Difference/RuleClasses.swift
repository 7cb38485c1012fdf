internal import PolicyRuntime

/// Tells which rules of two images say the same.
struct RuleClasses {
    /// What happens when a rule matches.
    private struct Effect: Hashable {
        var effect: RuleRecord.Effect
        var warningCategory: String?
        var arguments: Int?
    }

    /// What else an author can tell two rules apart by, apart from where they are written.
    private struct Wording: Hashable {
        var effect: Int32
        var id: String
        var message: String?
        var because: String?
        var see: String?
        var instead: String?
    }

    /// The classes of the rules of one image, by number.
    struct Side {
        /// Equal for rules with the same effect.
        fileprivate(set) var effects: [Int32] = []
        /// Equal for rules with the same effect, id and texts.
        fileprivate(set) var wordings: [Int32] = []
    }

    private(set) var old = Side()
    private(set) var new = Side()

    init(old: PolicyImage, new: PolicyImage) {
        var effects: [Effect: Int32] = [:]
        var wordings: [Wording: Int32] = [:]
        func sort(_ image: PolicyImage, into side: inout Side) {
            guard let matcher = image.restrictions(root: 0)?.members else { return }
            for number in 0..<image.ruleCount {
                let rule = matcher.rule(RuleID(rawValue: UInt32(number)))
                let effect = Effect(
                    effect: rule.effect, warningCategory: rule.warningCategory,
                    arguments: rule.arguments)
                let effectClass = effects[effect] ?? Int32(effects.count)
                effects[effect] = effectClass
                let wording = Wording(
                    effect: effectClass, id: rule.id, message: rule.message, because: rule.because,
                    see: rule.see, instead: rule.instead)
                let wordingClass = wordings[wording] ?? Int32(wordings.count)
                wordings[wording] = wordingClass
                side.effects.append(effectClass)
                side.wordings.append(wordingClass)
            }
        }
        sort(old, into: &self.old)
        sort(new, into: &self.new)
    }
}
