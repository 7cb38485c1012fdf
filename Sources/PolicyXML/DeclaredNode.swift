/// Where something is declared, and for which Pythons.
struct Mark {
    let element: Element
    /// One bit per supported Python.
    let mask: UInt32

    func overlaps(_ other: Mark) -> Bool { mask & other.mask != 0 }

    /// Whether it holds nowhere but where `mask` does; what holds nowhere at all is no rule.
    func isWithin(_ mask: UInt32) -> Bool { self.mask != 0 && self.mask & ~mask == 0 }
}

/// Everything that a file declares for one name, wherever it does: dotted names and repeated
/// elements meet here, so that duplicates and rules that can never match come to light.
final class DeclaredNode {
    /// The kinds in the order in which a matcher asks for them.
    enum Kind: CaseIterable { case access, use, matchSelf, node }

    /// What is declared, by kind. There is one for every name, so it is no dictionary.
    struct Marks {
        private var access: [Mark] = []
        private var use: [Mark] = []
        private var matchSelf: [Mark] = []
        private var node: [Mark] = []

        subscript(kind: Kind) -> [Mark] {
            get {
                switch kind {
                case .access: access
                case .use: use
                case .matchSelf: matchSelf
                case .node: node
                }
            }
            _modify {
                switch kind {
                case .access: yield &access
                case .use: yield &use
                case .matchSelf: yield &matchSelf
                case .node: yield &node
                }
            }
        }
    }

    var marks = Marks()
    var exclusions: [String: [Mark]] = [:]
    var children: [String: DeclaredNode] = [:]

    func child(_ name: String) -> DeclaredNode {
        if let child = children[name] { return child }
        let child = DeclaredNode()
        children[name] = child
        return child
    }

    /// Writes something down, unless it holds on no supported Python.
    func record(_ mark: Mark, _ kind: Kind) {
        if mark.mask != 0 { marks[kind].append(mark) }
    }

    /// Some mark at or below this node that holds only where `mask` does.
    func firstMark(within mask: UInt32) -> Mark? {
        if mask == 0 { return nil }
        if let mark = marks[.node].first(where: { $0.isWithin(mask) }) { return mark }
        for child in children.values {
            if let mark = child.firstMark(within: mask) { return mark }
        }
        return nil
    }
}

extension DeclaredNode {
    /// A rule that can never match, and what always comes before it.
    struct Unreachable {
        let rule: Mark
        let reason: String
        let cause: Element
    }

    /// What keeps a walk from reaching a node, on some Pythons.
    private struct Obstacle {
        var mask: UInt32 = 0
        var reason = ""
        var cause: Element?

        mutating func add(_ marks: [Mark]?, _ reason: @autoclosure () -> String) {
            for mark in marks ?? [] where mark.mask & ~mask != 0 {
                mask |= mark.mask
                self.reason = reason()
                cause = mark.element
            }
        }
    }

    /// Finds the rules below this node that no path ever reaches.
    func findUnreachable(_ report: (Unreachable) -> Void) {
        walk(blocked: Obstacle(), blockedUse: Obstacle(), report)
    }

    private func walk(
        blocked: Obstacle, blockedUse: Obstacle, _ report: (Unreachable) -> Void
    ) {
        let star = children["*"]
        for (name, child) in children.sorted(by: { $0.key < $1.key }) {
            var here = blocked
            here.add(marks[.matchSelf], "what is around it matches all below itself")
            here.add(exclusions[name], "\(quoted(name)) is excluded")
            var below = here
            var belowUse = blockedUse
            // What a name's own rules stop is only what is behind the name.
            let hasBehind = !child.children.isEmpty || !child.marks[.matchSelf].isEmpty
            let sources = name == "*" ? [child] : [child, star].compactMap { $0 }
            for source in hasBehind ? sources : [] {
                below.add(
                    source.marks[.access],
                    "an access of \(quoted(name)) matches before")
                belowUse.add(
                    source.marks[.use], "a use of \(quoted(name)) matches before")
            }
            var isReported = false
            for kind in Kind.allCases where kind != .node {
                for mark in child.marks[kind] {
                    let obstacles =
                        switch kind {
                        case .matchSelf: [below]
                        case .use: [here, blockedUse]
                        default: [here]
                        }
                    guard let obstacle = obstacles.first(where: { mark.isWithin($0.mask) }),
                        let cause = obstacle.cause
                    else { continue }
                    report(Unreachable(rule: mark, reason: obstacle.reason, cause: cause))
                    isReported = true
                }
            }
            if !isReported { child.walk(blocked: below, blockedUse: belowUse, report) }
        }
    }
}
