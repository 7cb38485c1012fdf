import PolicyFormat
import PolicyRuntime
import Testing

/// Images that no compiler wrote: each is refused, or does no harm.
@Suite struct HostileImageTests {
    private static let ranges = 8

    @Test func theImageItselfIsAccepted() throws {
        let image = try PolicyImage(copying: try TestImages.bytes())
        let answers = TestImages.ask(image)
        #expect(answers.contains { $0.contains("no-requests") })
        #expect(answers.contains { $0.contains("top") })
        #expect(image.rootCount == 2)
    }

    @Test func everyTruncationIsRefused() throws {
        let bytes = try TestImages.bytes()
        for length in 0..<bytes.count {
            #expect(throws: FormatError.self, "length \(length)") {
                try PolicyImage(copying: Array(bytes[..<length]))
            }
        }
        #expect(throws: FormatError.self) { try PolicyImage(copying: bytes + [0]) }
        #expect(throws: FormatError.self) {
            try PolicyImage(copying: bytes + [UInt8](repeating: 0, count: 64))
        }
    }

    @Test(arguments: 0..<8)
    func oneFlippedBitAnywhereIsRefused(bit: Int) throws {
        var bytes = try TestImages.bytes()
        for position in bytes.indices {
            bytes[position] ^= 1 << UInt8(bit)
            if (try? PolicyImage(copying: bytes)) != nil {
                Issue.record("bit \(bit) of byte \(position) went unnoticed")
            }
            bytes[position] ^= 1 << UInt8(bit)
        }
    }

    /// Random changes with a digest that fits, so that they get past it.
    @Test(arguments: 0..<ranges)
    func mutationsAreRefusedOrHarmless(part: Int) throws {
        let original = try TestImages.bytes()
        var seed = UInt64(part) &* 0x1234_5678_9ABC_DEF1 &+ 1
        print("mutations: part \(part), seed \(seed)")
        func random(_ bound: Int) -> Int {
            seed ^= seed << 13
            seed ^= seed >> 7
            seed ^= seed << 17
            return Int(seed % UInt64(bound))
        }
        var refused: [String: Int] = [:]
        var accepted = 0
        for _ in 0..<500 {
            var bytes = original
            for _ in 0...random(3) {
                let position = random(10) == 0 ? random(bytes.count) : 64 + random(bytes.count - 64)
                switch random(4) {
                case 0: bytes[position] = UInt8(random(256))
                case 1: bytes[position] ^= 1 << UInt8(random(8))
                case 2: bytes[position] = [0, 1, 2, 0x7F, 0x80, 0xFF][random(6)]
                default:
                    // A whole word from elsewhere is more likely to be a valid reference.
                    let from = random(bytes.count / 4) * 4
                    let to = position / 4 * 4
                    for offset in 0..<4 { bytes[to + offset] = bytes[from + offset] }
                }
            }
            seal(&bytes)
            do {
                let image = try PolicyImage(copying: bytes)
                accepted += 1
                #expect(!TestImages.ask(image).isEmpty)
            } catch {
                refused[error.code.rawValue, default: 0] += 1
            }
        }
        #expect(accepted > 0)
        for code in ["bad-reference", "bad-state", "bad-section", "bad-name", "bad-root"] {
            #expect(refused[code, default: 0] > 0, "no mutation led to \(code): \(refused)")
        }
    }

    /// Every word of the image replaced by every telling number, with a digest that fits.
    @Test func everyWordIsCheckedAgainstTheExtremes() throws {
        let original = try TestImages.bytes()
        let numbers: [UInt32] = [
            0, 1, 2, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF,
        ]
        var refused = 0
        var accepted = 0
        for word in 0..<(original.count / 4) {
            for number in numbers {
                var bytes = original
                for offset in 0..<4 {
                    bytes[word * 4 + offset] = UInt8(number >> UInt32(offset * 8) & 0xFF)
                }
                if bytes == original { continue }
                seal(&bytes)
                if let image = try? PolicyImage(copying: bytes) {
                    accepted += 1
                    #expect(!TestImages.ask(image).isEmpty)
                } else {
                    refused += 1
                }
            }
        }
        #expect(refused > accepted)
    }

    /// Writes the digest that fits the bytes.
    private func seal(_ bytes: inout [UInt8]) {
        let digest = bytes.withUnsafeBytes { ImageDigest(of: $0) }
        for offset in 0..<8 {
            bytes[32 + offset] = UInt8(digest.low >> UInt64(offset * 8) & 0xFF)
            bytes[40 + offset] = UInt8(digest.high >> UInt64(offset * 8) & 0xFF)
        }
    }
}
