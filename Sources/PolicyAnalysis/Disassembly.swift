internal import PolicyFormat
public import PolicyRuntime

/// Everything that is in an image, as values: what `portcullis dump` prints.
///
/// States are numbered in the order in which they are reached from the roots, so that equal
/// policies have equal listings wherever their states lie in the file.
public struct Disassembly: Hashable, Sendable {
    /// One part of the file.
    public struct Section: Hashable, Sendable {
        /// Its name, for example `cells`.
        public var name: String
        /// Its first byte.
        public var offset: Int
        /// How many bytes it has.
        public var bytes: Int
        /// How many records it has.
        public var records: Int
    }

    /// What holds on a range of Python versions.
    public struct Root: Hashable, Sendable {
        /// The first version, for example `3.10`.
        public var firstVersion: String
        /// The last version.
        public var lastVersion: String
        /// Whether every module is passed through.
        public var passesAllThrough: Bool
        /// Whether modules of the host appear in the sandbox's `sys.modules` on demand.
        public var lazySysModulesPassthrough: Bool
        /// The flags of the import notification policy, by name.
        public var importNotificationPolicy: [String]
        /// The state from which members are matched.
        public var members: Int
        /// The state from which modules are matched.
        public var modules: Int
        /// The state from which passed-through modules are matched.
        public var passthrough: Int
    }

    /// What is decided in the four contexts.
    public struct Verdict: Hashable, Sendable {
        /// What happens in one context.
        public enum Kind: String, Hashable, Sendable {
            /// A rule matches.
            case match
            /// Nothing will match.
            case stop
            /// It depends on what follows.
            case next
        }

        /// For import access, runtime access, import use and runtime use, in this order.
        public var kinds: [Kind]
        /// The numbers of the rules in the same order; nil where none matches.
        public var rules: [Int?]
    }

    /// One edge of a state.
    public struct Edge: Hashable, Sendable {
        /// The segment; nil for all that have no edge of their own.
        public var name: String?
        /// What is decided on it.
        public var verdict: Verdict
        /// The state to go on to.
        public var child: Int?
    }

    /// One state.
    public struct State: Hashable, Sendable {
        /// Its number in this listing.
        public var number: Int
        /// The most segments that can follow.
        public var height: Int
        /// Its edges, sorted by name, the one for all other names last.
        public var edges: [Edge]
        /// What is decided if the path ends here.
        public var end: Verdict
    }

    /// One rule.
    public struct Rule: Hashable, Sendable {
        /// Its number in the image.
        public var number: Int
        /// The author's id, or one derived from the path.
        public var id: String
        /// The path it is written for.
        public var path: String
        /// `deny`, `warn` or `audit`.
        public var effect: String
        /// The Python warning class, if it warns.
        public var warningCategory: String?
        /// The text that replaces the default message.
        public var message: String?
        /// Why it was written.
        public var because: String?
        /// Where to read more.
        public var see: String?
        /// What to write instead.
        public var instead: String?
        /// The most arguments of a call for which it holds; nil if it holds for every call.
        public var arguments: Int?
        /// The file in which it is written.
        public var file: String?
        /// The line, 0 if unknown.
        public var line: Int
        /// The column, 0 if unknown.
        public var column: Int
    }

    /// The name of the policy.
    public var name: String
    /// The version of the format.
    public var formatVersion: Int
    /// The size of the image.
    public var bytes: Int
    /// The parts of the file.
    public var sections: [Section]
    /// What holds on each range of Python versions.
    public var roots: [Root]
    /// The states.
    public var states: [State]
    /// The rules.
    public var rules: [Rule]

    /// Takes an image apart.
    public init(_ image: PolicyImage) {
        var reader = ImageReader(image)
        name = image.name
        formatVersion = Int(image.formatVersion)
        bytes = image.byteCount
        sections = ImageReader.sections(of: image)
        roots = (0..<image.rootCount).compactMap { image.restrictions(root: $0) }
            .map { reader.root($0) }
        states = reader.allStates()
        rules = reader.rules()
    }

    /// The names of the four contexts, in the order of ``Verdict/kinds``.
    public static let contexts = ["import access", "runtime access", "import use", "runtime use"]
}

