internal import PolicyAnalysis
internal import PolicyCompiler
internal import PolicyFormat
internal import PolicyModel
internal import PolicyRuntime
internal import PolicyXML

/// A policy that tests ask, and what they have asked so far.
final class TestedPolicy {
    /// The policy as seen from the current folder.
    let path: String
    let policy: Policy
    let image: PolicyImage
    let run: PolicyTestRun
    private let exceptionUse: ExceptionUse
    private let source: PolicyFile?
    /// The rules that decided as was expected.
    private(set) var rules: Set<RuleID> = []
    /// The exceptions that decided as was expected.
    private(set) var exceptions: Set<Unrestriction> = []

    /// Finds, reads and compiles the policy of a file of tests.
    init(of tests: PolicyTests) throws(CommandError) {
        let path = Self.path(of: tests)
        let reading: PolicyReading
        if let file = try? PolicyFile(path), file.kind == .source {
            source = file
            reading = try file.read()
        } else if let bytes = ShippedPolicy.source(named: tests.policy) {
            source = nil
            do {
                reading = try PolicyReader().read(bytes: bytes, named: tests.policy)
            } catch {
                throw .diagnostics(error)
            }
        } else {
            throw .diagnostics(PolicyError([Self.notFound(tests)]))
        }
        self.path = source == nil ? tests.policy : path
        policy = reading.policy
        if let source { image = try source.image() } else { image = try Self.image(of: policy) }
        run = PolicyTestRun(image)
        exceptionUse = ExceptionUse(policy)
    }

    private static func image(of policy: Policy) throws(CommandError) -> PolicyImage {
        let compiled: CompiledPolicy
        do {
            compiled = try PolicyCompiler().compile(policy)
        } catch {
            throw .diagnostics(error)
        }
        do {
            return try PolicyImage(copying: compiled.image)
        } catch {
            throw .unusableImage(policy.name, error)
        }
    }

    /// The policy as seen from the current folder.
    static func path(of tests: PolicyTests) -> String {
        if tests.policy.hasPrefix("/") { return tests.policy }
        var names = tests.file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        for name in tests.policy.split(separator: "/") where name != "." {
            if name == "..", let last = names.last, last != "..", last != ".", last != "" {
                names.removeLast()
            } else {
                names.append(name)
            }
        }
        return names.joined(separator: "/")
    }

    private static func notFound(_ tests: PolicyTests) -> Diagnostic {
        Diagnostic(
            .error, code: "policy-not-found",
            message: "there is no policy `\(tests.policy)`", at: tests.policyPlace,
            notes: [
                .init(
                    "name one as seen from this file, or one of "
                        + ShippedPolicy.names.map { "`\($0)`" }.joined(separator: ", "))
            ])
    }

    /// Notes what a test that passed has exercised.
    func note(_ test: PolicyTest, rules: Set<RuleID>) {
        self.rules.formUnion(rules)
        guard case .decision(let question, nil, _) = test.expectation else { return }
        exceptions.formUnion(exceptionUse.exceptions(for: question, on: test.condition))
    }

    /// A place in the policy as seen from the current folder.
    func shown(_ location: SourceLocation) -> SourceLocation {
        source?.shown(location) ?? location
    }
}
