internal import Glibc

/// A file that is replaced as a whole or not at all.
struct OutputFile: Sendable {
    /// Where it is.
    var path: String

    /// Puts `bytes` in the file's place: written beside it, flushed to the disk, then renamed.
    ///
    /// A file that was there keeps its permissions, and a link to it stays a link.
    func replace(with bytes: [UInt8]) throws(CommandError) {
        var state = stat()
        let exists = stat(path, &state) == 0
        if exists && state.st_mode & S_IFMT != S_IFREG {
            throw .cannotWrite(path, because: "it is not a file")
        }
        let path = exists ? resolvedPath : self.path
        let temporary = "\(path).\(getpid()).tmp"
        let file = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw fault() }
        do throws(CommandError) {
            if exists && fchmod(file, state.st_mode & 0o7777) != 0 { throw fault() }
            try write(bytes, to: file)
        } catch {
            close(file)
            unlink(temporary)
            throw error
        }
        guard close(file) == 0, rename(temporary, path) == 0 else {
            let fault = fault()
            unlink(temporary)
            throw fault
        }
    }

    private func write(_ bytes: [UInt8], to file: Int32) throws(CommandError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { throw fault() }
            rest = rest.dropFirst(written)
        }
        guard fsync(file) == 0 else { throw fault() }
    }

    /// The path without links.
    private var resolvedPath: String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private func fault() -> CommandError {
        .cannotWrite(path, because: systemFault())
    }
}

/// What the system says about its last error.
func systemFault() -> String {
    String(cString: strerror(errno)).lowercased()
}
