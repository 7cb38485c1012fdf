internal import PolicyFormat
internal import PolicyModel

/// Writes an image. The same automaton always yields the same bytes: everything is in the order of
/// numbers that were given out in a fixed order, never in that of a dictionary.
struct ImageEmitter {
    /// What holds from one version of Python to another.
    struct Root {
        var first: PythonVersion
        var last: PythonVersion
        var flags: UInt32
        var members: Int32
        var modules: Int32
        var passthrough: Int32
    }

    let automaton: Automaton
    let names: NameTable
    let rules: RuleTable
    let roots: [Root]
    let policyName: String

    private var pool = StringPool()
    private let numbering: SegmentNumbering
    private let layout: DoubleArrayLayout

    /// Numbers the names and lays out the states.
    init(
        automaton: Automaton, names: NameTable, rules: RuleTable, roots: [Root], policyName: String
    ) {
        self.automaton = automaton
        self.names = names
        self.rules = rules
        self.roots = roots
        self.policyName = policyName
        let numbering = SegmentNumbering(automaton, names: names)
        self.numbering = numbering
        layout = DoubleArrayLayout(counts: automaton.states.map(\.edges.count)) { state, own in
            let state = automaton.states[state]
            if state.fallback != nil { own.append(Int(ImageFormat.otherSegment)) }
            own.append(Int(ImageFormat.endSegment))
            let start = own.count
            for edge in state.edges {
                own.append(Int(numbering.number(automaton.edges[Int(edge)].name)))
            }
            own[start...].sort()
        }
    }

    /// How many cells the double array has.
    var cellCount: Int { layout.cellCount }
    /// Whether a string did not fit, so that the emitted bytes must not be used.
    var isOverfull: Bool { pool.isOverfull }
    /// How many bytes the strings take.
    var stringBytes: Int { pool.bytes.count }
    /// How many names have numbers.
    var nameCount: Int { numbering.names.count }

    /// The bytes of the image.
    mutating func emit() -> [UInt8] {
        let slots = nameSlots()
        let (texts, rules) = ruleRecords()
        let name = pool.reference(policyName)
        let sections: [(ImageFormat.Section, [UInt8])] = [
            (.strings, pool.bytes), (.names, slots), (.cells, cells()), (.outcomes, outcomes()),
            (.texts, texts), (.rules, rules), (.roots, rootRecords()),
        ]
        var writer = ByteWriter()
        writer.reserve(sections.reduce(4096) { total, section in total + section.1.count + 64 })
        writer.write(ImageFormat.magic)
        writer.write(ImageFormat.version)
        writer.write(UInt32(sections.count))
        writer.write(UInt64(0))
        writer.write(UInt32(0))
        writer.write(name)
        for _ in 0..<4 { writer.write(UInt64(0)) }
        var offset = ImageFormat.firstSectionOffset
        for (kind, bytes) in sections {
            writer.write(kind.rawValue)
            writer.write(UInt32(kind.recordBytes))
            writer.write(UInt64(offset))
            writer.write(UInt64(bytes.count))
            offset = ImageFormat.aligned(offset + bytes.count)
        }
        for (_, bytes) in sections {
            writer.align()
            writer.write(bytes)
        }
        writer.align()
        writer.patch(UInt64(writer.count), at: ImageFormat.HeaderOffset.totalBytes)
        let digest = writer.bytes.withUnsafeBytes { ImageDigest(of: $0) }
        writer.patch(digest.low, at: ImageFormat.HeaderOffset.digest)
        writer.patch(digest.high, at: ImageFormat.HeaderOffset.digest + 8)
        return writer.bytes
    }

    /// The names up to which the table is kept sparse, so that most look-ups hit at once.
    private static let sparseNames = 4096

    /// The table of names: a power of two of slots, at most three quarters of them taken.
    private mutating func nameSlots() -> [UInt8] {
        var slotCount = 4
        while slotCount * 3 / 4 <= numbering.names.count { slotCount *= 2 }
        if numbering.names.count <= ImageEmitter.sparseNames { slotCount *= 2 }
        var slots = [(prefix: UInt64, idAndLength: UInt32, pool: UInt32)](
            repeating: (0, 0, 0), count: slotCount)
        pool.reserve(numbering.names.count)
        for name in numbering.names {
            let text = names.names[Int(name)]
            let utf8 = text.utf8
            // The bytes come behind the two of the length.
            let reference = pool.reference(text)
            var slot = Int(truncatingIfNeeded: NameHash.hash(utf8)) & (slotCount - 1)
            while slots[slot].idAndLength != 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = (
                NameHash.prefix(utf8), numbering.number(name) << 8 | UInt32(utf8.count),
                reference == 0 ? 0 : reference + 2
            )
        }
        var writer = ByteWriter()
        writer.reserve(slotCount * 16)
        for slot in slots {
            writer.write(slot.prefix)
            writer.write(slot.idAndLength)
            writer.write(slot.pool)
        }
        return writer.bytes
    }

