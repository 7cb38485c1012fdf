internal import PolicyFormat

/// Checks an image once, in one pass over each section and without allocating.
///
/// What holds for the tables it returns, and what all other code relies on:
/// 1. the digest fits, so the bytes are those that were written;
/// 2. the sections lie one behind the other inside the image, each with whole records;
/// 3. every reference to a string leads to a length and as many bytes inside the pool;
/// 4. the table of names has a free slot, so each search ends, and every name's bytes are inside;
/// 5. every cell is free or belongs to a state that exists, and its number is that of a name;
/// 6. every state has an end cell that decides all four contexts;
/// 7. every edge decides all four contexts or leads to a state of less height, so that the
///    automaton has no cycle and no path longer than `ImageLimits.depth`;
/// 8. every rule, outcome and text that is referred to exists;
/// 9. there is a root, the roots are in order, and their three states exist.
struct ImageVerifier {
    let bytes: ByteReader
    private var sections = SectionTable()

    private init(_ bytes: ByteReader) {
        self.bytes = bytes
    }

    /// The tables of the image in `memory`, which must be aligned as sections are.
    static func verify(_ memory: UnsafeRawBufferPointer) throws(FormatError) -> ImageTables {
        var verifier = unsafe ImageVerifier(ByteReader(memory))
        try unsafe verifier.header(memory)
        try verifier.sectionTable()
        let tables = unsafe verifier.tables(memory)
        try unsafe verifier.names(tables)
        try unsafe verifier.cells(tables)
        try verifier.outcomes()
        try verifier.texts()
        try verifier.rules()
        try unsafe verifier.roots(tables)
        return unsafe tables
    }

    private func header(_ memory: UnsafeRawBufferPointer) throws(FormatError) {
        typealias At = ImageFormat.HeaderOffset
        guard bytes.count >= ImageFormat.headerBytes else { throw .truncated(bytes.count) }
        guard try bytes.uint64(at: At.magic) == ImageFormat.magic else { throw .notAnImage() }
        let version = try bytes.uint32(at: At.version)
        guard version <= ImageFormat.version else { throw .newerVersion(version) }
        guard version == ImageFormat.version else {
            throw .badHeader(at: At.version, "there is no format version \(version)")
        }
        let stated = try bytes.uint64(at: At.totalBytes)
        guard stated == UInt64(bytes.count), bytes.count % ImageFormat.alignment == 0,
            bytes.count >= ImageFormat.firstSectionOffset
        else {
            if stated > UInt64(bytes.count) { throw .truncated(bytes.count) }
            throw .wrongLength(stated: stated, found: bytes.count)
        }
        let digest = ImageDigest(
            low: try bytes.uint64(at: At.digest), high: try bytes.uint64(at: At.digest + 8))
        guard unsafe ImageDigest(of: memory) == digest else { throw .damaged() }
        guard try bytes.uint32(at: At.flags) == 0 else {
            throw .badHeader(at: At.flags, "unknown flags")
        }
        guard try bytes.uint64(at: At.reserved) == 0, try bytes.uint64(at: At.reserved + 8) == 0
        else { throw .badHeader(at: At.reserved, "reserved bytes are in use") }
        guard UInt32(littleEndian: 1) == 1 else {
            throw .badHeader(at: 0, "images are read on little-endian machines only")
        }
    }

