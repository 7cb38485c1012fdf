/// Finds what an author may have meant.
package enum Spelling {
    /// The word with the fewest edits to `word`, the first of them in order; nil if none is near.
    ///
    /// - Parameter edits: How many edits are near; nil for a third of the word's letters.
    package static func nearest(
        to word: String, among words: Set<String>, edits most: Int? = nil
    ) -> String? {
        let limit = most ?? max(1, word.count / 3)
        var best: (word: String, edits: Int)?
        let wanted = Array(word.unicodeScalars)
        for candidate in words {
            let letters = Array(candidate.unicodeScalars)
            guard abs(letters.count - wanted.count) <= limit else { continue }
            let edits = distance(wanted, letters)
            guard edits <= limit else { continue }
            if let best, (best.edits, best.word) <= (edits, candidate) { continue }
            best = (candidate, edits)
        }
        return best?.word
    }

    /// How many letters must be added, removed, replaced or swapped with their neighbour.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var before = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var edits = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    edits = min(edits, before[j - 1] + 1)
                }
                row.append(edits)
            }
            before = last
            last = row
        }
        return last[b.count]
    }
}
