internal import PolicyFormat

extension ImageVerifier {
    /// Proves that each context of each outcome has a rule, or explicitly none.
    func outcomes() throws(FormatError) {
        let place = place(.outcomes)
        let rules = self.place(.rules).count
        for index in 0..<(place.count * 4) {
            let offset = place.offset + index * 4
            let rule = try bytes.uint32(at: offset)
            guard Int(rule) < rules || rule == Verdict.noValue else {
                throw .badReference(at: offset, "a rule")
            }
        }
    }

    /// Proves the effects and the strings of the texts.
    func texts() throws(FormatError) {
        let place = place(.texts)
        for index in 0..<place.count {
            let offset = place.offset + index * 28
            let word = try bytes.uint32(at: offset)
            guard word & RuleTextWord.effectMask <= 2 else {
                throw .badReference(at: offset, "an effect")
            }
            guard word >> RuleTextWord.argumentsShift <= RuleTextWord.mostArguments + 1 else {
                throw .badReference(at: offset, "a number of arguments")
            }
            for field in 1..<7 {
                try string(try bytes.uint32(at: offset + field * 4), at: offset + field * 4)
            }
        }
    }

    /// Proves the strings, texts and kinds of the rules.
    func rules() throws(FormatError) {
        let place = place(.rules)
        guard place.count <= ImageLimits.rules else {
            throw .badReference(at: place.offset, "\(place.count) rules")
        }
        let texts = self.place(.texts).count
        for index in 0..<place.count {
            let offset = place.offset + index * 24
            for field in 0..<3 {
                try string(try bytes.uint32(at: offset + field * 4), at: offset + field * 4)
            }
            guard Int(try bytes.uint32(at: offset + 12)) < texts else {
                throw .badReference(at: offset + 12, "the texts of a rule")
            }
            guard try bytes.uint32(at: offset + 20) >> 24 <= 2 else {
                throw .badReference(at: offset + 20, "the kind of a rule")
            }
        }
    }

    /// Proves that the roots are in order and that their states exist, and the strings around.
    func roots(_ tables: ImageTables) throws(FormatError) {
        let pool = place(.strings)
        guard pool.count >= 2, try bytes.uint16(at: pool.offset) == 0 else {
            throw .badReference(at: pool.offset, "the empty string")
        }
        try string(
            try bytes.uint32(at: ImageFormat.HeaderOffset.name), at: ImageFormat.HeaderOffset.name)
        let place = place(.roots)
        guard place.count >= 1, place.count <= ImageLimits.roots else {
            throw .badRoot(at: place.offset, "\(place.count) roots")
        }
        var last: UInt32 = 0
        for index in 0..<place.count {
            let offset = place.offset + index * 24
            let range = try bytes.uint32(at: offset)
            guard range & 0xFFFF > last, range & 0xFFFF <= range >> 16 else {
                throw .badRoot(at: offset, "the versions are not in order")
            }
            last = range >> 16
            guard try bytes.uint32(at: offset + 4) & ~RootFlags.known == 0,
                try bytes.uint32(at: offset + 20) == 0
            else { throw .badRoot(at: offset + 4, "unknown flags") }
            for field in 2..<5 {
                let base = try bytes.uint32(at: offset + field * 4)
                let end = Int(base) + Int(ImageFormat.endSegment)
                // The first condition proves that the cell is there.
                guard unsafe end < tables.cellCount, unsafe tables.cells[end].check == base else {
                    throw .badRoot(at: offset + field * 4, "no such state")
                }
            }
        }
    }
}
