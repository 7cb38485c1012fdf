/// A minor version of Python in two bytes, ordered as versions are.
package struct PackedVersion: Equatable, Comparable, Sendable {
    /// The major version in the upper, the minor version in the lower byte.
    package var rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Packs a version; numbers beyond a byte are cut to the largest one, which no image covers.
    package init(major: Int, minor: Int) {
        let major = UInt16(clamping: Swift.min(Swift.max(major, 0), 255))
        let minor = UInt16(clamping: Swift.min(Swift.max(minor, 0), 255))
        rawValue = major << 8 | minor
    }

    package var major: Int { Int(rawValue >> 8) }
    package var minor: Int { Int(rawValue & 0xFF) }
    /// `3.11`
    package var text: String { "\(major).\(minor)" }

    package static func < (a: PackedVersion, b: PackedVersion) -> Bool { a.rawValue < b.rawValue }
}
