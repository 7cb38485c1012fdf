internal import PolicyAnalysis
internal import PolicyCompiler
internal import PolicyFormat
internal import PolicyModel
internal import PolicyRuntime
internal import PolicyXML

/// A policy that was written for live restrictions, and the proof that it decides as they do.
struct ImportedPolicy: Sendable {
    /// The shipped policy that a shorter one extends.
    static let base = "temporal-1.35.xml"

    /// The text of the file.
    var text: String
    /// What it extends.
    var extends: String?
    /// How many decisions were compared.
    var comparedCases: Int

    /// Writes the policy: over the shipped one if that is shorter, and decides the same.
    init(_ live: LiveRestrictions, name: String, source: String) throws(CommandError) {
        let comment =
            "Imported from `\(source)`, temporalio \(live.temporalio) on Python \(live.version)."
            .replacing("--", with: "- -")
        let compiled: CompiledPolicy
        do {
            let compiler = PolicyCompiler(versions: [live.version])
            compiled = try compiler.compile(live.restrictions, name: name)
        } catch {
            throw .diagnostics(error)
        }
        let wanted = try Self.image(compiled)
        var whole = Self.draft(live, name: name)
        whole.comment = comment
        if let (name, path, reason) = whole.unwritable {
            throw .environment(
                "not-writable",
                "`\(source)`: `\(path)` names `\(name)`, which a policy cannot write: \(reason)")
        }
        if var layer = try Self.layer(live, name: name) {
            layer.comment = comment
            if layer.text.utf8.count < whole.text.utf8.count,
                case .success(let cases) = try Self.compare(layer, wanted, live.version)
            {
                self.init(text: layer.text, extends: Self.base, comparedCases: cases)
                return
            }
        }
        switch try Self.compare(whole, wanted, live.version) {
        case .success(let cases): self.init(text: whole.text, comparedCases: cases)
        case .failure(let difference):
            throw .environment(
                "import-differs",
                "a defect of portcullis: the policy decides otherwise than `\(source)`: "
                    + difference.text)
        }
    }

    private init(text: String, extends: String? = nil, comparedCases: Int) {
        self.text = text
        self.extends = extends
        self.comparedCases = comparedCases
    }

    // MARK: - Drafts

    /// The policy on its own.
    private static func draft(_ live: LiveRestrictions, name: String) -> PolicyDraft {
        let wanted = live.restrictions
        var draft = PolicyDraft(name: name)
        let library = standardLibrary(live.version)
        if library.isSubset(of: wanted.passthroughModules) {
            draft.passthrough.append(.standardLibrary)
        }
        let named =
            draft.passthrough.isEmpty
            ? wanted.passthroughModules : wanted.passthroughModules.subtracting(library)
        draft.passthrough += named.sorted().map { .module($0) }
        if wanted.passthroughAllModules { draft.passthrough.append(.allModules) }
        // The only layer of live restrictions.
        for layer in wanted.layers {
            draft.invalidModules = layer.invalidModules
            draft.invalidModuleMembers = layer.invalidModuleMembers
        }
        draft.notifications = flags.map { flag in
            ImportNotificationDeclaration(
                flag, wanted.importNotificationPolicy.contains(flag))
        }
        draft.lazySysModulesPassthrough = wanted.lazySysModulesPassthrough
        return draft
    }

    /// The policy as a layer over the shipped one; nil if a layer cannot say it.
    private static func layer(
        _ live: LiveRestrictions, name: String
    ) throws(CommandError) -> PolicyDraft? {
        guard let source = ShippedPolicy.source(named: base) else { return nil }
        let shipped: Policy
        do {
            shipped = try PolicyReader().read(bytes: source, named: base).policy
        } catch {
            throw .diagnostics(error)
        }
        let before = PolicyCompiler.resolve(shipped, on: live.version)
        let wanted = live.restrictions
        guard before.layers.count == 1, wanted.layers.count == 1,
            before.passthroughModules.isSubset(of: wanted.passthroughModules),
            wanted.passthroughAllModules || !before.passthroughAllModules
        else { return nil }
        let members = MatcherAddition(
            base: before.layers[0].invalidModuleMembers,
            wanted: wanted.layers[0].invalidModuleMembers)
        let modules = MatcherAddition(
            base: before.layers[0].invalidModules, wanted: wanted.layers[0].invalidModules)
        // An exception would hold for members and for imports alike.
        guard members.isPossible, modules.isPossible, modules.unrestrictions.isEmpty else {
            return nil
        }
        var draft = PolicyDraft(name: name, extends: base)
        draft.passthrough = wanted.passthroughModules.subtracting(before.passthroughModules)
            .sorted().map { .module($0) }
        if wanted.passthroughAllModules { draft.passthrough.append(.allModules) }
        draft.invalidModules = modules.added
        draft.invalidModuleMembers = members.added
        draft.unrestrictions = members.unrestrictions
        for flag in flags {
            let value = wanted.importNotificationPolicy.contains(flag)
            guard value != before.importNotificationPolicy.contains(flag) else { continue }
            draft.notifications.append(ImportNotificationDeclaration(flag, value))
        }
        if wanted.lazySysModulesPassthrough != before.lazySysModulesPassthrough {
            draft.lazySysModulesPassthrough = wanted.lazySysModulesPassthrough
        }
        return draft
    }

    private static let flags: [ImportNotificationPolicy] = [
        .warnOnDynamicImport, .warnOnUnintentionalPassthrough, .raiseOnUnintentionalPassthrough,
    ]

    /// The modules of the standard library on a version.
    private static func standardLibrary(_ version: PythonVersion) -> Set<String> {
        var layer = PolicyLayer(name: "", file: "")
        layer.passthroughModules = [PassthroughDeclaration(.standardLibrary)]
        return PolicyCompiler.resolve(Policy(layers: [layer]), on: version).passthroughModules
    }

    // MARK: - Proof

    /// The first decision that differs.
    private struct Difference: Error {
        var text: String
    }

    /// Reads the draft's text as any policy and compares every decision.
    private static func compare(
        _ draft: PolicyDraft, _ wanted: PolicyImage, _ version: PythonVersion
    ) throws(CommandError) -> Result<Int, Difference> {
        let compiled: CompiledPolicy
        do throws(PolicyError) {
            let reading = try PolicyReader().read(bytes: Array(draft.text.utf8), named: draft.name)
            compiled = try PolicyCompiler(versions: [version]).compile(reading.policy)
        } catch {
            return .failure(Difference(text: error.diagnostics.first?.message ?? "it has errors"))
        }
        let own = try image(compiled)
        let difference = PolicyDifference(from: wanted, to: own)
        if let setting = difference.settings.first {
            return .failure(Difference(text: "`\(setting.name)`"))
        }
        for change in difference.changes {
            guard change.changesDecision || change.aspects.contains(where: \.changesMessage) else {
                continue
            }
            return .failure(Difference(text: "`\(change.pathText)`"))
        }
        return .success(difference.comparedCases)
    }

    private static func image(_ compiled: CompiledPolicy) throws(CommandError) -> PolicyImage {
        do {
            return try PolicyImage(copying: compiled.image)
        } catch {
            throw .unusableImage("the compiled policy", error)
        }
    }
}

extension PolicyDifference.Aspect {
    /// Whether both sides restrict with other messages.
    fileprivate var changesMessage: Bool {
        guard case .restricted(let before) = old, case .restricted(let after) = new else {
            return false
        }
        return before.message != after.message
    }
}
