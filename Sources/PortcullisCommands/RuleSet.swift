internal import ArgumentParser
internal import PolicyFormat
internal import PolicyModel
internal import PolicyRuntime

/// Which of a policy's two sets of rules.
enum RuleSet: String, ExpressibleByArgument, CaseIterable, Sendable {
    /// What workflow code may not touch.
    case members
    /// What workflow code may not import.
    case modules
}

extension QueryPhase: ExpressibleByArgument {}
extension QueryOperation: ExpressibleByArgument {}

extension PythonVersion {
    /// The newest version that this release knows.
    static var newest: PythonVersion { supported.last ?? PythonVersion(3, 10) }

    /// Reads the value of an option: `3.11`.
    static func option(_ text: String) throws -> PythonVersion {
        guard let version = PythonVersion(text) else {
            throw ValidationError("`\(text)` is not a version of Python such as 3.11")
        }
        return version
    }
}

extension PolicyImage {
    /// The matcher of one set of rules on one version of Python.
    func matcher(
        _ set: RuleSet, for python: PythonVersion, of policy: String
    ) throws(CommandError) -> Matcher {
        do {
            let restrictions = try restrictions(for: (python.major, python.minor))
            switch set {
            case .members: return restrictions.members
            case .modules: return restrictions.modules
            }
        } catch {
            throw .unusableImage(policy, error)
        }
    }
}
