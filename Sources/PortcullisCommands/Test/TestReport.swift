internal import PolicyModel

/// What came of all tests, and how much of the policies they exercise.
struct TestReport {
    var suites: [TestSuite]
    var coverages: [PolicyCoverage]
    var threshold: Int?
    /// Why no Python code was run, if some should have been.
    var pythonFault: String?

    /// How the command ends; nil: all is well.
    var status: ExitStatus? {
        let errors = suites.compactMap(\.error?.status)
        if errors.contains(.environment) { return .environment }
        let isWrong = !errors.isEmpty || suites.contains { $0.failed > 0 } || !isCovered
        return isWrong ? .diagnostics : nil
    }

    private var isCovered: Bool { coverages.allSatisfy { !isBelow($0) } }

    private func isBelow(_ coverage: PolicyCoverage) -> Bool {
        threshold.map { coverage.permille < $0 * 10 } ?? false
    }

    /// Everything that was found, for renderers that know nothing of tests.
    var diagnosticReport: DiagnosticReport {
        DiagnosticReport(
            diagnostics: suites.flatMap(\.diagnostics) + coverages.flatMap(\.diagnostics),
            failures: suites.compactMap(\.error).filter(\.diagnostics.isEmpty))
    }

    // MARK: - For people

    /// Prints results on standard output and faults on standard error.
    func print() {
        for suite in suites {
            if let error = suite.error {
                error.report(named: suite.file)
                continue
            }
            for diagnostic in suite.diagnostics { StandardStream.error.write(diagnostic) }
            StandardStream.output.write(suite.summary + "\n")
        }
        if let pythonFault {
            StandardStream.error.write("portcullis: Python code was skipped: \(pythonFault)\n")
        }
        for coverage in coverages {
            for diagnostic in coverage.diagnostics { StandardStream.error.write(diagnostic) }
            StandardStream.output.write(coverage.summary + "\n")
            if let threshold, isBelow(coverage) {
                StandardStream.error.write(
                    "portcullis: the coverage of `\(coverage.policy)` is below \(threshold) %\n")
            }
        }
    }

    // MARK: - For programs

    var json: JSONValue {
        var members: [(String, JSONValue)] = [("files", .array(suites.map(\.json)))]
        if !coverages.isEmpty {
            members.append(("coverage", .array(coverages.map(\.json))))
        }
        members.append(("diagnostics", .array(diagnosticReport.diagnostics.map(\.json))))
        return .object(members)
    }
}

extension TestSuite {
    fileprivate var json: JSONValue {
        var members: [(String, JSONValue)] = [("file", .string(file))]
        if let policy { members.append(("policy", .string(policy.path))) }
        members += [
            ("passed", .integer(passed)), ("failed", .integer(failed)),
            ("skipped", .integer(skipped)), ("tests", .array(results.map(\.json))),
        ]
        if let error { members.append(("error", error.jsonFault)) }
        return .object(members)
    }
}

extension TestResult {
    fileprivate var json: JSONValue {
        var members: [(String, JSONValue)] = []
        if !group.isEmpty { members.append(("group", .string(group))) }
        members += [
            ("name", .string(test.name)), ("line", .integer(test.place.location.line)),
        ]
        switch status {
        case .passed: members.append(("status", .string("passed")))
        case .failed(let fault):
            members += [("status", .string("failed")), ("message", .string(fault.message))]
        case .skipped(let reason):
            members += [("status", .string("skipped")), ("message", .string(reason))]
        }
        return .object(members)
    }
}
