import PolicyCompiler
import PolicyModel
import PolicyRuntime
import Testing

@Test func smoke() throws {
    let matcher = SandboxMatcher(
        children: [
            "os": SandboxMatcher(
                use: ["*": Rule(id: "")], onlyRuntime: true, exclude: ["stat": nil]),
            "datetime": SandboxMatcher(children: [
                "date": SandboxMatcher(use: ["today": Rule(id: "today", message: "no")])
            ]),
        ])
    let compiled = try PolicyCompiler().compile(
        SandboxRestrictions(invalidModuleMembers: matcher, passthroughModules: ["a.b", "c"]),
        name: "smoke")
    let image = try PolicyImage(copying: compiled.image)
    let members = try image.restrictions(for: (3, 11)).members
    #expect(members.decide(dottedPath: "os.getcwd", context: .runtimeUse).rule != nil)
    #expect(members.decide(dottedPath: "os.stat", context: .runtimeUse).isAllowed)
    #expect(members.decide(dottedPath: "os.getcwd", context: .importUse).isAllowed)
    #expect(members.decide(dottedPath: "os.getcwd", context: .runtimeAccess).isAllowed)
    let rule = members.decide(dottedPath: "datetime.date.today.x", context: .importUse).rule
    #expect(rule.map { members.rule($0).id } == "today")
    #expect(try image.restrictions(for: (3, 12)).isPassthrough("c.d"))
    #expect(try !image.restrictions(for: (3, 12)).isPassthrough("a"))
    print(compiled.statistics)
}
