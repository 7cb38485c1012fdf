import PolicyModel
import ArgumentParser
struct PolicyReading { var policy: Policy; var warnings: [Diagnostic] }
struct PolicyReader {
    init(root: String) {};
    func read(file: String) throws(PolicyError) -> PolicyReading { throw PolicyError([]) }
}
struct CompiledPolicy { var image: [UInt8]; var warnings: [Diagnostic]; var statistics: Statistics }
struct Statistics { var rows: [(String, Int)] = [] }
struct PolicyCompiler {
    func compile(_ p: Policy) throws(PolicyError) -> CompiledPolicy { throw PolicyError([]) }
}
extension Diagnostic { func rendered() -> String { message } }
struct DumpCommand: ParsableCommand {}
struct ExplainCommand: ParsableCommand {}
struct RunCommand: ParsableCommand {}
