/// Why bytes are not an image that this release can use.
public struct FormatError: Error, Equatable, Sendable {
    /// The kinds of faults; the raw values are stable.
    public enum Code: String, Equatable, Sendable {
        case unreadable = "unreadable-file"
        case tooLarge = "image-too-large"
        case truncated = "truncated-image"
        case notAnImage = "not-an-image"
        case newerVersion = "newer-image-version"
        case wrongLength = "wrong-image-length"
        case damaged = "damaged-image"
        case badHeader = "bad-header"
        case badSection = "bad-section"
        case badReference = "bad-reference"
        case badName = "bad-name"
        case badState = "bad-state"
        case badRoot = "bad-root"
        case unsupportedPython = "unsupported-python"
    }

    /// The kind of fault.
    public let code: Code
    /// The byte of the image at which it was found.
    public let offset: Int
    /// The text for people, lower case and without a full stop.
    public let message: String

    /// Makes an error.
    package init(_ code: Code, at offset: Int, _ message: String) {
        self.code = code
        self.offset = offset
        self.message = message
    }
}

extension FormatError {
    package static func unreadable(_ file: String, _ reason: String) -> FormatError {
        FormatError(.unreadable, at: 0, "cannot read `\(file)`: \(reason)")
    }

    package static func tooLarge(_ bytes: Int) -> FormatError {
        FormatError(
            .tooLarge, at: 0, "the image has \(bytes) bytes, more than \(ImageLimits.imageBytes)")
    }

    package static func truncated(_ bytes: Int) -> FormatError {
        FormatError(.truncated, at: bytes, "the image ends after \(bytes) bytes")
    }

    package static func notAnImage() -> FormatError {
        FormatError(.notAnImage, at: 0, "not a policy image")
    }

    package static func newerVersion(_ version: UInt32) -> FormatError {
        FormatError(
            .newerVersion, at: ImageFormat.HeaderOffset.version,
            "the image has format version \(version), this release reads version "
                + "\(ImageFormat.version): update portcullis or compile the policy again")
    }

    package static func wrongLength(stated: UInt64, found: Int) -> FormatError {
        FormatError(
            .wrongLength, at: ImageFormat.HeaderOffset.totalBytes,
            "the image states \(stated) bytes and has \(found)")
    }

    package static func damaged() -> FormatError {
        FormatError(
            .damaged, at: ImageFormat.HeaderOffset.digest,
            "the image is damaged: its digest does not fit its contents")
    }

    package static func badHeader(at offset: Int, _ what: String) -> FormatError {
        FormatError(.badHeader, at: offset, "the header is wrong: \(what)")
    }

    package static func badSection(at offset: Int, _ what: String) -> FormatError {
        FormatError(.badSection, at: offset, "the section table is wrong: \(what)")
    }

    package static func badReference(at offset: Int, _ what: String) -> FormatError {
        FormatError(.badReference, at: offset, "a reference leads nowhere: \(what)")
    }

    package static func badName(at offset: Int, _ what: String) -> FormatError {
        FormatError(.badName, at: offset, "the table of names is wrong: \(what)")
    }

    package static func badState(at offset: Int, _ what: String) -> FormatError {
        FormatError(.badState, at: offset, "the automaton is wrong: \(what)")
    }

    package static func badRoot(at offset: Int, _ what: String) -> FormatError {
        FormatError(.badRoot, at: offset, "the table of Python versions is wrong: \(what)")
    }

    package static func unsupportedPython(
        _ version: PackedVersion, covered first: PackedVersion, _ last: PackedVersion
    ) -> FormatError {
        FormatError(
            .unsupportedPython, at: 0,
            "this image covers Python \(first.text) to \(last.text), not \(version.text)")
    }
}

extension FormatError: CustomStringConvertible {
    /// The message with the code in brackets, as diagnostics have it.
    public var description: String { "\(message) [\(code.rawValue)]" }
}
