internal import PolicyFormat
internal import PolicyModel

struct RestrictionCheck {
    let parts: [PolicyCompiler.Part]

    func run() throws(PolicyError) -> [Diagnostic] { [] }

    static func checkLimits(
        rules: Int, names: Int, cells: Int, outcomes: Int
    ) throws(PolicyError) {}
}
