/// A minor version of Python, for example 3.11.
public struct PythonVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number before the dot.
    public var major: Int
    /// The number after the dot.
    public var minor: Int

    /// Makes a version.
    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads `3.11`, or `3.11.7` with the rest ignored; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let major = Int(parts[0]), let minor = Int(parts[1]),
            major >= 0, minor >= 0, major < 256, minor < 256
        else { return nil }
        self.init(major, minor)
    }

    /// By major, then by minor number.
    public static func < (a: PythonVersion, b: PythonVersion) -> Bool {
        (a.major, a.minor) < (b.major, b.minor)
    }

    /// `3.11`
    public var description: String { "\(major).\(minor)" }

    /// The versions whose standard library this release knows, oldest first.
    public static let supported: [PythonVersion] = (10...14).map { PythonVersion(3, $0) }
}

/// A set of Python versions as a policy file spells it, for example `>=3.10,<3.13`.
public struct PythonVersionCondition: Hashable, Sendable {
    /// How a version is compared.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        case atLeast = ">="
        case atMost = "<="
        case not = "!="
        case equal = "=="
        case above = ">"
        case below = "<"
    }

    /// One comparison.
    public struct Clause: Hashable, Sendable {
        /// How to compare.
        public var comparison: Comparison
        /// What to compare with.
        public var version: PythonVersion

        /// Makes a clause.
        public init(_ comparison: Comparison, _ version: PythonVersion) {
            self.comparison = comparison
            self.version = version
        }
    }

    /// The clauses, all of which must hold; none means every version.
    public var clauses: [Clause]

    /// Makes a condition that holds when every clause does.
    public init(_ clauses: [Clause] = []) {
        self.clauses = clauses
    }

    /// Reads a comma-separated list of comparisons; nil if it is not one.
    public init?(parsing text: String) {
        var clauses: [Clause] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let word = part.filter { $0 != " " }
            guard
                let comparison = Comparison.allCases.first(where: { word.hasPrefix($0.rawValue) }),
                let version = PythonVersion(String(word.dropFirst(comparison.rawValue.count)))
            else { return nil }
            clauses.append(Clause(comparison, version))
        }
        self.init(clauses)
    }

    /// Whether every clause holds for `version`.
    public func contains(_ version: PythonVersion) -> Bool {
        clauses.allSatisfy { clause in
            switch clause.comparison {
            case .atLeast: version >= clause.version
            case .atMost: version <= clause.version
            case .not: version != clause.version
            case .equal: version == clause.version
            case .above: version > clause.version
            case .below: version < clause.version
            }
        }
    }

    /// The versions for which this and `other` hold.
    public func and(_ other: PythonVersionCondition) -> PythonVersionCondition {
        PythonVersionCondition(clauses + other.clauses)
    }
}
