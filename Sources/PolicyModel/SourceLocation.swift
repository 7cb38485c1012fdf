/// A place in a policy file.
public struct SourceLocation: Hashable, Sendable, Comparable {
    /// The file as its author named it, for messages; never used to open anything.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column in characters, from 1.
    public var column: Int

    /// Makes a place from its parts.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// By file, line and column.
    public static func < (a: SourceLocation, b: SourceLocation) -> Bool {
        (a.file, a.line, a.column) < (b.file, b.line, b.column)
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `file:line:column`, as editors and CI systems parse it.
    public var description: String { "\(file):\(line):\(column)" }
}
