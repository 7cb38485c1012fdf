import Foundation
import PolicyAnalysis
import PolicyCompiler
import PolicyModel
import PolicyRuntime
import Testing

/// What `diff` says against every single question that can be asked.
///
/// `PORTCULLIS_DIFF_PAIRS` sets how many pairs of policies are compared.
@Suite struct DifferenceTests {
    private static let paths = RandomPolicies.paths(upTo: 4)
    private static let pairs =
        ProcessInfo.processInfo.environment["PORTCULLIS_DIFF_PAIRS"].flatMap(Int.init) ?? 12
    private static let batches = 4

    @Test(arguments: 0..<batches)
    func theDifferenceIsWhatEveryQuestionSays(batch: Int) throws {
        var equivalent = 0
        var asked = 0
        let count = (Self.pairs + Self.batches - 1) / Self.batches
        for number in 0..<count {
            let seed = UInt64(batch * 1_000_000 + number)
            var random = RandomLayers(seed: seed)
            let (first, second) = random.pair()
            let old = try RandomLayers.image(first)
            let new = try RandomLayers.image(second)
            for (from, to) in [(old, new), (new, old)] {
                let difference = PolicyDifference(from: from, to: to)
                var audit = DifferenceAudit(from: from, to: to, difference)
                try audit.run(Self.paths)
                asked += audit.asked
                if let fault = audit.fault {
                    Issue.record("seed \(seed): \(fault)")
                    return
                }
                if difference.isEquivalent { equivalent += 1 }
            }
        }
        print("\(count) pairs both ways, \(asked) questions, \(equivalent) times equivalent")
        #expect(asked > count * 2 * Self.paths.count * 8)
    }

    private static func matcher(_ names: [String: Rule]) -> SandboxRestrictions {
        SandboxRestrictions(
            invalidModuleMembers: SandboxMatcher(children: ["os": SandboxMatcher(use: names)]))
    }

    private static func image(_ restrictions: SandboxRestrictions) throws -> PolicyImage {
        try PolicyImage(copying: try PolicyCompiler().compile(restrictions, name: "p").image)
    }

    @Test func aWildcardIsDescribedOnceWithItsExceptions() throws {
        let all = Rule(id: "all")
        let old = try Self.image(Self.matcher([:]))
        let new = try Self.image(Self.matcher(["*": all, "stat": Rule(id: "stat")]))
        let difference = PolicyDifference(from: old, to: new)
        #expect(difference.changes.map(\.pathText) == ["os.* and below", "os.stat and below"])
        #expect(
            difference.changes.first?.path == [.name("os"), .any(except: ["stat"])])
        #expect(!difference.isEquivalent)
    }

    @Test func anotherTextIsNoDifference() throws {
        let old = try Self.image(
            Self.matcher(["a": Rule(id: "", message: "one"), "b": Rule(id: "")]))
        let new = try Self.image(
            Self.matcher([
                "a": Rule(id: "", message: "two"),
                "b": Rule(id: "", location: SourceLocation(file: "x.xml", line: 9, column: 1)),
            ]))
        let difference = PolicyDifference(from: old, to: new)
        #expect(difference.isEquivalent)
        #expect(difference.changes.map(\.pathText) == ["os.a and below"])
        #expect(difference.changes.map(\.changesDecision) == [false])
        #expect(difference.comparedCases > 0)
    }

    @Test func versionsThatOneAloneCoversAreADifference() throws {
        let compiler = PolicyCompiler(versions: [PythonVersion(3, 12), PythonVersion(3, 13)])
        let some = try PolicyImage(
            copying: try compiler.compile(SandboxRestrictions(), name: "p").image)
        let difference = PolicyDifference(from: try Self.image(SandboxRestrictions()), to: some)
        #expect(difference.versionsOfOldOnly == [10, 11, 14].map { PythonVersion(3, $0) })
        #expect(difference.versionsOfNewOnly == [])
        #expect(!difference.isEquivalent)
    }
}

/// Asks both policies everything, and compares the answers with a difference.
struct DifferenceAudit {
    let from: PolicyImage
    let to: PolicyImage
    let difference: PolicyDifference
    private(set) var asked = 0
    private(set) var fault: String?

    init(from: PolicyImage, to: PolicyImage, _ difference: PolicyDifference) {
        self.from = from
        self.to = to
        self.difference = difference
    }

