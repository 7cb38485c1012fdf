public import PolicyFormat

/// What holds on one version of Python.
public struct Restrictions: Sendable {
    /// Decides about members of modules: what workflow code touches.
    public let members: Matcher
    /// Decides about modules: what workflow code imports.
    public let modules: Matcher
    /// Matches the modules that are passed through.
    package let passthrough: Matcher
    /// The first version with the same restrictions.
    public let firstVersion: (major: Int, minor: Int)
    /// The last version with the same restrictions.
    public let lastVersion: (major: Int, minor: Int)
    /// Whether every module is passed through.
    public let passesAllThrough: Bool
    /// 1 to warn on dynamic imports, 2 to warn on and 4 to forbid unintentional passthrough.
    public let importNotificationPolicy: UInt8
    /// Whether a module that the host has imported appears in the sandbox's `sys.modules` on demand.
    public let lazySysModulesPassthrough: Bool

    init(image: PolicyImage, root index: Int) {
        // The verifier proved that each root has its six words.
        func word(_ number: Int) -> UInt32 {
            unsafe UInt32(littleEndian: image.tables.roots[index * 6 + number])
        }
        let first = PackedVersion(rawValue: UInt16(truncatingIfNeeded: word(0)))
        let last = PackedVersion(rawValue: UInt16(truncatingIfNeeded: word(0) >> 16))
        firstVersion = (first.major, first.minor)
        lastVersion = (last.major, last.minor)
        passesAllThrough = word(1) & RootFlags.passesAllThrough != 0
        lazySysModulesPassthrough = word(1) & RootFlags.lazySysModules != 0
        importNotificationPolicy = UInt8(truncatingIfNeeded: word(1) >> RootFlags.notificationShift)
        members = Matcher(image: image, root: State(rawValue: word(2)))
        modules = Matcher(image: image, root: State(rawValue: word(3)))
        passthrough = Matcher(image: image, root: State(rawValue: word(4)))
    }

    /// Whether the module of this dotted name, or one above it, is passed through.
    public func isPassthrough(_ name: UnsafeRawBufferPointer) -> Bool {
        if passesAllThrough { return true }
        // The caller's bytes are used before this returns.
        return unsafe passthrough.hasMatchedPrefix(name)
    }

    /// Whether the module of this dotted name, or one above it, is passed through.
    public func isPassthrough(_ name: String) -> Bool {
        var name = name
        // The bytes are alive inside the closure, which is where they are used.
        return name.withUTF8 { bytes in
            unsafe isPassthrough(UnsafeRawBufferPointer(bytes))
        }
    }

    /// The record of a rule.
    public func rule(_ id: RuleID) -> RuleRecord { members.rule(id) }
}

extension PolicyImage {
    /// The number of ranges of Python versions with restrictions of their own.
    public var rootCount: Int { unsafe tables.rootCount }

    /// The restrictions of one range of Python versions, from 0; nil beyond the last.
    public func restrictions(root index: Int) -> Restrictions? {
        index >= 0 && index < rootCount ? Restrictions(image: self, root: index) : nil
    }

    /// The restrictions that hold on a version of Python.
    ///
    /// - Throws: ``FormatError`` with the code `unsupported-python` if the image does not cover it.
    public func restrictions(
        for python: (major: Int, minor: Int)
    ) throws(FormatError) -> Restrictions {
        let wanted = PackedVersion(major: python.major, minor: python.minor)
        for index in 0..<rootCount {
            let (first, last) = versions(root: index)
            if first <= wanted, wanted <= last { return Restrictions(image: self, root: index) }
        }
        // The verifier proved that there is at least one root.
        throw .unsupportedPython(
            wanted, covered: versions(root: 0).first, versions(root: rootCount - 1).last)
    }

    /// The first and the last version of Python that the image covers.
    public var coveredVersions: (first: (major: Int, minor: Int), last: (major: Int, minor: Int)) {
        let first = versions(root: 0).first
        let last = versions(root: rootCount - 1).last
        return ((first.major, first.minor), (last.major, last.minor))
    }

    private func versions(root index: Int) -> (first: PackedVersion, last: PackedVersion) {
        // The verifier proved that each root has its six words.
        let word = unsafe UInt32(littleEndian: tables.roots[index * 6])
        return (
            PackedVersion(rawValue: UInt16(truncatingIfNeeded: word)),
            PackedVersion(rawValue: UInt16(truncatingIfNeeded: word >> 16))
        )
    }
}
