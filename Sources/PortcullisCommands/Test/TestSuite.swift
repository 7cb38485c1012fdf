internal import PolicyAnalysis
internal import PolicyModel
internal import PolicyRuntime
internal import PolicyXML

/// One test and what came of it.
struct TestResult {
    /// What came of a test.
    enum Status {
        /// It holds; the rules that it exercises.
        case passed(Set<RuleID>)
        case failed(Diagnostic)
        case skipped(String)
    }

    var group: String
    var test: PolicyTest
    var status: Status
}

/// The tests of one file and what came of them.
struct TestSuite {
    /// The file of the tests.
    let file: String
    /// The policy that they ask; nil if there is none to ask.
    private(set) var policy: TestedPolicy?
    private(set) var results: [TestResult] = []
    /// What kept the tests from being run.
    private(set) var error: CommandError?

    /// Runs the tests of a file.
    ///
    /// - Parameter policies: The policies that were compiled before, by their paths.
    init(
        file: String, policies: inout [String: TestedPolicy], snippets: SnippetRunner,
        progress: Progress
    ) {
        self.file = file
        do throws(CommandError) {
            let tests = try Self.tests(of: file)
            let path = TestedPolicy.path(of: tests)
            if policies[path] == nil { policies[path] = try TestedPolicy(of: tests) }
            guard let policy = policies[path] else { return }
            self.policy = policy
            for group in tests.groups {
                for test in group.tests {
                    let status = Self.status(test, policy, snippets)
                    if case .passed(let rules) = status { policy.note(test, rules: rules) }
                    results.append(TestResult(group: group.name, test: test, status: status))
                    progress.advance()
                }
            }
        } catch {
            self.error = error
        }
    }

    private static func tests(of file: String) throws(CommandError) -> PolicyTests {
        do {
            return try PolicyTestReader().read(file: file)
        } catch {
            throw .diagnostics(error)
        }
    }

    private static func status(
        _ test: PolicyTest, _ policy: TestedPolicy, _ snippets: SnippetRunner
    ) -> TestResult.Status {
        if case .snippet(let snippet) = test.expectation {
            return snippets.run(test, snippet, policy)
        }
        let outcome = policy.run.run(test)
        return outcome?.fault.map { .failed($0) } ?? .passed(outcome?.rules ?? [])
    }

    /// Everything that is wrong, in the order of the file.
    var diagnostics: [Diagnostic] {
        (error?.diagnostics ?? [])
            + results.compactMap { if case .failed(let fault) = $0.status { fault } else { nil } }
    }

    var passed: Int { results.count { if case .passed = $0.status { true } else { false } } }
    var skipped: Int { results.count { if case .skipped = $0.status { true } else { false } } }
    var failed: Int { results.count - passed - skipped }

    /// The summary for people.
    var summary: String {
        let tests = results.count == 1 ? "1 test" : "\(results.count) tests"
        if passed == results.count { return "\(file): \(tests), all passed" }
        let more = [(failed, "failed"), (skipped, "skipped")].filter { $0.0 > 0 }
            .map { ", \($0.0) \($0.1)" }.joined()
        return "\(file): \(tests), \(passed) passed" + more
    }
}
