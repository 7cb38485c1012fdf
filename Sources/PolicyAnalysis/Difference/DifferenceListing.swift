internal import PolicyModel
internal import PolicyRuntime

/// Turns what a walk found into changes with paths and rules.
struct DifferenceListing {
    private let walk: DifferenceWalk
    private var found: [PolicyDifference.Change] = []

    init(_ walk: DifferenceWalk) {
        self.walk = walk
    }

    /// The changes of a subtree that starts with the empty path.
    func changes(_ subtree: DifferenceWalk.Subtree) -> [PolicyDifference.Change] {
        var listing = self
        listing.list(subtree, [])
        return listing.found
    }

    private mutating func list(
        _ subtree: DifferenceWalk.Subtree, _ path: [PolicyDifference.Segment]
    ) {
        if subtree >= 0 {
            add(subtree, path, coversBelow: true)
            return
        }
        let node = walk.nodes[Int(~subtree)]
        add(node.end, path, coversBelow: false)
        let named = node.named.map { (walk.names.names[Int($0.number)], $0.subtree) }
            .sorted { $0.0 < $1.0 }
        if node.other != 0 { list(node.other, path + [.any(except: named.map(\.0))]) }
        for (name, subtree) in named { list(subtree, path + [.name(name)]) }
    }

    private mutating func add(
        _ change: Int32, _ path: [PolicyDifference.Segment], coversBelow: Bool
    ) {
        guard change != 0 else { return }
        found.append(
            PolicyDifference.Change(
                subject: walk.subject, path: path, coversBelow: coversBelow,
                aspects: aspects(walk.changes[Int(change)])))
    }

    /// The pairs of outcomes, each with the contexts and versions in which it appears.
    private func aspects(_ pairs: [DifferenceWalk.Pair?]) -> [PolicyDifference.Aspect] {
        struct Where: Hashable {
            var pair: DifferenceWalk.Pair
            var contexts: [UInt8]
        }
        var order: [Where] = []
        var versions: [Where: [PythonVersion]] = [:]
        let count = pairs.count / max(walk.lanes.count, 1)
        for (number, lane) in walk.lanes.enumerated() {
            let own = pairs[(number * count)..<((number + 1) * count)]
            for pair in Set(own.compactMap { $0 }).sorted(by: {
                ($0.old, $0.new) < ($1.old, $1.new)
            }) {
                let contexts = own.indices.filter { own[$0] == pair }
                    .map { UInt8($0 - own.startIndex) }
                let place = Where(pair: pair, contexts: contexts)
                if versions[place] == nil { order.append(place) }
                versions[place, default: []] += lane.versions
            }
        }
        return order.map { place in
            PolicyDifference.Aspect(
                versions: versions[place, default: []].sorted(),
                contexts: walk.subject == .passthrough
                    ? [] : place.contexts.map { MatchContext(rawValue: $0) },
                old: outcome(place.pair.old, walk.lanes[0].old),
                new: outcome(place.pair.new, walk.lanes[0].new),
                changesDecision: walk.says(place.pair) == .different)
        }
    }

    private func outcome(
        _ value: DifferenceWalk.Value, _ matcher: Matcher
    ) -> PolicyDifference.Outcome {
        if value <= DifferenceWalk.allowed { return .allowed }
        if walk.subject == .passthrough { return .passedThrough }
        // Rules have the same numbers on every version of an image.
        return .restricted(matcher.rule(RuleID(rawValue: UInt32(value - 1))))
    }
}
