import PolicyCompiler
import PolicyModel
import PolicyRuntime

/// Images that the tests of this target share.
enum TestImages {
    /// A small policy in which every kind of record occurs: mixed outcomes, several roots,
    /// exceptions, wildcards and passed-through modules.
    static func bytes() throws -> [UInt8] {
        var base = PolicyLayer(name: "base", file: "base.xml")
        base.passthroughModules = [
            PassthroughDeclaration(.module("pydantic.main")),
            PassthroughDeclaration(
                .module("tomllib"),
                condition: PythonVersionCondition([.init(.atLeast, PythonVersion(3, 12))])),
        ]
        func rule(_ id: String, _ message: String? = nil) -> Rule {
            Rule(
                id: id, message: message,
                location: SourceLocation(file: "base.xml", line: 3, column: 7))
        }
        base.invalidModules = [
            MatcherDeclaration(name: "requests", kinds: .access, rule: rule("no-requests", "no"))
        ]
        base.invalidModuleMembers = [
            MatcherDeclaration(
                name: "os", kinds: .node, onlyRuntime: true, rule: rule(""),
                children: [
                    MatcherDeclaration(name: "*", kinds: .use, rule: rule("", "not here")),
                    MatcherDeclaration(
                        name: "a_name_that_is_longer_than_eight", kinds: .access, rule: rule("")),
                    MatcherDeclaration(
                        name: "warned", kinds: .matchSelf,
                        rule: Rule(
                            id: "", effect: .warn, warningCategory: "UserWarning", arguments: 2)),
                ], exclusions: [.init("stat"), .init("*")])
        ]
        var top = PolicyLayer(name: "top", file: "top.xml")
        top.invalidModuleMembers = [
            MatcherDeclaration(
                name: "os", kinds: .node, rule: rule(""),
                children: [
                    MatcherDeclaration(
                        name: "a_name_that_is_longer_than_eight", kinds: .use, rule: rule("top"))
                ])
        ]
        top.unrestrictions = [Unrestriction(path: ["os", "getcwd"])]
        return try PolicyCompiler().compile(Policy(layers: [base, top])).image
    }

    /// Paths that lead everywhere in that policy.
    static let paths = [
        "", "os", "os.getcwd", "os.stat", "os.*", "os.warned.x.y", "requests.get", "other", "..",
        "os.a_name_that_is_longer_than_eight", "os.a_name_that_is_longer_than_eighT", "pydantic",
        "pydantic.main.x", "tomllib",
    ]

    /// Asks an image everything that can be asked; the answers, whatever they are.
    static func ask(_ image: PolicyImage) -> [String] {
        var answers: [String] = [image.name]
        for root in 0..<image.rootCount {
            guard let restrictions = image.restrictions(root: root) else { continue }
            for path in paths {
                answers.append("\(restrictions.isPassthrough(path))")
                for matcher in [restrictions.members, restrictions.modules] {
                    for context in 0..<4 {
                        let context = MatchContext(rawValue: UInt8(context))
                        let decision = matcher.decide(dottedPath: path, context: context)
                        let segments = path.split(separator: ".").map(String.init)
                        let other = matcher.decide(segments: segments, context: context)
                        let ids = segments.map { matcher.segmentID($0) }
                        let third = matcher.decide(ids: ids, context: context)
                        let rule = decision.rule.map { matcher.rule($0) }
                        answers.append(
                            "\(path) \(other) \(third) \(rule?.id ?? "") \(rule?.path ?? "") "
                                + "\(rule?.location ?? "") \(rule?.message ?? "") "
                                + "\(rule?.arguments ?? -1)")
                    }
                }
            }
        }
        let index = MatcherIndex(image)
        for state in index.states {
            answers.append("\(index.height(of: state)) \(index.namedSegments(of: state).count)")
        }
        return answers
    }
}
