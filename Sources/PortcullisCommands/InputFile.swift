internal import Glibc

/// A file that is read as a whole, or standard input.
struct InputFile: Sendable {
    /// What stands for standard input on a command line.
    static let standardInput = "-"
    /// The largest file, in bytes.
    static let largest = 64 << 20

    /// Where it is.
    var path: String

    /// What messages call it.
    var shownName: String { path == Self.standardInput ? "standard input" : path }

    /// Reads everything.
    func bytes() throws(CommandError) -> [UInt8] {
        if path == Self.standardInput { return try bytes(of: 0) }
        try PolicyFile.requireFile(path)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .cannotRead(path, because: systemFault()) }
        defer { close(file) }
        return try bytes(of: file)
    }

    private func bytes(of file: Int32) throws(CommandError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw .cannotRead(shownName, because: systemFault()) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= Self.largest else {
                throw .cannotRead(shownName, because: "it is larger than \(Self.largest) bytes")
            }
        }
    }
}
