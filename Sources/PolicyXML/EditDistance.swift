/// The known word that an unknown one most likely means, if any is near.
func nearest(to word: String, among known: [String]) -> String? {
    let folded = word.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
    guard !folded.isEmpty, folded.count <= ReadingLimits.suggestion else { return nil }
    let allowed = max(1, folded.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in known {
        let plain = candidate.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
        let distance = editDistance(Array(folded), Array(plain))
        if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from one to the other.
private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
        var current = [i + 1]
        for j in b.indices {
            var cost = min(
                previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                cost = min(cost, before[j - 1] + 1)
            }
            current.append(cost)
        }
        (before, previous) = (previous, current)
    }
    return previous[b.count]
}
