package import PolicyFormat

/// What an image knows of one rule; the texts are read when they are asked for.
public struct RuleRecord: Sendable {
    /// What happens on a path that the rule matches.
    public enum Effect: UInt8, Equatable, Hashable, Sendable {
        /// The access raises an error.
        case deny = 0
        /// The access goes on and a Python warning is issued.
        case warn = 1
        /// The access goes on and is recorded.
        case audit = 2

        /// The word for it in policies: `deny`, `warn` or `audit`.
        public var word: String {
            switch self {
            case .deny: "deny"
            case .warn: "warn"
            case .audit: "audit"
            }
        }
    }

    /// The number of the rule.
    public let index: RuleID
    private let image: PolicyImage

    init(index: RuleID, image: PolicyImage) {
        self.index = index
        self.image = image
    }

    /// The author's id, or the path and the kind, for example `os.*#use`.
    public var id: String {
        image.string(field(2)) ?? "\(path)#\(kind.word)"
    }

    /// The dotted path that the rule is written for, with `*` where it has a wildcard; empty for
    /// one that matches everything.
    public var path: String {
        guard let prefix = image.string(field(0)) else { return leaf }
        return field(1) == 0 ? prefix : "\(prefix).\(leaf)"
    }

    /// What happens on a match.
    public var effect: Effect { Effect(rawValue: UInt8(truncatingIfNeeded: text(0))) ?? .deny }
    /// The most arguments, positional and keyword together, of a call for which the rule holds;
    /// nil if it holds for every call.
    public var arguments: Int? {
        let stored = UInt8(truncatingIfNeeded: text(0) >> RuleTextWord.argumentsShift)
        return stored == 0 ? nil : Int(stored) - 1
    }
    /// The Python warning class to issue, for example `UserWarning`, if the effect is to warn.
    public var warningCategory: String? { image.string(text(1)) }
    /// The text that replaces the default message.
    public var message: String? { image.string(text(2)) }
    /// Why the author wrote the rule.
    public var because: String? { image.string(text(3)) }
    /// Where to read more.
    public var see: String? { image.string(text(4)) }
    /// What to write instead.
    public var instead: String? { image.string(text(5)) }
    /// The file in which the rule is written, as its author named it.
    public var file: String? { image.string(text(6)) }
    /// The line from 1; 0 if the rule has no place.
    public var line: Int { Int(field(4)) }
    /// The column in characters from 1; 0 if the rule has no place.
    public var column: Int { Int(field(5) & 0xFF_FFFF) }
    /// `file:line:column`; nil if the rule has no place.
    public var location: String? {
        guard let file, line > 0 else { return nil }
        return "\(file):\(line):\(column)"
    }

    package var kind: RuleKind {
        RuleKind(rawValue: UInt8(truncatingIfNeeded: field(5) >> 24)) ?? .access
    }

    private var leaf: String { image.string(field(1)) ?? "" }

    private func field(_ number: Int) -> UInt32 {
        let index = Int(index.rawValue)
        guard unsafe index < image.tables.ruleCount else { return 0 }
        // The guard proves that the record of six words is inside the section.
        return unsafe UInt32(littleEndian: image.tables.rules[index * 6 + number])
    }

    private func text(_ number: Int) -> UInt32 {
        guard unsafe Int(index.rawValue) < image.tables.ruleCount else { return 0 }
        let index = Int(field(3))
        guard unsafe index < image.tables.textCount else { return 0 }
        // The guard proves that the record of seven words is inside the section.
        return unsafe UInt32(littleEndian: image.tables.texts[index * 7 + number])
    }
}
