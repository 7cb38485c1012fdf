internal import Glibc

/// A file that is replaced as a whole or not at all.
struct OutputFile: Sendable {
    /// Where it is.
    var path: String

    /// Puts `bytes` in the file's place: written beside it, flushed to the disk, then renamed.
    func replace(with bytes: [UInt8]) throws(CommandError) {
        var state = stat()
        let exists = stat(path, &state) == 0
        if exists && state.st_mode & S_IFMT != S_IFREG {
            throw .cannotWrite(path, because: "it is not a file")
        }
        let temporary = "\(path).\(getpid()).tmp"
        let file = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw fault() }
        // What replaces a file may be read and written by whom that could.
        if exists { fchmod(file, state.st_mode & 0o777) }
        do {
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

    private func fault() -> CommandError {
        .cannotWrite(path, because: systemFault())
    }
}

/// What the system says about its last error.
func systemFault() -> String {
    String(cString: strerror(errno)).lowercased()
}
