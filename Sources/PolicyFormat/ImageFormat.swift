/// The layout of a policy image, byte by byte; `PolicyFormat.docc` explains it.
public enum ImageFormat {
    /// The version of the layout, separate from the version of the tools.
    public static let version: UInt32 = 1

    /// The first eight bytes, `PCBC\r\n\u{1A}\n` as a little-endian number; a transfer that rewrites
    /// line ends breaks them.
    package static let magic: UInt64 = 0x0A1A_0A0D_4342_4350

    /// Every section starts at, and the file ends at, a multiple of this.
    package static let alignment = 64
    /// Magic, version, section count, length, flags, reserved, digest and padding.
    package static let headerBytes = 64
    /// One entry of the section table: kind, record size, offset, length.
    package static let sectionEntryBytes = 24

    /// The parts of an image, in the order in which they must appear.
    package enum Section: UInt32, CaseIterable, Sendable {
        case strings = 1
        case names = 2
        case cells = 3
        case outcomes = 4
        case texts = 5
        case rules = 6
        case roots = 7

        /// The size of one record of the section in bytes.
        package var recordBytes: Int {
            switch self {
            case .strings: 1
            case .names: 16
            case .cells: 12
            case .outcomes: 16
            case .texts: 28
            case .rules: 24
            case .roots: 24
            }
        }
    }

    /// Where the fields of the header are.
    package enum HeaderOffset {
        package static let magic = 0
        package static let version = 8
        package static let sectionCount = 12
        package static let totalBytes = 16
        package static let flags = 24
        package static let name = 28
        package static let digest = 32
        package static let reserved = 48
    }

    /// Where the first section starts.
    package static let firstSectionOffset = aligned(
        headerBytes + Section.allCases.count * sectionEntryBytes)

    /// The least multiple of ``alignment`` that is not below `offset`.
    package static func aligned(_ offset: Int) -> Int {
        (offset + alignment - 1) / alignment * alignment
    }

    /// The number of a segment that no rule names, and of the wildcard's edge.
    @usableFromInline package static let otherSegment: UInt32 = 0
    /// The number of the edge that stands for the end of the path; every state has it.
    @usableFromInline package static let endSegment: UInt32 = 1
    /// The number of the first name.
    package static let firstNameSegment: UInt32 = 2

    /// No state, no owner, no rule.
    @usableFromInline package static let none: UInt32 = .max
}

/// What an image, and therefore a policy, may hold at most.
public enum ImageLimits {
    /// The UTF-8 bytes of one segment of a path.
    public static let nameBytes = 255
    /// The UTF-8 bytes of one message or other text.
    public static let textBytes = 65_535
    /// The segments of a path that a rule can name.
    public static let depth = 128
    /// The rules of one image.
    public static let rules = (1 << 23) - 2
    /// The combinations of different rules in different contexts.
    public static let outcomes = (1 << 23) - 2
    /// The different names in one image.
    public static let names = (1 << 24) - 4
    /// The cells of the double array.
    public static let cells = 1 << 28
    /// The ranges of Python versions with contents of their own.
    public static let roots = 64
    /// The bytes of an image.
    public static let imageBytes = 1 << 32 - 64
}
