internal import Glibc

/// Reads lines from a file descriptor, many at a time.
struct LineReader: ~Copyable {
    /// The longest line in bytes; a longer one is reported and not kept.
    static let maximumLength = 64 * 1024
    /// How many bytes are asked for at once.
    static let chunkSize = 256 * 1024

    /// A line without its line feed.
    enum Line {
        case bytes(ArraySlice<UInt8>)
        case tooLong
    }

    private let file: Int32
    private var buffer: [UInt8] = []
    private var isInsideLongLine = false
    private var isAtEnd = false

    init(file: Int32) {
        self.file = file
    }

    /// The lines that can be had with one more read, perhaps none; nil after the last.
    ///
    /// Throws what the system says when reading fails.
    mutating func next() throws(CommandError) -> [Line]? {
        guard !isAtEnd else { return nil }
        isAtEnd = try !fill()
        var lines: [Line] = []
        var start = buffer.startIndex
        while let end = nextLineFeed(from: start) {
            take(start..<end, into: &lines)
            start = end + 1
        }
        if isAtEnd && start < buffer.endIndex { take(start..<buffer.endIndex, into: &lines) }
        buffer.removeFirst(start)
        if buffer.count > Self.maximumLength {
            if !isInsideLongLine { lines.append(.tooLong) }
            isInsideLongLine = true
            buffer.removeAll(keepingCapacity: true)
        }
        return lines
    }

    private mutating func take(_ range: Range<Int>, into lines: inout [Line]) {
        if isInsideLongLine {
            isInsideLongLine = false
        } else {
            lines.append(range.count > Self.maximumLength ? .tooLong : .bytes(buffer[range]))
        }
    }

    private func nextLineFeed(from start: Int) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0A, bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Appends what can be read now; false at the end.
    private mutating func fill() throws(CommandError) -> Bool {
        let kept = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: Self.chunkSize))
        while true {
            let count = buffer.withUnsafeMutableBytes {
                read(file, $0.baseAddress.map { $0 + kept }, Self.chunkSize)
            }
            if count < 0 && errno == EINTR { continue }
            buffer.removeLast(Self.chunkSize - max(count, 0))
            guard count >= 0 else { throw .cannotRead("standard input", because: systemFault()) }
            return count > 0
        }
    }
}
