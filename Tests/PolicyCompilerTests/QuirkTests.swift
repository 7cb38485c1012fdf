import PolicyCompiler
import PolicyModel
import PolicyRuntime
import Testing

/// One test a peculiarity of temporalio's matcher that decides something; each was asserted by
/// running temporalio.
@Suite struct QuirkTests {
    private func rule(_ id: String = "r", _ message: String? = nil) -> Rule {
        Rule(id: id, message: message)
    }

    private func matcher(_ matcher: SandboxMatcher) throws -> Matcher {
        let compiled = try PolicyCompiler().compile(
            SandboxRestrictions(invalidModuleMembers: matcher), name: "quirk")
        return try PolicyImage(copying: compiled.image).restrictions(for: (3, 11)).members
    }

    private func denies(
        _ matcher: Matcher, _ path: [String], _ context: MatchContext = .runtimeAccess
    ) -> Bool {
        !matcher.decide(segments: path, context: context).isAllowed
    }

    @Test func aMatchOnAnyPrefixMatches() throws {
        let made = try matcher(SandboxMatcher(access: ["a": rule()]))
        #expect(denies(made, ["a"]) && denies(made, ["a", "b"]) && denies(made, ["a", "b", "c"]))
        #expect(!denies(made, ["ab"]) && !denies(made, ["b", "a"]))
    }

    @Test func theEmptyPathMatchesByItselfOnly() throws {
        #expect(!denies(try matcher(SandboxMatcher(access: ["*": rule()])), []))
        #expect(denies(try matcher(SandboxMatcher(matchSelf: rule())), []))
        #expect(denies(try matcher(SandboxMatcher(matchSelf: rule())), ["x"]))
    }

    @Test func useMattersForUsesOnly() throws {
        let made = try matcher(SandboxMatcher(use: ["a": rule()]))
        #expect(!denies(made, ["a"]) && denies(made, ["a"], .importUse))
        #expect(!denies(made, ["a", "b"]) && denies(made, ["a", "b"], .runtimeUse))
    }

    @Test func theStarIsALiteralNameToo() throws {
        let made = try matcher(
            SandboxMatcher(children: ["*": SandboxMatcher(access: ["x": rule()])]))
        #expect(denies(made, ["*", "x"]) && denies(made, ["anything", "x"]))
        #expect(!denies(made, ["*", "*"]))
    }

    @Test func excludeKnowsNoWildcard() throws {
        let made = try matcher(SandboxMatcher(access: ["*": rule()], exclude: ["*": nil]))
        #expect(!denies(made, ["*"]) && denies(made, ["a"]))
    }

    @Test func excludeComesFirstAndIsNotInherited() throws {
        let made = try matcher(
            SandboxMatcher(
                access: ["x": rule()], children: ["y": SandboxMatcher(access: ["x": rule()])],
                matchSelf: rule("self"), exclude: ["x": nil, "y": nil]))
        #expect(!denies(made, ["x"]) && !denies(made, ["y", "x"]) && denies(made, ["z"]))
        let below = try matcher(
            SandboxMatcher(
                children: ["y": SandboxMatcher(access: ["x": rule()])], exclude: ["x": nil]))
        #expect(denies(below, ["y", "x"]))
    }

    @Test func aNameOfItsOwnShadowsTheWildcardChild() throws {
        let made = try matcher(
            SandboxMatcher(children: [
                "*": SandboxMatcher(access: ["x": rule()]), "a": SandboxMatcher(),
            ]))
        #expect(!denies(made, ["a", "x"]) && denies(made, ["b", "x"]))
    }

    @Test func anEmptyChildDoesNotExemptFromTheParentsOwnWildcard() throws {
        let made = try matcher(
            SandboxMatcher(use: ["*": rule()], children: ["path": SandboxMatcher()]))
        #expect(denies(made, ["path"], .runtimeUse))
        #expect(denies(made, ["path", "join"], .runtimeUse))
        #expect(!denies(made, ["path", "join"], .runtimeAccess))
    }

    @Test func oneRuntimeOnlyNodeOnTheWayIsEnough() throws {
        let made = try matcher(
            SandboxMatcher(children: [
                "a": SandboxMatcher(
                    children: ["b": SandboxMatcher(access: ["c": rule()])], onlyRuntime: true)
            ]))
        #expect(denies(made, ["a", "b", "c"], .runtimeAccess))
        #expect(!denies(made, ["a", "b", "c"], .importAccess))
    }

    @Test func anEmptyMessageIsNone() throws {
        let made = try matcher(
            SandboxMatcher(children: ["a": SandboxMatcher(matchSelf: rule("r", ""))]))
        let rule = try #require(made.decide(segments: ["a"], context: .runtimeUse).rule)
        #expect(made.rule(rule).message == nil)
    }

    @Test func theParentsOwnListHidesALeafsMessage() throws {
        let leaf = SandboxMatcher(matchSelf: rule("leaf", "told"))
        let listed = try matcher(SandboxMatcher(access: ["a": rule("list")], children: ["a": leaf]))
        let hidden = try #require(listed.decide(segments: ["a"], context: .importAccess).rule)
        #expect(listed.rule(hidden).message == nil)
        let used = try matcher(SandboxMatcher(use: ["a": rule("list")], children: ["a": leaf]))
        let shown = try #require(used.decide(segments: ["a"], context: .importAccess).rule)
        #expect(used.rule(shown).message == "told")
        let other = try #require(used.decide(segments: ["a"], context: .importUse).rule)
        #expect(used.rule(other).id == "list")
    }

    @Test(arguments: [
        ("a", "a", true), ("a", "a.b", true), ("a", "ab", false), ("", ".x", true), ("", "", true),
        ("", "x", false), ("a.b", "a", false), ("a.b", "a.b.c", true), ("a.", "a", false),
        ("a.", "a.", true), ("a.", "a..b", true), ("a", "*", false), ("*", "a", false),
        ("*", "*.a", true),
    ])
    func passthroughIsByExactNameOrDottedPrefix(
        listed: String, asked: String, expected: Bool
    ) throws {
        let compiled = try PolicyCompiler().compile(
            SandboxRestrictions(passthroughModules: [listed]), name: "passthrough")
        let image = try PolicyImage(copying: compiled.image)
        #expect(try image.restrictions(for: (3, 10)).isPassthrough(asked) == expected)
    }
}
