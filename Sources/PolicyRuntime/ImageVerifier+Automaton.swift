internal import PolicyFormat

extension ImageVerifier {
    /// Proves that names can be searched for, and compares each slot with its bytes in the pool.
    func names(_ tables: ImageTables) throws(FormatError) {
        let place = place(.names)
        guard place.count >= 2, place.count & (place.count - 1) == 0 else {
            throw .badName(at: place.offset, "\(place.count) slots, which is no power of two")
        }
        var free = 0
        for index in 0..<place.count {
            let offset = place.offset + index * 16
            // The section has `count` slots.
            let slot = unsafe tables.slots[index]
            if slot.idAndLength == 0 {
                guard slot.prefix == 0, slot.pool == 0 else {
                    throw .badName(at: offset, "a free slot is in use")
                }
                free += 1
                continue
            }
            let length = Int(slot.idAndLength & 0xFF)
            guard slot.idAndLength >> 8 >= ImageFormat.firstNameSegment else {
                throw .badName(at: offset, "a number that is no name's")
            }
            let pool = Int(slot.pool)
            guard unsafe pool <= tables.poolBytes, unsafe length <= tables.poolBytes - pool else {
                throw .badReference(at: offset, "a name")
            }
            // The guard proves that the bytes are inside the pool.
            let name = unsafe UnsafeRawBufferPointer(
                start: tables.pool + pool, count: min(length, 8))
            guard unsafe PathScanner.word(name, at: 0) == slot.prefix else {
                throw .badName(at: offset, "the first bytes are not those of the name")
            }
        }
        guard free > 0 else { throw .badName(at: place.offset, "no free slot") }
    }

    /// Proves the claims about cells, states and edges.
    func cells(_ tables: ImageTables) throws(FormatError) {
        let place = place(.cells)
        guard place.count <= ImageLimits.cells else {
            throw .badState(at: place.offset, "\(place.count) cells")
        }
        let outcomes = self.place(.outcomes).count
        let rules = self.place(.rules).count
        for index in 0..<place.count {
            let offset = place.offset + index * 12
            // The section has `count` cells.
            let cell = unsafe tables.cells[index]
            if cell.check == ImageFormat.none {
                guard cell.child == ImageFormat.none, cell.verdict == 0 else {
                    throw .badState(at: offset, "a free cell is in use")
                }
                continue
            }
            let base = Int(cell.check)
            guard base <= index, index - base < ImageLimits.names + 4,
                let height = unsafe height(of: cell.check, tables)
            else { throw .badState(at: offset, "a cell belongs to no state") }
            let verdict = Verdict(rawValue: cell.verdict)
            guard verdict.match & verdict.stop == 0 else {
                throw .badState(at: offset + 8, "a context matches and stops")
            }
            guard value(verdict, rules: rules, outcomes: outcomes) else {
                throw .badReference(at: offset + 8, "a rule or an outcome")
            }
            let isDecided = verdict.match | verdict.stop == 15
            if index - base == Int(ImageFormat.endSegment) {
                guard isDecided, height <= UInt32(ImageLimits.depth) else {
                    throw .badState(at: offset, "a state does not decide at the end of a path")
                }
            } else if isDecided {
                guard cell.child == ImageFormat.none else {
                    throw .badState(at: offset + 4, "a decided edge leads on")
                }
            } else {
                guard let below = unsafe self.height(of: cell.child, tables), below < height else {
                    throw .badState(at: offset + 4, "an edge leads to no lower state")
                }
            }
        }
    }

    /// The height that the end cell of a state gives; nil if there is no such state.
    private func height(of base: UInt32, _ tables: ImageTables) -> UInt32? {
        let end = Int(base) + Int(ImageFormat.endSegment)
        guard unsafe end < tables.cellCount else { return nil }
        // The guard proves that the cell is there.
        let cell = unsafe tables.cells[end]
        return cell.check == base ? cell.child : nil
    }

    private func value(_ verdict: Verdict, rules: Int, outcomes: Int) -> Bool {
        let value = Int(verdict.value)
        if verdict.match == 0 { return value == 0 && !verdict.isMixed }
        if verdict.isMixed { return value < outcomes }
        return value < rules || verdict.value == Verdict.noValue
    }
}