/// Numbers the states of an image as it meets them.
private struct ImageReader {
    let image: PolicyImage
    let index: MatcherIndex
    let matcher: Matcher?
    private var numbers: [State: Int] = [:]
    private var queue: [State] = []

    init(_ image: PolicyImage) {
        self.image = image
        index = MatcherIndex(image)
        matcher = image.restrictions(root: 0)?.members
    }

    mutating func number(_ state: State) -> Int {
        if let known = numbers[state] { return known }
        let number = queue.count
        numbers[state] = number
        queue.append(state)
        return number
    }

    mutating func root(_ root: Restrictions) -> Disassembly.Root {
        let policy = root.importNotificationPolicy
        let flags: [(UInt8, String)] = [
            (1, "warn-on-dynamic-import"), (2, "warn-on-unintentional-passthrough"),
            (4, "raise-on-unintentional-passthrough"),
        ]
        return Disassembly.Root(
            firstVersion: "\(root.firstVersion.major).\(root.firstVersion.minor)",
            lastVersion: "\(root.lastVersion.major).\(root.lastVersion.minor)",
            passesAllThrough: root.passesAllThrough,
            lazySysModulesPassthrough: root.lazySysModulesPassthrough,
            importNotificationPolicy: flags.filter { policy & $0.0 != 0 }.map(\.1),
            members: number(root.members.root), modules: number(root.modules.root),
            passthrough: number(root.passthrough.root))
    }

    /// All states that can be reached from those numbered so far.
    mutating func allStates() -> [Disassembly.State] {
        var states: [Disassembly.State] = []
        guard let matcher else { return states }
        while states.count < queue.count {
            let state = queue[states.count]
            let named = index.namedSegments(of: state)
                .map { (name: index.name(of: $0) ?? "", segment: $0) }
                .sorted { $0.name < $1.name }
            var edges: [Disassembly.Edge] = []
            for (name, segment) in named { edges.append(edge(matcher, state, segment, name)) }
            edges.append(edge(matcher, state, .other, nil))
            states.append(
                Disassembly.State(
                    number: states.count, height: index.height(of: state), edges: edges,
                    end: verdict(matcher, matcher.selfOutcome(state))))
        }
        return states
    }

    private mutating func edge(
        _ matcher: Matcher, _ state: State, _ segment: SegmentID, _ name: String?
    ) -> Disassembly.Edge {
        let edge = matcher.edge(state, segment)
        let child = edge.child.map { number($0) }
        return Disassembly.Edge(name: name, verdict: verdict(matcher, edge.verdict), child: child)
    }

    private func verdict(_ matcher: Matcher, _ verdict: Verdict) -> Disassembly.Verdict {
        var found = Disassembly.Verdict(kinds: [], rules: [])
        for context in (0..<4).map({ MatchContext(rawValue: $0) }) {
            let rule = matcher.rule(of: verdict, in: context).map { Int($0.rawValue) }
            let stops = verdict.stop & context.mask != 0
            let matches = verdict.match & context.mask != 0
            found.kinds.append(matches ? .match : stops ? .stop : .next)
            found.rules.append(rule.flatMap { $0 < image.ruleCount ? $0 : nil })
        }
        return found
    }

    func rules() -> [Disassembly.Rule] {
        guard let matcher else { return [] }
        return (0..<image.ruleCount).map { number in
            let rule = matcher.rule(RuleID(rawValue: UInt32(number)))
            return Disassembly.Rule(
                number: number, id: rule.id, path: rule.path, effect: rule.effect.word,
                warningCategory: rule.warningCategory, message: rule.message,
                because: rule.because, see: rule.see, instead: rule.instead,
                arguments: rule.arguments, file: rule.file, line: rule.line, column: rule.column)
        }
    }

    static func sections(of image: PolicyImage) -> [Disassembly.Section] {
        image.withBytes { bytes in
            let reader = ByteReader(bytes)
            return ImageFormat.Section.allCases.enumerated().compactMap { number, kind in
                let entry = ImageFormat.headerBytes + number * ImageFormat.sectionEntryBytes
                guard let offset = try? reader.uint64(at: entry + 8),
                    let length = try? reader.uint64(at: entry + 16)
                else { return nil }
                return Disassembly.Section(
                    name: "\(kind)", offset: Int(offset), bytes: Int(length),
                    records: Int(length) / kind.recordBytes)
            }
        }
    }
}
