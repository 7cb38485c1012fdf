public import PolicyFormat

/// Decides about paths, on one version of Python, from the image's memory and without allocating.
///
/// The matcher relies on nothing but what ``ImageVerifier`` proves, and checks each index into the
/// cells again: a state or segment of another image yields a wrong answer but no wrong access.
/// It is sendable because nobody writes to an image's memory after it was verified.
@safe public struct Matcher: @unchecked Sendable {
    /// The image, which owns the memory that everything below points into.
    public let image: PolicyImage
    /// Where every path starts.
    public let root: State
    @usableFromInline let cells: UnsafePointer<Cell>
    @usableFromInline let cellCount: Int

    init(image: PolicyImage, root: State) {
        self.image = image
        self.root = root
        unsafe cells = unsafe image.tables.cells
        cellCount = unsafe image.tables.cellCount
    }

    /// The cell of `segment` at `base`, or else of the wildcard.
    ///
    /// INVARIANT: both loads follow a check of the index against the number of cells.
    @inlinable @inline(__always)
    func cell(_ base: UInt32, _ segment: UInt32) -> (cell: Cell, isExplicit: Bool) {
        let index = Int(base) &+ Int(segment)
        if index < cellCount {
            let cell = unsafe cells[index]
            if cell.check == base { return (cell, segment != ImageFormat.otherSegment) }
        }
        if Int(base) < cellCount {
            let cell = unsafe cells[Int(base)]
            if cell.check == base { return (cell, false) }
        }
        return (Cell(check: base, child: ImageFormat.none, verdict: 0xF0), false)
    }

    /// Where a segment leads from a state that the walk itself has reached.
    @inlinable @inline(__always)
    func hop(_ base: UInt32, _ segment: UInt32) -> (verdict: UInt32, child: UInt32) {
        let index = Int(base) &+ Int(segment)
        if index < cellCount {
            // The condition proves that the cell is there.
            let cell = unsafe cells + index
            if unsafe cell.pointee.check == base {
                return unsafe (cell.pointee.verdict, cell.pointee.child)
            }
        }
        // The verifier proved that each state that a walk reaches has an end cell behind this one.
        let other = unsafe cells + Int(base)
        guard unsafe other.pointee.check == base else { return (0xF0, ImageFormat.none) }
        return unsafe (other.pointee.verdict, other.pointee.child)
    }

    /// The verdict at the end of a path that leads to `base`.
    @inlinable @inline(__always)
    func endVerdict(_ base: UInt32) -> UInt32 {
        let index = Int(base) &+ Int(ImageFormat.endSegment)
        guard index < cellCount else { return 0xF0 }
        // The guard proves that the cell is there; the verifier, that it belongs to the state.
        return unsafe cells[index].verdict
    }

    /// The decision of a verdict that matches in `context`.
    @inlinable @inline(__always)
    func matched(_ verdict: UInt32, _ context: MatchContext) -> RuleID {
        let verdict = Verdict(rawValue: verdict)
        guard verdict.isMixed else { return RuleID(rawValue: verdict.value) }
        return outcome(verdict.value, context)
    }

    @usableFromInline
    func outcome(_ index: UInt32, _ context: MatchContext) -> RuleID {
        let place = Int(index) * 4 + Int(context.rawValue)
        guard unsafe place < image.tables.outcomeCount * 4 else {
            return RuleID(rawValue: Verdict.noValue)
        }
        // The guard proves that the outcome is there.
        return unsafe RuleID(rawValue: UInt32(littleEndian: image.tables.outcomes[place]))
    }

    /// The edge of `segment` at `state`.
    @inlinable public func edge(_ state: State, _ segment: SegmentID) -> Edge {
        let (cell, isExplicit) = cell(state.rawValue, SegmentID.checked(segment))
        return Edge(
            verdict: Verdict(rawValue: cell.verdict), childBase: cell.child, isExplicit: isExplicit)
    }

    /// What is decided for a path that ends at `state`, in all contexts.
    @inlinable public func selfOutcome(_ state: State) -> Verdict {
        Verdict(rawValue: endVerdict(state.rawValue))
    }

    /// The rule that `verdict` names in `context`; nil if it matches nothing there.
    @inlinable public func rule(of verdict: Verdict, in context: MatchContext) -> RuleID? {
        verdict.match & context.mask != 0 ? matched(verdict.rawValue, context) : nil
    }

    /// Where one more segment leads.
    @inlinable public func step(
        _ state: State, _ segment: SegmentID, context: MatchContext
    ) -> Step {
        let cell = cell(state.rawValue, SegmentID.checked(segment)).cell
        let bits = cell.verdict >> UInt32(context.rawValue)
        if bits & 1 != 0 { return .matched(matched(cell.verdict, context)) }
        if bits & 16 != 0 { return .stopped }
        return .next(State(rawValue: cell.child))
    }

    /// The decision for a path that ends at `state`.
    @inlinable public func decide(atEndOf state: State, context: MatchContext) -> Decision {
        let verdict = endVerdict(state.rawValue)
        guard verdict >> UInt32(context.rawValue) & 1 != 0 else { return .allow }
        return .restricted(matched(verdict, context))
    }

    /// The decision for a path of segments whose numbers are known.
    @inlinable public func decide(
        ids: UnsafeBufferPointer<SegmentID>, context: MatchContext
    ) -> Decision {
        let shift = UInt32(context.rawValue)
        var base = root.rawValue
        // `index` runs over the buffer's own indices. The number of the end cell is no segment's;
        // if it is passed all the same, the walk ends there.
        for index in 0..<ids.count {
            let (verdict, child) = hop(base, unsafe ids[index].rawValue)
            let bits = verdict >> shift
            if bits & 0x11 != 0 {
                return bits & 1 != 0 ? .restricted(matched(verdict, context)) : .allow
            }
            base = child
        }
        return decide(atEndOf: State(rawValue: base), context: context)
    }

    /// The decision for a path of segments whose numbers are known.
    @inlinable public func decide(ids: [SegmentID], context: MatchContext) -> Decision {
        // The buffer is alive inside the closure, which is where it is used.
        unsafe ids.withUnsafeBufferPointer { ids in unsafe decide(ids: ids, context: context) }
    }

    /// The record of a rule.
    public func rule(_ id: RuleID) -> RuleRecord { RuleRecord(index: id, image: image) }
}

extension SegmentID {
    /// The number as an index, with the one number that is no name taken for an unknown name.
    @inlinable @inline(__always)
    static func checked(_ segment: SegmentID) -> UInt32 {
        segment.rawValue == ImageFormat.endSegment
            ? ImageFormat.otherSegment : segment.rawValue
    }
}