    private mutating func sectionTable() throws(FormatError) {
        let kinds = ImageFormat.Section.allCases
        let count = try bytes.uint32(at: ImageFormat.HeaderOffset.sectionCount)
        guard count == UInt32(kinds.count) else {
            throw .badSection(
                at: ImageFormat.HeaderOffset.sectionCount,
                "\(count) sections instead of \(kinds.count)")
        }
        var entry = ImageFormat.headerBytes
        var end = ImageFormat.headerBytes + kinds.count * ImageFormat.sectionEntryBytes
        for kind in kinds {
            let size = kind.recordBytes
            guard try bytes.uint32(at: entry) == kind.rawValue else {
                throw .badSection(at: entry, "section \(kind.rawValue) is not where it belongs")
            }
            guard try bytes.uint32(at: entry + 4) == UInt32(size) else {
                throw .badSection(at: entry + 4, "the records have the wrong size")
            }
            let offset = try bytes.uint64(at: entry + 8)
            let length = try bytes.uint64(at: entry + 16)
            guard offset == UInt64(ImageFormat.aligned(end)) else {
                throw .badSection(at: entry + 8, "the section does not follow the one before")
            }
            guard offset <= UInt64(bytes.count), length <= UInt64(bytes.count) - offset,
                length % UInt64(size) == 0
            else { throw .badSection(at: entry + 16, "the section does not fit") }
            let place = SectionTable.Place(offset: Int(offset), count: Int(length) / size)
            sections[kind] = place
            end = place.offset + place.count * size
            entry += ImageFormat.sectionEntryBytes
        }
        guard ImageFormat.aligned(end) == bytes.count else {
            throw .badSection(at: entry, "bytes follow the last section")
        }
    }

    /// The pointers to what `sectionTable` found to be inside.
    private func tables(_ memory: UnsafeRawBufferPointer) -> ImageTables {
        // `header` proved that there is at least a header, so the base address exists; every
        // offset was checked by `sectionTable`. The memory is bound to each record type for good.
        let base = unsafe memory.baseAddress.unsafelyUnwrapped
        func words(_ kind: ImageFormat.Section) -> UnsafePointer<UInt32> {
            let place = sections[kind]
            return unsafe (base + place.offset).bindMemory(
                to: UInt32.self, capacity: place.count * kind.recordBytes / 4)
        }
        let slots = unsafe (base + sections[.names].offset).bindMemory(
            to: NameSlot.self, capacity: sections[.names].count)
        let cells = unsafe (base + sections[.cells].offset).bindMemory(
            to: Cell.self, capacity: sections[.cells].count)
        return unsafe ImageTables(
            pool: base + sections[.strings].offset, poolBytes: sections[.strings].count,
            slots: slots, slotMask: sections[.names].count - 1,
            cells: cells, cellCount: sections[.cells].count,
            outcomes: words(.outcomes), outcomeCount: sections[.outcomes].count,
            texts: words(.texts), textCount: sections[.texts].count,
            rules: words(.rules), ruleCount: sections[.rules].count,
            roots: words(.roots), rootCount: sections[.roots].count,
            name: (base + ImageFormat.HeaderOffset.name).load(as: UInt32.self))
    }

    func place(_ kind: ImageFormat.Section) -> SectionTable.Place { sections[kind] }

    /// Proves that `reference` leads to a string inside the pool.
    func string(_ reference: UInt32, at offset: Int) throws(FormatError) {
        let pool = sections[.strings]
        guard reference != 0 else { return }
        let start = Int(reference)
        guard start <= pool.count - 2 else { throw .badReference(at: offset, "a string") }
        let length = Int(try bytes.uint16(at: pool.offset + start))
        guard length <= pool.count - 2 - start else { throw .badReference(at: offset, "a string") }
    }
}

/// Where each section is, without a collection so that nothing is allocated.
struct SectionTable {
    /// The first byte of a section and the number of its records.
    struct Place {
        var offset = 0
        var count = 0
    }

    private var strings = Place()
    private var names = Place()
    private var cells = Place()
    private var outcomes = Place()
    private var texts = Place()
    private var rules = Place()
    private var roots = Place()

    subscript(kind: ImageFormat.Section) -> Place {
        get {
            switch kind {
            case .strings: strings
            case .names: names
            case .cells: cells
            case .outcomes: outcomes
            case .texts: texts
            case .rules: rules
            case .roots: roots
            }
        }
        set {
            switch kind {
            case .strings: strings = newValue
            case .names: names = newValue
            case .cells: cells = newValue
            case .outcomes: outcomes = newValue
            case .texts: texts = newValue
            case .rules: rules = newValue
            case .roots: roots = newValue
            }
        }
    }
}
