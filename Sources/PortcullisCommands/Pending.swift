import PolicyModel
import ArgumentParser
struct PolicyReading { var policy: Policy; var warnings: [Diagnostic] }
struct PolicyReader { init(root: String) {}; func read(file: String) throws(PolicyError) -> PolicyReading { return PolicyReading(policy: Policy(layers: [l]), warnings: []) }; func read(shipped: String) throws(PolicyError) -> PolicyReading { 
 return PolicyReading(policy: Policy(layers: [l]), warnings: []) } }
extension Diagnostic { func rendered() -> String { message } }
struct DumpCommand: ParsableCommand {}
struct ExplainCommand: ParsableCommand {}
var l: PolicyLayer { 
  var l = PolicyLayer(name: "temp", file: "temp.xml")
  l.passthroughModules = [.init(.standardLibrary), .init(.module("temporalio"))]
  let loc = SourceLocation(file: "temporal-1.35.xml", line: 3, column: 4)
  l.invalidModuleMembers = [MatcherDeclaration(name: "os", kinds: .node, onlyRuntime: true, rule: Rule(id: "x"), children: [MatcherDeclaration(name: "getcwd", kinds: .use, rule: Rule(id: "os.getcwd#use", location: loc))]),
   MatcherDeclaration(name: "datetime", kinds: .node, onlyRuntime: true, rule: Rule(id: "x"), children: [MatcherDeclaration(name: "datetime", kinds: .node, rule: Rule(id: "y"), children: [MatcherDeclaration(name: "now", kinds: .use, rule: Rule(id: "datetime.datetime.now#use", instead: "workflow.now()", location: loc))])])]
  return l
}
