/// A release line of Python, for example 3.11.
struct PythonRelease: Comparable, Sendable, CustomStringConvertible {
    /// The first that is supported.
    static let first = PythonRelease(major: 3, minor: 10)

    var major: Int
    var minor: Int

    static func < (a: PythonRelease, b: PythonRelease) -> Bool {
        (a.major, a.minor) < (b.major, b.minor)
    }

    var description: String { "\(major).\(minor)" }
}
