internal import PolicyFormat
internal import PolicyModel
internal import PolicyRuntime

struct Proof {
    let parts: [PolicyCompiler.Part]
    let rules: RuleTable

    func run(_ image: [UInt8]) throws(PolicyError) -> Int {
        do {
            _ = try PolicyImage(copying: image)
        } catch {
            throw PolicyError([
                Diagnostic(.error, code: "compiler-bug", message: "\(error.description)")
            ])
        }
        return 0
    }
}
