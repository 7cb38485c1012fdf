import PolicyAnalysis
import PolicyRuntime
import Testing

@Suite struct ExplanationTests {
    private func explain(_ path: String, _ context: MatchContext) throws -> Explanation {
        let members = try DisassemblyTests.smallPolicy().restrictions(for: (3, 12)).members
        return Explanation(
            members, path: path.split(separator: ".").map(String.init), context: context)
    }

    @Test func aDeniedUseNamesRulePlaceAndRemedies() throws {
        let explanation = try explain("datetime.date.today", .runtimeUse)
        #expect(explanation.rule?.id == "datetime.date.today#use")
        #expect(explanation.steps.map(\.way) == [.named, .named, .named])
        #expect(explanation.text.contains("written at small.xml:8:5"))
        #expect(explanation.remedies.first == "write `workflow.now()` instead")
        #expect(
            explanation.remedies.contains {
                $0.contains("<unrestrict path=\"datetime.date.today\"")
            })
        #expect(explanation.remedies.contains("only using it is restricted, reading it is not"))
    }

    @Test func aRuleForSomeCallsSaysForWhich() throws {
        let explanation = try explain("time.strftime", .runtimeUse)
        #expect(explanation.rule?.arguments == 1)
        #expect(explanation.text.contains("    holds for calls with at most 1 argument\n"))
        #expect(explanation.remedies.contains("call it with more than 1 argument"))
        let other = try explain("os.listdir", .runtimeUse)
        #expect(!other.text.contains("argument"))
    }

    @Test func aWildcardIsTold() throws {
        let explanation = try explain("os.listdir", .runtimeUse)
        #expect(explanation.steps.map(\.way) == [.named, .wildcard])
        #expect(
            explanation.remedies.contains("it is restricted at run time only, not while importing"))
    }

    @Test(arguments: ["os.getcwd", "os.stat"])
    func anExceptionIsNamedAndAllowed(path: String) throws {
        let explanation = try explain(path, .runtimeUse)
        #expect(explanation.decision == .allow)
        #expect(explanation.steps.map(\.way) == [.named, .named])
        #expect(explanation.remedies.isEmpty)
    }

    @Test func whatIsNotMentionedIsAllowed() throws {
        let explanation = try explain("json.dumps", .runtimeUse)
        #expect(explanation.steps.map(\.way) == [.unknown])
        #expect(explanation.text.contains("not mentioned, nothing matches here or below"))
    }

    @Test func aWarningIsNoDenial() throws {
        let explanation = try explain("asyncio.wait", .importAccess)
        #expect(
            explanation.text.hasPrefix(
                "asyncio.wait (import access): allowed with a warning (UserWarning)"))
    }
}
