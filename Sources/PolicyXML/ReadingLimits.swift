/// What a policy file may not exceed, so that no file can make the reader slow or large.
///
/// Rationale: each limit is far above what a person writes and what an importer generates.
enum ReadingLimits {
    /// Bytes of one file.
    static let fileSize = 64 << 20
    /// Elements inside one another.
    static let nesting = 100
    /// Bytes of one start tag; libxml2 2.9 takes quadratic time in its attributes.
    static let startTagSize = 64 << 10
    /// Attributes of one start tag.
    static let attributes = 64
    /// Bytes of one element's or attribute's name.
    static let xmlNameLength = 256
    /// Bytes of one module's or member's name.
    static let nameLength = 1024
    /// Names of one dotted path, with those of the surrounding elements.
    static let pathLength = 64
    /// Files that extend one another.
    static let layers = 16
    /// Diagnostics of one file before the reader gives up.
    static let diagnostics = 500
    /// Bytes of a source line that a diagnostic carries; a longer one is left out.
    static let sourceLine = 1000
    /// Characters of the author's text that a message quotes.
    static let quotation = 80
    /// Characters of a word that is compared with known ones for a suggestion.
    static let suggestion = 64
}
