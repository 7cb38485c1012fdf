internal import PolicyFormat
public import PolicyModel
public import PolicyRuntime

/// Everything that two policies decide differently, found by walking both automata together.
///
/// At each pair of states every name that either of them knows is followed, and one that neither
/// knows, so that no path is left out and none is asked twice.
public struct PolicyDifference: Sendable {
    /// What a change is about.
    public enum Subject: String, Hashable, Sendable, CaseIterable {
        /// What workflow code touches.
        case members
        /// What workflow code imports.
        case modules
        /// Which modules are passed through.
        case passthrough
    }

    /// One segment of the paths of a change.
    public enum Segment: Hashable, Sendable {
        /// This name.
        case name(String)
        /// Every name but these, sorted.
        case any(except: [String])
    }

    /// What one policy says about a path in one context.
    public enum Outcome: Sendable {
        /// No rule matches; for passthrough, the module is not passed through.
        case allowed
        /// This rule matches.
        case restricted(RuleRecord)
        /// The module is passed through.
        case passedThrough
    }

    /// What changes in some contexts on some Python versions.
    public struct Aspect: Sendable {
        /// On which versions, rising.
        public var versions: [PythonVersion]
        /// In which contexts, rising; empty for passthrough, which knows none.
        public var contexts: [MatchContext]
        /// What the old policy says.
        public var old: Outcome
        /// What the new policy says.
        public var new: Outcome
        /// Whether what happens changes, in contrast to the rule's id or texts alone.
        public var changesDecision: Bool
    }

    /// Paths that change in the same way.
    public struct Change: Sendable {
        /// What it is about.
        public var subject: Subject
        /// The segments of the paths; none is the empty path.
        public var path: [Segment]
        /// Whether every longer path changes in the same way.
        public var coversBelow: Bool
        /// What changes, one entry for each pair of outcomes.
        public var aspects: [Aspect]

        /// Whether what happens changes, in contrast to ids and texts alone.
        public var changesDecision: Bool { aspects.contains(where: \.changesDecision) }
    }

    /// A setting of the policy that has another value on some Python versions.
    public struct Setting: Hashable, Sendable {
        /// Its name, as in `warn-on-dynamic-import`.
        public var name: String
        /// On which versions, rising.
        public var versions: [PythonVersion]
        /// Its value in the old policy; in the new one it is the opposite.
        public var old: Bool
    }

    /// The changes: members, modules, then passthrough, each by path.
    public internal(set) var changes: [Change] = []
    /// The settings that differ.
    public internal(set) var settings: [Setting] = []
    /// The versions that the old policy alone covers.
    public internal(set) var versionsOfOldOnly: [PythonVersion] = []
    /// The versions that the new policy alone covers.
    public internal(set) var versionsOfNewOnly: [PythonVersion] = []
    /// How many decisions were compared: each stands for all paths that neither policy tells apart.
    public internal(set) var comparedCases = 0

    /// Whether every decision and setting is the same, whatever the ids and texts of rules.
    public var isEquivalent: Bool {
        !changes.contains(where: \.changesDecision) && settings.isEmpty
            && versionsOfOldOnly.isEmpty && versionsOfNewOnly.isEmpty
    }

    /// Compares two policies.
    public init(from old: PolicyImage, to new: PolicyImage) {
        let oldVersions = Self.versions(of: old)
        let newVersions = Self.versions(of: new)
        versionsOfOldOnly = oldVersions.keys.filter { newVersions[$0] == nil }.sorted()
        versionsOfNewOnly = newVersions.keys.filter { oldVersions[$0] == nil }.sorted()
        var lanes: [VersionLane] = []
        for version in oldVersions.keys.sorted() {
            guard let before = oldVersions[version], let after = newVersions[version],
                let own = old.restrictions(root: before), let other = new.restrictions(root: after)
            else { continue }
            lanes.append(VersionLane(versions: [version], old: own, new: other))
        }
        settings = Self.settings(lanes)
        let names = JointNames(old: old, new: new)
        let rules = RuleClasses(old: old, new: new)
        for subject in Subject.allCases {
            var walk = DifferenceWalk(subject: subject, lanes: lanes, names: names, rules: rules)
            changes += walk.run()
            comparedCases += walk.cases
        }
    }

    /// The root that holds on each version that an image covers.
    private static func versions(of image: PolicyImage) -> [PythonVersion: Int] {
        var roots: [PythonVersion: Int] = [:]
        for index in 0..<image.rootCount {
            guard let root = image.restrictions(root: index) else { continue }
            var version = PythonVersion(root.firstVersion.major, root.firstVersion.minor)
            let last = PythonVersion(root.lastVersion.major, root.lastVersion.minor)
            while version <= last {
                roots[version] = index
                // Both numbers of a version are bytes.
                version.minor += 1
                if version.minor > Int(UInt8.max) { version = PythonVersion(version.major + 1, 0) }
            }
        }
        return roots
    }

    private static func settings(_ lanes: [VersionLane]) -> [Setting] {
        let flags: [(String, (Restrictions) -> Bool)] = [
            ("warn-on-dynamic-import", { $0.importNotificationPolicy & 1 != 0 }),
            ("warn-on-unintentional-passthrough", { $0.importNotificationPolicy & 2 != 0 }),
            ("raise-on-unintentional-passthrough", { $0.importNotificationPolicy & 4 != 0 }),
            ("lazy-passthrough", \.lazySysModulesPassthrough),
        ]
        var found: [Setting] = []
        for (name, value) in flags {
            for old in [false, true] {
                let versions = lanes.filter { value($0.old) == old && value($0.new) != old }
                    .flatMap(\.versions)
                if !versions.isEmpty {
                    found.append(Setting(name: name, versions: versions, old: old))
                }
            }
        }
        return found
    }
}

/// What both policies say on the same versions of Python.
struct VersionLane {
    var versions: [PythonVersion]
    let old: Restrictions
    let new: Restrictions
}
