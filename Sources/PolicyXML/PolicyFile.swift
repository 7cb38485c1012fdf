#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Files and paths, as far as reading policies needs them.
enum PolicyFile {
    /// Why a file could not be read.
    enum Fault: Error {
        /// The reason, as a message ends.
        case unreadable(String)
        case tooLarge
    }

    /// Reads a regular file of bounded size; never waits on a pipe or a device.
    static func read(_ path: String) throws(Fault) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw .unreadable(reason(errno)) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .unreadable(reason(errno)) }
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG else {
            throw .unreadable(kind == S_IFDIR ? "it is a directory" : "it is not a regular file")
        }
        guard status.st_size <= ReadingLimits.fileSize else { throw .tooLarge }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size) + 1)
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { systemRead(file, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable(reason(errno))
            }
            bytes += chunk[..<count]
            guard bytes.count <= ReadingLimits.fileSize else { throw .tooLarge }
        }
    }

    /// The absolute path without links; nil if there is no such file.
    static func resolve(_ path: String) -> String? {
        guard !path.utf8.contains(0), let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The part of a path before its last name.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The path of `name` seen from a directory.
    static func join(_ directory: String, _ name: String) -> String {
        if name.hasPrefix("/") || directory == "." { return name }
        return directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    /// An absolute path without `.` and `..`, judged by its text alone.
    static func normal(_ path: String) -> String {
        var names: [Substring] = []
        for name in path.split(separator: "/") where name != "." {
            if name == ".." { _ = names.popLast() } else { names.append(name) }
        }
        return "/" + names.joined(separator: "/")
    }

    /// Whether an absolute path is a directory or something in it.
    static func isPath(_ path: String, within directory: String) -> Bool {
        path == directory || directory == "/" || path.hasPrefix(directory + "/")
    }

    private static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such file"
        case ENOTDIR: "a part of the path is not a directory"
        case EACCES, EPERM: "permission is denied"
        case EISDIR: "it is a directory"
        case ELOOP: "it is a link to itself"
        case ENAMETOOLONG: "the path is too long"
        case EMFILE, ENFILE: "too many files are open"
        default: "system error \(code)"
        }
    }
}

/// The system's `read`, which `PolicyFile.read` would hide.
private func systemRead(_ file: Int32, _ start: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(file, start, count)
}
