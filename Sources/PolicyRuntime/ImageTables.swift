internal import PolicyFormat

/// One cell of the double array, as it is in the file.
@usableFromInline @frozen struct Cell {
    @usableFromInline let check: UInt32
    @usableFromInline let child: UInt32
    @usableFromInline let verdict: UInt32

    @inlinable init(check: UInt32, child: UInt32, verdict: UInt32) {
        self.check = check
        self.child = child
        self.verdict = verdict
    }
}

/// One slot of the table of names, as it is in the file.
@usableFromInline @frozen struct NameSlot {
    @usableFromInline let prefix: UInt64
    /// The length in the lowest byte, the number above it; all zero if the slot is free.
    @usableFromInline let idAndLength: UInt32
    /// Where the bytes start in the pool of strings.
    @usableFromInline let pool: UInt32
}

/// Where the sections of a verified image are in memory.
///
/// INVARIANT: made by the verifier only; every pointer leads into the memory that the image owns,
/// and every count is what the verifier proved to be there. All the records are read in place on a
/// little-endian machine; `PolicyImage` refuses any other.
@unsafe @usableFromInline struct ImageTables: @unchecked Sendable {
    @usableFromInline var pool: UnsafeRawPointer
    @usableFromInline var poolBytes: Int
    @usableFromInline var slots: UnsafePointer<NameSlot>
    @usableFromInline var slotMask: Int
    @usableFromInline var cells: UnsafePointer<Cell>
    @usableFromInline var cellCount: Int
    @usableFromInline var outcomes: UnsafePointer<UInt32>
    @usableFromInline var outcomeCount: Int
    @usableFromInline var texts: UnsafePointer<UInt32>
    @usableFromInline var textCount: Int
    @usableFromInline var rules: UnsafePointer<UInt32>
    @usableFromInline var ruleCount: Int
    @usableFromInline var roots: UnsafePointer<UInt32>
    @usableFromInline var rootCount: Int
    @usableFromInline var name: UInt32
}
