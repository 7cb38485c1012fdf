public import PolicyFormat

// For those who work with images through this module alone.

extension PolicyImage {
    /// Why an image was refused, for people: lower case and without a full stop.
    public static func reason(of error: FormatError) -> String { error.message }

    /// The kind of fault as a number that stays the same, from 2 on; `portcullis.h` has them all.
    public static func number(of error: FormatError) -> Int32 {
        switch error.code {
        case .unreadable: 2
        case .tooLarge: 3
        case .truncated: 4
        case .notAnImage: 5
        case .newerVersion: 6
        case .wrongLength: 7
        case .damaged: 8
        case .badHeader: 9
        case .badSection: 10
        case .badReference: 11
        case .badName: 12
        case .badState: 13
        case .badRoot: 14
        case .unsupportedPython: 15
        }
    }
}

extension Matcher {
    /// The contexts, as a mask, in which a path that ends at `state` is restricted.
    public func endMask(of state: State) -> UInt8 { selfOutcome(state).match }
}
