internal import PolicyFormat
internal import PolicyModel
internal import PolicyRuntime

/// Reads an image back and compares it with the policy over every path that either of them can
/// tell from another: at each node the names of all layers and of the image, one name that nobody
/// knows, and the literal `*`, each in all four contexts.
struct Proof {
    let parts: [PolicyCompiler.Part]
    let rules: RuleTable

    /// How many decisions were compared.
    ///
    /// - Throws: ``PolicyError`` with the code `compiler-bug` at the first difference.
    func run(_ bytes: [UInt8]) throws(PolicyError) -> Int {
        let image: PolicyImage
        do {
            image = try PolicyImage(copying: bytes)
        } catch {
            throw Proof.bug("the verifier refuses it: \(error.description)")
        }
        try compareRules(image)
        let index = MatcherIndex(image)
        var cases = 0
        for part in parts {
            let restrictions: Restrictions
            do {
                let first = part.versions.lowerBound
                restrictions = try image.restrictions(for: (first.major, first.minor))
            } catch {
                throw Proof.bug("a version is missing: \(error.description)")
            }
            try compareFlags(part, restrictions)
            for (set, matcher) in [
                (ProofWalk.Set.members, restrictions.members),
                (ProofWalk.Set.modules, restrictions.modules),
            ] {
                var walk = ProofWalk(matcher: matcher, index: index, rules: rules)
                cases += try walk.run(part.restrictions.layers, set)
            }
            cases += try PassthroughProof(restrictions: restrictions, index: index)
                .run(part.restrictions)
        }
        return cases
    }

    /// Every rule's record must read as the rule does.
    private func compareRules(_ image: PolicyImage) throws(PolicyError) {
        guard let matcher = image.restrictions(root: 0)?.members,
            image.ruleCount == rules.entries.count
        else { throw Proof.bug("\(image.ruleCount) rules instead of \(rules.entries.count)") }
        for (index, entry) in rules.entries.enumerated() {
            let record = matcher.rule(RuleID(rawValue: UInt32(index)))
            let rule = entry.rule
            let isSame =
                record.id == (rule.id.isEmpty ? entry.derivedID : rule.id)
                && record.path == entry.path && record.effect.word == rule.effect.rawValue
                && record.arguments == rule.arguments
                && Proof.same(record.warningCategory, rule.warningCategory)
                && Proof.same(record.message, rule.message)
                && Proof.same(record.because, rule.because) && Proof.same(record.see, rule.see)
                && Proof.same(record.instead, rule.instead)
                && Proof.same(record.file, rule.location?.file)
                && record.line == rule.location?.line ?? 0
                && record.column == rule.location?.column ?? 0
            if !isSame { throw Proof.bug("rule `\(record.id)` reads differently") }
        }
    }

    private func compareFlags(
        _ part: PolicyCompiler.Part, _ image: Restrictions
    ) throws(PolicyError) {
        let model = part.restrictions
        let last = part.versions.upperBound
        guard image.passesAllThrough == model.passthroughAllModules,
            image.lazySysModulesPassthrough == model.lazySysModulesPassthrough,
            image.importNotificationPolicy == model.importNotificationPolicy.rawValue & 7,
            image.lastVersion == (last.major, last.minor)
        else { throw Proof.bug("the flags for Python \(part.versions.lowerBound) differ") }
    }

    /// An image has no difference between an empty text and none.
    private static func same(_ record: String?, _ rule: String?) -> Bool {
        (record ?? "") == (rule ?? "")
    }

    /// The error that no policy should ever cause.
    static func bug(_ what: String) -> PolicyError {
        PolicyError([
            Diagnostic(
                .error, code: "compiler-bug",
                message: "the compiled image does not say what the policy says: \(what)",
                notes: [Diagnostic.Note("please report this policy; no image was written")])
        ])
    }
}
