internal import ArgumentParser
internal import Glibc
internal import PolicyAnalysis

/// The option for the day with which the last days of exceptions are compared.
enum DayOption {
    /// What the option says about itself.
    static let help = ArgumentHelp(
        "The day to compare `until` with, by default today (UTC).", valueName: "yyyy-mm-dd")

    /// Reads the value of the option.
    static func read(_ text: String) throws -> CalendarDay {
        guard let day = CalendarDay(text) else {
            throw ValidationError("`\(text)` is not a day such as 2027-06-30")
        }
        return day
    }

    /// The day of the system's clock.
    static func today() throws -> CalendarDay {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        func digits(_ number: Int32, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(count - text.count, 0)) + text
        }
        let text = [
            digits(parts.tm_year + 1900, 4), digits(parts.tm_mon + 1, 2), digits(parts.tm_mday, 2),
        ].joined(separator: "-")
        return try read(text)
    }
}