    mutating func run(_ paths: [[String]]) throws {
        var changesDecision = false
        for subject in PolicyDifference.Subject.allCases {
            let own = difference.changes.filter { $0.subject == subject }
            for path in paths where subject != .passthrough || !path.isEmpty {
                let described = own.filter { $0.describes(path) }
                guard described.count <= 1 else {
                    fault = "\(path) in \(subject) is described \(described.count) times"
                    return
                }
                for version in RandomLayers.versions {
                    try ask(subject, path, version, described.first, &changesDecision)
                    if fault != nil { return }
                }
            }
        }
        for version in RandomLayers.versions { try askSettings(version) }
        if changesDecision != difference.changes.contains(where: \.changesDecision) {
            fault = "changes beyond the paths that were asked, or none at all"
        }
    }

    private mutating func ask(
        _ subject: PolicyDifference.Subject, _ path: [String], _ version: PythonVersion,
        _ change: PolicyDifference.Change?, _ changesDecision: inout Bool
    ) throws {
        let python = (version.major, version.minor)
        let (old, new) = (
            try from.restrictions(for: python), try to.restrictions(for: python)
        )
        for context in (0..<4).map({ MatchContext(rawValue: $0) }) {
            if subject == .passthrough, context.rawValue > 0 { break }
            asked += 1
            let answers = [old, new].map { Answer($0, subject, path, context) }
            let aspects = (change?.aspects ?? []).filter { aspect in
                aspect.versions.contains(version)
                    && (subject == .passthrough || aspect.contexts.contains(context))
            }
            let place = "\(path) in \(subject), context \(context.rawValue), Python \(version)"
            guard let aspect = aspects.first else {
                if answers[0] != answers[1] { fault = "\(place): \(answers), described as equal" }
                continue
            }
            let said = [Answer(aspect.old), Answer(aspect.new)]
            let decides = answers[0].effect != answers[1].effect
            if aspects.count > 1 || answers[0] == answers[1] || said != answers
                || aspect.changesDecision != decides
            {
                fault = "\(place): \(answers), described as \(said)"
            }
            if decides { changesDecision = true }
        }
    }

    private mutating func askSettings(_ version: PythonVersion) throws {
        let python = (version.major, version.minor)
        let old = try from.restrictions(for: python)
        let new = try to.restrictions(for: python)
        let said = Set(difference.settings.filter { $0.versions.contains(version) }.map(\.name))
        var expected: Set<String> = []
        let flags = old.importNotificationPolicy ^ new.importNotificationPolicy
        if flags & 1 != 0 { expected.insert("warn-on-dynamic-import") }
        if flags & 4 != 0 { expected.insert("raise-on-unintentional-passthrough") }
        if old.lazySysModulesPassthrough != new.lazySysModulesPassthrough {
            expected.insert("lazy-passthrough")
        }
        if said != expected { fault = "settings on \(version): \(said), not \(expected)" }
    }
}

/// One answer of a policy, with everything that an author can tell from another.
private struct Answer: Equatable, CustomStringConvertible {
    var effect = "allow"
    var texts: [String?] = []

    init(_ outcome: PolicyDifference.Outcome) {
        switch outcome {
        case .allowed: break
        case .passedThrough: effect = "passthrough"
        case .restricted(let rule): take(rule)
        }
    }

    init(
        _ restrictions: Restrictions, _ subject: PolicyDifference.Subject, _ path: [String],
        _ context: MatchContext
    ) {
        switch subject {
        case .members: take(restrictions.members, path, context)
        case .modules: take(restrictions.modules, path, context)
        case .passthrough:
            if restrictions.isPassthrough(path.joined(separator: ".")) { effect = "passthrough" }
        }
    }

    private mutating func take(_ matcher: Matcher, _ path: [String], _ context: MatchContext) {
        if let rule = matcher.decide(segments: path, context: context).rule {
            take(matcher.rule(rule))
        }
    }

    private mutating func take(_ rule: RuleRecord) {
        effect = "\(rule.effect.word) \(rule.warningCategory ?? "") \(rule.arguments ?? -1)"
        texts = [rule.id, rule.message]
    }

    var description: String { "\(effect) \(texts.compactMap { $0 })" }
}

extension PolicyDifference.Change {
    /// Whether a path is one of those that the change is about.
    fileprivate func describes(_ names: [String]) -> Bool {
        guard names.count == path.count || coversBelow && names.count > path.count else {
            return false
        }
        return zip(path, names).allSatisfy { segment, name in
            switch segment {
            case .name(let own): own == name
            case .any(let others): !others.contains(name)
            }
        }
    }
}
