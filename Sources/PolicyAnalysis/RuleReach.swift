package import PolicyModel
package import PolicyRuntime

/// The rules of an image that decide about some path, each with an example.
///
/// A rule that a later layer hides is in the image but decides nothing.
package struct RuleReach {
    /// A path about which a rule decides.
    package struct Example {
        /// Whether it is a module to import, in contrast to a member.
        package var isImport: Bool
        /// The names of the path.
        package var path: [String]
        /// When and how.
        package var context: MatchContext
        /// On which Python.
        package var python: (major: Int, minor: Int)

        /// The example as an author can ask for it.
        package var shown: String {
            let phase = context.isRuntime ? "at run time" : "at import time"
            let way = isImport ? "imported" : context.isUse ? "used" : "read"
            return "`\(path.joined(separator: "."))` \(way) \(phase), "
                + "Python \(python.major).\(python.minor)"
        }
    }

    /// An example for each rule that decides.
    package private(set) var examples: [RuleID: Example] = [:]

    /// A state and the contexts in which a walk can be there.
    private struct Place: Hashable {
        var state: State
        var contexts: UInt8
    }

    private struct Step {
        var place: Place
        var path: [String]
    }

    /// Walks over all states of an image.
    package init(_ image: PolicyImage) {
        let index = MatcherIndex(image)
        for number in (0..<image.rootCount).reversed() {
            guard let root = image.restrictions(root: number) else { continue }
            for isImport in [false, true] {
                walk(isImport ? root.modules : root.members, isImport, root.lastVersion, index)
            }
        }
    }

    private mutating func walk(
        _ matcher: Matcher, _ isImport: Bool, _ python: (major: Int, minor: Int),
        _ index: MatcherIndex
    ) {
        let start = Place(state: matcher.root, contexts: 0b1111)
        var queue = [Step(place: start, path: [])]
        var seen: Set<Place> = [start]
        var next = 0
        while next < queue.count {
            let step = queue[next]
            next += 1
            let state = step.place.state
            let named = index.namedSegments(of: state).map { ($0, index.name(of: $0) ?? "") }
            let other = Self.name(besides: named.map(\.1))
            func note(_ rule: RuleID?, _ path: [String], _ context: MatchContext) {
                guard let rule, examples[rule] == nil else { return }
                examples[rule] = Example(
                    isImport: isImport, path: path, context: context, python: python)
            }
            for (segment, name) in named.sorted(by: { $0.1 < $1.1 }) + [(.other, other)] {
                let edge = matcher.edge(state, segment)
                let path = step.path + [name]
                for context in Self.contexts where step.place.contexts & context.mask != 0 {
                    note(matcher.rule(of: edge.verdict, in: context), path, context)
                }
                let alive = step.place.contexts & ~edge.match & ~edge.stop
                guard alive != 0, let child = edge.child else { continue }
                let place = Place(state: child, contexts: alive)
                if seen.insert(place).inserted { queue.append(Step(place: place, path: path)) }
            }
            let end = matcher.selfOutcome(state)
            for context in Self.contexts where step.place.contexts & context.mask != 0 {
                note(matcher.rule(of: end, in: context), step.path, context)
            }
        }
    }

    /// The contexts, the most usual first.
    private static let contexts: [MatchContext] = [
        .runtimeUse, .runtimeAccess, .importUse, .importAccess,
    ]

    /// A name that a state does not name.
    private static func name(besides names: [String]) -> String {
        var name = "anything"
        while names.contains(name) { name += "_else" }
        return name
    }
}
