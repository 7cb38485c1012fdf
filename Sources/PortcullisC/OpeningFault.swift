import CPortcullis

/// Why a policy was not opened, for programs and for people.
struct OpeningFault {
    let status: portcullis_status
    let message: String

    init(_ status: portcullis_status, _ message: String) {
        self.status = status
        self.message = message
    }

    static func argument(_ message: String) -> OpeningFault {
        OpeningFault(portcullis_status(PORTCULLIS_INVALID_ARGUMENT), message)
    }

    /// The file at `path` could not be read; `reason` is an `errno`.
    static func file(_ path: UnsafePointer<CChar>, _ reason: Int32) -> OpeningFault {
        var buffer = [CChar](repeating: 0, count: 128)
        let text = buffer.withUnsafeMutableBufferPointer { place in
            place.baseAddress.map { String(cString: pc_reason(reason, $0, place.count)) }
        }
        return OpeningFault(
            portcullis_status(PORTCULLIS_UNREADABLE_FILE),
            "cannot read `\(String(cString: path))`: \(text ?? "")")
    }
}

/// Fills in the caller's error, if there is one, and gives the status to return.
func report(
    _ fault: OpeningFault?, _ error: UnsafeMutablePointer<portcullis_error>?
) -> portcullis_status {
    let status = fault?.status ?? portcullis_status(PORTCULLIS_OK)
    guard let error else { return status }
    error.pointee.status = status
    withUnsafeMutableBytes(of: &error.pointee.message) { _ = copy(fault?.message ?? "", into: $0) }
    return status
}

/// Copies a text with a NUL behind it, cut between two characters if it does not fit.
///
/// - Returns: The bytes of the whole text.
func copy(_ text: String, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var text = text
    return text.withUTF8 { bytes in
        guard buffer.count > 0 else { return bytes.count }
        var end = min(bytes.count, buffer.count - 1)
        // Bytes of the form 10xxxxxx go on with a character.
        while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        UnsafeMutableRawBufferPointer(rebasing: buffer[..<end]).copyBytes(from: bytes[..<end])
        buffer[end] = 0
        return bytes.count
    }
}