    private func cells() -> [UInt8] {
        let free: [UInt32] = [ImageFormat.none, ImageFormat.none, 0]
        var words: [UInt32] = []
        words.reserveCapacity(layout.cellCount * 3)
        for _ in 0..<layout.cellCount { words += free }
        func put(_ base: UInt32, _ segment: UInt32, child: UInt32, _ verdict: Verdict) {
            let place = (Int(base) + Int(segment)) * 3
            words[place] = base
            words[place + 1] = child
            words[place + 2] = verdict.rawValue
        }
        func put(_ base: UInt32, _ edge: Automaton.Edge) {
            let child = edge.child < 0 ? ImageFormat.none : layout.bases[Int(edge.child)]
            put(base, numbering.number(edge.name), child: child, edge.verdict)
        }
        for (state, base) in zip(automaton.states, layout.bases) {
            put(base, ImageFormat.endSegment, child: state.height, state.end)
            if let fallback = state.fallback { put(base, fallback) }
            for edge in state.edges { put(base, automaton.edges[Int(edge)]) }
        }
        var writer = ByteWriter()
        writer.reserve(words.count * 4)
        for word in words { writer.write(word) }
        return writer.bytes
    }

    private func outcomes() -> [UInt8] {
        var writer = ByteWriter()
        for outcome in automaton.outcomes {
            for rule in outcome { writer.write(rule < 0 ? Verdict.noValue : UInt32(rule)) }
        }
        return writer.bytes
    }

    private mutating func ruleRecords() -> (texts: [UInt8], rules: [UInt8]) {
        var texts = ByteWriter()
        var numbers: [[UInt32]: UInt32] = [:]
        var records = ByteWriter()
        records.reserve(rules.entries.count * 24)
        for entry in rules.entries {
            let rule = entry.rule
            let text = [
                RuleRecordEffect.word(rule), pool.reference(rule.warningCategory),
                pool.reference(rule.message), pool.reference(rule.because),
                pool.reference(rule.see), pool.reference(rule.instead),
                pool.reference(rule.location?.file),
            ]
            let number = numbers[text] ?? UInt32(numbers.count)
            if numbers[text] == nil {
                numbers[text] = number
                for word in text { texts.write(word) }
            }
            records.write(pool.reference(entry.prefix))
            records.write(pool.reference(entry.leaf))
            records.write(rule.id == entry.derivedID ? 0 : pool.reference(rule.id))
            records.write(number)
            records.write(UInt32(clamping: rule.location?.line ?? 0))
            let column = UInt32(clamping: min(rule.location?.column ?? 0, 0xFF_FFFF))
            records.write(column | UInt32(entry.kind.rawValue) << 24)
        }
        return (texts.bytes, records.bytes)
    }

    private func rootRecords() -> [UInt8] {
        var writer = ByteWriter()
        for root in roots {
            writer.write(PackedVersion(major: root.first.major, minor: root.first.minor).rawValue)
            writer.write(PackedVersion(major: root.last.major, minor: root.last.minor).rawValue)
            writer.write(root.flags)
            writer.write(layout.bases[Int(root.members)])
            writer.write(layout.bases[Int(root.modules)])
            writer.write(layout.bases[Int(root.passthrough)])
            writer.write(UInt32(0))
        }
        return writer.bytes
    }
}

/// What an image says about a rule's effect.
enum RuleRecordEffect {
    /// The effect, and the most arguments for which the rule holds.
    static func word(_ rule: Rule) -> UInt32 {
        // RestrictionCheck refused every number that does not fit.
        let arguments = rule.arguments.map { UInt32(clamping: $0) + 1 } ?? 0
        return number(rule.effect) | arguments << RuleTextWord.argumentsShift
    }

    static func number(_ effect: Effect) -> UInt32 {
        switch effect {
        case .deny: 0
        case .warn: 1
        case .audit: 2
        }
    }
}
