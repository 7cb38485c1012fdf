/// A day, year-month-day, as `until` has it.
public struct CalendarDay: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The ten characters; later days have greater texts.
    public let description: String

    /// Reads `2027-06-30`; nil if the text is not of that form.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2],
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (0x30...0x39).contains($0) }),
            let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        description = text
    }

    /// By time.
    public static func < (a: CalendarDay, b: CalendarDay) -> Bool {
        a.description < b.description
    }
}
