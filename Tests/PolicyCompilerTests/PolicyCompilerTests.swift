import PolicyCompiler
import PolicyModel
import PolicyRuntime
import PolicyXML
import Testing

@Suite struct PolicyCompilerTests {
    private typealias Place = PolicyModel.SourceLocation

    private func faults(_ restrictions: SandboxRestrictions) -> [Diagnostic] {
        do {
            _ = try PolicyCompiler().compile(restrictions, name: "faulty")
            return []
        } catch {
            return error.diagnostics
        }
    }

    private func rule(_ id: String = "", line: Int = 1) -> Rule {
        Rule(id: id, location: Place(file: "p.xml", line: line, column: 9))
    }

    @Test func aSectionMatchesEverythingButWhatItExcludes() throws {
        let text = """
            <sandbox-restrictions xmlns="urn:portcullis:sandbox-restrictions:1" name="x">
              <invalid-modules only="runtime"><module name="requests"/></invalid-modules>
              <invalid-module-members match="self" message="m">
                <exclude name="json"/>
                <when python=">=3.12"><exclude name="os"/></when>
              </invalid-module-members>
            </sandbox-restrictions>
            """
        let reading = try PolicyReader().read(bytes: Array(text.utf8), named: "x.xml")
        let image = try PolicyImage(
            copying: try PolicyCompiler().compile(reading.policy).image)
        for (minor, isFree) in [(11, false), (12, true)] {
            let restrictions = try image.restrictions(for: (3, minor))
            func decide(_ path: String, _ context: MatchContext) -> RuleRecord? {
                restrictions.members.decide(dottedPath: path, context: context)
                    .rule.map { restrictions.rule($0) }
            }
            #expect(decide("anything.below", .importAccess)?.message == "m")
            #expect(decide("anything", .runtimeUse)?.id == "#self")
            #expect(decide("json.loads", .runtimeUse) == nil)
            #expect((decide("os.getcwd", .runtimeUse) == nil) == isFree)
            let modules = restrictions.modules
            #expect(modules.decide(dottedPath: "requests", context: .importAccess).isAllowed)
            #expect(!modules.decide(dottedPath: "requests", context: .runtimeAccess).isAllowed)
        }
    }

