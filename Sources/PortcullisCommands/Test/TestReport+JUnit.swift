internal import PolicyModel

extension TestReport {
    /// The report as JUnit XML, which CI systems show.
    var junit: String {
        let count = { (number: KeyPath<TestSuite, Int>) in suites.map { $0[keyPath: number] } }
        let errors = suites.count { $0.error != nil }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites name=\"portcullis\""
        text += " tests=\"\(count(\.results.count).reduce(0, +))\""
        text += " failures=\"\(count(\.failed).reduce(0, +))\" errors=\"\(errors)\""
        text += " skipped=\"\(count(\.skipped).reduce(0, +))\">\n"
        for suite in suites { text += suite.junit }
        for coverage in coverages { text += junit(coverage) }
        return text + "</testsuites>\n"
    }

    /// Coverage as one test, which fails below the threshold.
    private func junit(_ coverage: PolicyCoverage) -> String {
        let isBelow = threshold.map { coverage.permille < $0 * 10 } ?? false
        let name = TestSuite.quoted("coverage of \(coverage.policy)")
        var text = "  <testsuite name=\(name) tests=\"1\" failures=\"\(isBelow ? 1 : 0)\">\n"
        text += "    <testcase name=\"coverage\" classname=\(name)>"
        if isBelow {
            let lines = [coverage.summary] + coverage.diagnostics.map { $0.rendered() }
            text += "<failure message=\(TestSuite.quoted(coverage.summary))>"
            text += TestSuite.escaped(lines.joined(separator: "\n")) + "</failure>"
        }
        return text + "</testcase>\n  </testsuite>\n"
    }
}

extension TestSuite {
    fileprivate var junit: String {
        var text = "  <testsuite name=\(Self.quoted(file)) tests=\"\(results.count)\""
        text +=
            " failures=\"\(failed)\" errors=\"\(error == nil ? 0 : 1)\" skipped=\"\(skipped)\">\n"
        if let error {
            let lines = diagnostics.map { $0.rendered() } + [error.message]
            text += "    <testcase name=\"reading\" classname=\(Self.quoted(file))>"
            text += "<error message=\(Self.quoted(error.message))>"
            text += Self.escaped(lines.joined(separator: "\n")) + "</error></testcase>\n"
        }
        for result in results {
            let group = result.group.isEmpty ? file : result.group
            text += "    <testcase name=\(Self.quoted(result.test.name))"
            text += " classname=\(Self.quoted(group)) file=\(Self.quoted(file))"
            text += " line=\"\(result.test.place.location.line)\""
            switch result.status {
            case .passed: text += "/>\n"
            case .failed(let fault):
                text += "><failure message=\(Self.quoted(fault.message)) type=\"\(fault.code)\">"
                text += Self.escaped(fault.rendered()) + "</failure></testcase>\n"
            case .skipped(let reason):
                text += "><skipped message=\(Self.quoted(reason))/></testcase>\n"
            }
        }
        return text + "  </testsuite>\n"
    }

    fileprivate static func quoted(_ text: String) -> String {
        "\"" + escaped(text).replacing("\"", with: "&quot;").replacing("\n", with: "&#10;") + "\""
    }

    /// Text as XML; characters that XML does not have are replaced.
    fileprivate static func escaped(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": scalars += "&amp;".unicodeScalars
            case "<": scalars += "&lt;".unicodeScalars
            case ">": scalars += "&gt;".unicodeScalars
            case "\n", "\t": scalars.append(scalar)
            default:
                let isCharacter =
                    scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF
                scalars.append(isCharacter ? scalar : "\u{FFFD}")
            }
        }
        return String(scalars)
    }
}
