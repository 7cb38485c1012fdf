/// The lines in which two texts differ, as `diff -u` writes them.
struct LineDifference {
    /// Lines that are the same and shown around a change.
    static let context = 3
    /// The most lines that are compared one by one; of larger changes only the first lines are
    /// shown.
    static let compared = 400
    /// The most lines that are shown.
    static let shown = 60

    private enum Line: Equatable {
        case same(Int, Int), removed(Int), added(Int)
    }

    private let before: [ArraySlice<UInt8>]
    private let after: [ArraySlice<UInt8>]

    init(before: [UInt8], after: [UInt8]) {
        self.before = Self.lines(before)
        self.after = Self.lines(after)
    }

    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// The differences, with the names of both texts above them.
    func text(before first: String, after second: String) -> String {
        var text = "--- \(first)\n+++ \(second)\n"
        var left = Self.shown
        for hunk in hunks() {
            guard left > 0 else {
                text += "... and more\n"
                break
            }
            text += header(of: hunk)
            for line in hunk.prefix(left) { text += self.text(of: line) }
            left -= hunk.count
        }
        if left < 0 { text += "... and more\n" }
        if before == after { text += "only the end of the last line differs\n" }
        return text
    }

    private func text(of line: Line) -> String {
        switch line {
        case .same(let index, _): " " + printable(before[index])
        case .removed(let index): styled("-" + printable(before[index]), .red)
        case .added(let index): styled("+" + printable(after[index]), .green)
        }
    }

    private func styled(_ line: String, _ style: Terminal.Style) -> String {
        Terminal.styled(line.dropLast(), style, on: .error) + "\n"
    }

    /// A line of a file, which must not speak to the terminal.
    private func printable(_ line: ArraySlice<UInt8>) -> String {
        String(decoding: line.map { $0 < 0x20 && $0 != 0x09 ? 0x3F : $0 }, as: UTF8.self) + "\n"
    }

    private func header(of hunk: [Line]) -> String {
        var old = (start: 0, count: 0)
        var new = (start: 0, count: 0)
        for line in hunk {
            if case .same(let index, _) = line { note(index, &old) }
            if case .same(_, let index) = line { note(index, &new) }
            if case .removed(let index) = line { note(index, &old) }
            if case .added(let index) = line { note(index, &new) }
        }
        return "@@ -\(old.start),\(old.count) +\(new.start),\(new.count) @@\n"
    }

    private func note(_ index: Int, _ range: inout (start: Int, count: Int)) {
        if range.count == 0 { range.start = index + 1 }
        range.count += 1
    }

    /// The changes with the lines around them; neighbours that touch are one.
    private func hunks() -> [[Line]] {
        let lines = script()
        var hunks: [[Line]] = []
        var end = 0
        var index = 0
        while let start = lines[index...].firstIndex(where: { !Self.isSame($0) }) {
            var stop = start
            while stop < lines.count, !Self.isSame(lines[stop]) { stop += 1 }
            let from = max(start - Self.context, end)
            let to = min(stop + Self.context, lines.count)
            if from == end, !hunks.isEmpty {
                hunks[hunks.count - 1] += lines[from..<to]
            } else {
                hunks.append(Array(lines[from..<to]))
            }
            (end, index) = (to, stop)
        }
        return hunks
    }

    private static func isSame(_ line: Line) -> Bool {
        if case .same = line { true } else { false }
    }

    /// Every line of both texts, in an order that leads from one to the other.
    private func script() -> [Line] {
        var start = 0
        while start < min(before.count, after.count), before[start] == after[start] { start += 1 }
        var (oldEnd, newEnd) = (before.count, after.count)
        while oldEnd > start, newEnd > start, before[oldEnd - 1] == after[newEnd - 1] {
            oldEnd -= 1
            newEnd -= 1
        }
        var lines = (0..<start).map { Line.same($0, $0) }
        lines += middle(start, oldEnd, newEnd)
        lines += (0..<(before.count - oldEnd)).map { .same(oldEnd + $0, newEnd + $0) }
        return lines
    }

    private func middle(_ start: Int, _ oldEnd: Int, _ newEnd: Int) -> [Line] {
        let old = min(oldEnd, start + Self.compared)
        let new = min(newEnd, start + Self.compared)
        let changes = after[start..<new].difference(from: before[start..<old])
        let removed = Set(changes.removals.map { Self.offset($0) + start })
        let added = Set(changes.insertions.map { Self.offset($0) + start })
        var lines: [Line] = []
        var (first, second) = (start, start)
        while first < old || second < new {
            if first < old, removed.contains(first) {
                lines.append(.removed(first))
                first += 1
            } else if second < new, added.contains(second) {
                lines.append(.added(second))
                second += 1
            } else {
                lines.append(.same(first, second))
                first += 1
                second += 1
            }
        }
        // What was not compared counts as changed.
        lines += (old..<oldEnd).map { .removed($0) }
        lines += (new..<newEnd).map { .added($0) }
        return lines
    }

    private static func offset(
        _ change: CollectionDifference<ArraySlice<UInt8>>.Change
    ) -> Int {
        switch change {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
