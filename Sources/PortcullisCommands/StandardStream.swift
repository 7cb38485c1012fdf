internal import Glibc
internal import PolicyModel

/// Standard output and standard error, written without a buffer of their own.
enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes text as it is.
    func write(_ text: String) {
        write(Array(text.utf8)[...])
    }

    /// Writes a JSON document and a line feed.
    func write(_ document: JSONValue) {
        write(document.text() + "\n")
    }

    /// Writes a diagnostic for people.
    func write(_ diagnostic: Diagnostic) {
        write(diagnostic.rendered(on: self) + "\n")
    }

    /// Writes bytes; gives up when the reader is gone, as there is nobody left to tell.
    func write(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(rawValue, $0.baseAddress, $0.count) }
            if written < 0 && errno == EINTR { continue }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }
}