    @Test func theDefaultPolicyCompilesTheSameEachTime() throws {
        let reading = try PolicyReader().read(
            bytes: try #require(ShippedPolicy.source(named: "default.xml")), named: "default.xml")
        let first = try PolicyCompiler().compile(reading.policy)
        let second = try PolicyCompiler().compile(reading.policy)
        #expect(first.image == second.image)
        #expect(first.statistics.provenCases > 10_000)
        let image = try PolicyImage(copying: first.image)
        for version in PythonVersion.supported {
            let restrictions = try image.restrictions(for: (version.major, version.minor))
            let now = restrictions.members.decide(
                dottedPath: "datetime.datetime.now", context: .runtimeUse)
            let rule = try #require(now.rule.map { restrictions.rule($0) })
            #expect(rule.location?.contains(".xml:") == true)
            #expect(restrictions.isPassthrough("asyncio.tasks"))
            #expect(!restrictions.isPassthrough("requests"))
            #expect(restrictions.isPassthrough("tomllib") == (version >= PythonVersion(3, 11)))
        }
    }

    @Test func anExceptionThatChangesNothingIsAnErrorWithASuggestion() throws {
        let members = SandboxMatcher(children: [
            "datetime": SandboxMatcher(children: ["date": SandboxMatcher(use: ["today": rule()])])
        ])
        func layered(_ path: [String]) -> SandboxRestrictions {
            SandboxRestrictions(layers: [
                .init(invalidModuleMembers: members),
                .init(unrestrictions: [
                    Unrestriction(path: path, location: Place(file: "p.xml", line: 7, column: 3))
                ]),
            ])
        }
        let found = faults(layered(["datetime", "date", "todya"]))
        #expect(found.map(\.code) == ["unrestrict-changes-nothing"])
        #expect(found.first?.location == Place(file: "p.xml", line: 7, column: 3))
        #expect(found.first?.notes.map(\.message) == ["did you mean `datetime.date.today`?"])
        #expect(faults(layered(["datetime", "date", "today"])).isEmpty)
        #expect(faults(layered(["datetime", "date", "today", "x"])).isEmpty)
        #expect(faults(layered(["datetime"])).isEmpty)
        #expect(faults(layered(["datetime", "*"])).map(\.code).contains("unrestrict-wildcard"))
    }

    @Test func anExceptionWorksUnderAWildcardAndForExactlyItsPath() throws {
        let compiled = try PolicyCompiler().compile(
            SandboxRestrictions(layers: [
                .init(
                    invalidModuleMembers: SandboxMatcher(children: [
                        "os": SandboxMatcher(use: ["*": rule()], exclude: ["stat": nil])
                    ])),
                .init(unrestrictions: [Unrestriction(path: ["os", "path", "join"])]),
            ]), name: "layers")
        let members = try PolicyImage(copying: compiled.image).restrictions(for: (3, 11)).members
        let context = MatchContext.runtimeUse
        #expect(members.decide(dottedPath: "os.path.join", context: context).isAllowed)
        #expect(members.decide(dottedPath: "os.path.join.x", context: context).isAllowed)
        #expect(!members.decide(dottedPath: "os.path", context: context).isAllowed)
        #expect(!members.decide(dottedPath: "os.path.isfile", context: context).isAllowed)
        #expect(members.decide(dottedPath: "os.stat", context: context).isAllowed)
    }

    @Test func warningCategoriesMustExist() {
        var bad = rule(line: 4)
        bad.effect = .warn
        bad.warningCategory = "UserWarnin"
        let found = faults(SandboxRestrictions(invalidModuleMembers: .init(access: ["a": bad])))
        #expect(found.map(\.code) == ["unknown-warning-category"])
        #expect(found.first?.location?.line == 4)
        #expect(found.first?.notes.map(\.message) == ["did you mean `UserWarning`?"])
    }

    @Test(arguments: [nil, 0, 1, 64])
    func theArgumentsOfARuleAreInTheImage(_ arguments: Int?) throws {
        var limited = rule(line: 4)
        limited.arguments = arguments
        let compiled = try PolicyCompiler().compile(
            SandboxRestrictions(
                invalidModuleMembers: .init(children: ["time": .init(use: ["gmtime": limited])])),
            name: "arguments")
        let members = try PolicyImage(copying: compiled.image).restrictions(for: (3, 12)).members
        let decision = members.decide(dottedPath: "time.gmtime", context: .runtimeUse)
        let record = try #require(decision.rule.map { members.rule($0) })
        #expect(record.arguments == arguments)
        #expect(record.effect == .deny)
        #expect(record.id == "time.gmtime#use")
    }

    @Test func theAccessOfANameHasNoArguments() throws {
        var limited = rule()
        limited.arguments = 0
        var layer = PolicyLayer(name: "x", file: "x.xml")
        layer.invalidModuleMembers = [
            MatcherDeclaration(
                name: "time", kinds: .node, rule: rule(),
                children: [
                    MatcherDeclaration(name: "gmtime", kinds: [.access, .use], rule: limited)
                ])
        ]
        let resolved = PolicyCompiler.resolve(Policy(layers: [layer]), on: PythonVersion(3, 12))
        let time = try #require(resolved.layers.first?.invalidModuleMembers.children["time"])
        #expect(time.access["gmtime"]?.arguments == nil)
        #expect(time.use["gmtime"]?.arguments == 0)
        #expect(time.use["gmtime"]?.id == "time.gmtime#use")
    }

    @Test(arguments: [-1, 65]) func argumentsHaveLimits(_ arguments: Int) {
        var bad = rule(line: 4)
        bad.arguments = arguments
        let found = faults(SandboxRestrictions(invalidModuleMembers: .init(use: ["a": bad])))
        #expect(found.map(\.code) == ["bad-arguments"])
        #expect(found.first?.location?.line == 4)
    }

    @Test func limitsAreNamedWithTheirPlace() {
        let long = String(repeating: "n", count: 300)
        let name = faults(
            SandboxRestrictions(invalidModuleMembers: .init(access: [long: rule(line: 5)])))
        #expect(name.map(\.code) == ["name-too-long"])
        #expect(name.first?.location?.line == 5)
        var deep = SandboxMatcher(access: ["x": rule(line: 6)])
        for _ in 0..<200 { deep = SandboxMatcher(children: ["x": deep]) }
        let depth = faults(SandboxRestrictions(invalidModuleMembers: deep))
        #expect(depth.map(\.code) == ["path-too-deep"])
        var text = rule(line: 8)
        text.message = String(repeating: "m", count: 70_000)
        let message = faults(SandboxRestrictions(invalidModuleMembers: .init(use: ["a": text])))
        #expect(message.map(\.code) == ["text-too-long"])
        #expect(message.first?.location?.line == 8)
    }

    @Test func aDeepPolicyWithinTheLimitCompiles() throws {
        var deep = SandboxMatcher(access: ["x": rule()])
        for _ in 0..<127 { deep = SandboxMatcher(children: ["x": deep]) }
        let compiled = try PolicyCompiler().compile(
            SandboxRestrictions(invalidModuleMembers: deep), name: "deep")
        let members = try PolicyImage(copying: compiled.image).restrictions(for: (3, 11)).members
        let path = [String](repeating: "x", count: 128)
        #expect(!members.decide(segments: path, context: .importAccess).isAllowed)
        #expect(members.decide(segments: path.dropLast(), context: .importAccess).isAllowed)
    }

    @Test func conditionsMakeRangesAndEqualVersionsShareOne() throws {
        var layer = PolicyLayer(name: "conditions", file: "c.xml")
        layer.invalidModuleMembers = [
            MatcherDeclaration(
                name: "os", kinds: .access, rule: rule(),
                condition: PythonVersionCondition([.init(.atLeast, PythonVersion(3, 13))]))
        ]
        layer.importNotificationPolicy = [
            ImportNotificationDeclaration(.raiseOnUnintentionalPassthrough, true)
        ]
        layer.lazySysModulesPassthrough = false
        let compiled = try PolicyCompiler().compile(Policy(layers: [layer]))
        #expect(compiled.statistics.roots == 2)
        let image = try PolicyImage(copying: compiled.image)
        for version in PythonVersion.supported {
            let restrictions = try image.restrictions(for: (version.major, version.minor))
            let isDenied = !restrictions.members.decide(dottedPath: "os", context: .importAccess)
                .isAllowed
            #expect(isDenied == (version >= PythonVersion(3, 13)))
            #expect(restrictions.importNotificationPolicy == 5)
            #expect(!restrictions.lazySysModulesPassthrough)
        }
    }

    @Test func derivedIDsSpellPathAndKind() throws {
        let restrictions = SandboxRestrictions(
            invalidModuleMembers: SandboxMatcher(children: [
                "os": SandboxMatcher(
                    access: ["name": rule()], use: ["*": rule()],
                    children: ["x": SandboxMatcher(matchSelf: rule("own"))])
            ]))
        let image = try PolicyImage(
            copying: try PolicyCompiler().compile(restrictions, name: "ids").image)
        let members = try image.restrictions(for: (3, 11)).members
        func id(_ path: String, _ context: MatchContext) -> String? {
            members.decide(dottedPath: path, context: context).rule.map { members.rule($0).id }
        }
        #expect(id("os.name", .importAccess) == "os.name#access")
        #expect(id("os.anything", .importUse) == "os.*#use")
        #expect(id("os.x", .importAccess) == "own")
    }

    @Test func noVersionIsAnError() {
        #expect(throws: PolicyError.self) {
            try PolicyCompiler(versions: []).compile(SandboxRestrictions(), name: "none")
        }
    }
}
