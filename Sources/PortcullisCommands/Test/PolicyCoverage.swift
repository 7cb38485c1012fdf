internal import PolicyAnalysis
internal import PolicyModel
internal import PolicyRuntime

/// How much of a policy its tests exercise.
///
/// What counts are the rules that decide about some path, and the exceptions, of the policy's own
/// file; those of the policies that it extends have tests of their own.
struct PolicyCoverage {
    /// How many there are, and how many of them are exercised.
    struct Count {
        var total = 0
        var exercised = 0
    }

    let policy: String
    private(set) var rules = Count()
    private(set) var exceptions = Count()
    /// A warning for everything that no test exercises.
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter all: Whether to count also what is written in the policies that it extends.
    init(_ tested: TestedPolicy, all: Bool) {
        policy = tested.path
        let counted = all ? tested.policy.layers : tested.policy.layers.suffix(1)
        let places = Set(counted.flatMap(Self.ruleLocations))
        for (id, example) in RuleReach(tested.image).examples {
            guard let rule = tested.run.names[id], let location = rule.sourceLocation,
                places.contains(location)
            else { continue }
            rules.total += 1
            if tested.rules.contains(id) {
                rules.exercised += 1
                continue
            }
            diagnostics.append(
                Diagnostic(
                    .warning, code: "rule-not-exercised",
                    message: "no test exercises the rule `\(rule.id)`",
                    at: tested.shown(location),
                    notes: [.init("it decides about \(example.shown)")]))
        }
        for exception in counted.flatMap(\.unrestrictions) { count(exception, tested) }
        diagnostics.sort()
    }

    /// Where the rules of a layer are written.
    private static func ruleLocations(of layer: PolicyLayer) -> [SourceLocation] {
        var locations: [SourceLocation] = []
        var pending = layer.invalidModules + layer.invalidModuleMembers
        while let declaration = pending.popLast() {
            if let location = declaration.rule.location { locations.append(location) }
            pending += declaration.children
        }
        return locations
    }

    private mutating func count(_ exception: Unrestriction, _ tested: TestedPolicy) {
        exceptions.total += 1
        if tested.exceptions.contains(exception) {
            exceptions.exercised += 1
            return
        }
        let path = exception.path.joined(separator: ".")
        diagnostics.append(
            Diagnostic(
                .warning, code: "exception-not-exercised",
                message: "no test exercises the exception `\(path)`",
                at: exception.location.map(tested.shown),
                notes: [.init("expect a path at or below `\(path)` to be allowed")]))
    }

    /// Tenths of a per cent, rounded down: it is 1000 only if nothing is left out.
    var permille: Int {
        let total = rules.total + exceptions.total
        return total == 0 ? 1000 : (rules.exercised + exceptions.exercised) * 1000 / total
    }

    /// `98.3`
    var percent: String { "\(permille / 10).\(permille % 10)" }

    /// The summary for people.
    var summary: String {
        "coverage of \(policy): \(rules.exercised) of \(rules.total) rules, "
            + "\(exceptions.exercised) of \(exceptions.total) exceptions, \(percent) %"
    }

    var json: JSONValue {
        func count(_ count: Count) -> JSONValue {
            .object([("total", .integer(count.total)), ("exercised", .integer(count.exercised))])
        }
        return .object([
            ("policy", .string(policy)), ("rules", count(rules)),
            ("exceptions", count(exceptions)), ("percent", .raw(percent)),
        ])
    }
}
