internal import PolicyModel
internal import PolicyRuntime

/// One thing to do about what an audit recorded, with the entries that ask for it.
struct Suggestion {
    enum Remedy: Hashable {
        /// Call something deterministic in the workflow instead; the policy stays.
        case replace(with: String)
        /// Allow a path, and what is below it.
        case unrestrict
        /// Pass a module through.
        case passThrough
    }

    var remedy: Remedy
    var path: DottedPath
    /// What was recorded, in the order of the log.
    var evidence: [AuditEntry]

    /// Where the path was used: each place once, in the order of the log.
    var places: [String] {
        var seen: Set<String> = []
        return evidence.compactMap { entry in
            guard let caller = entry.caller, seen.insert(caller).inserted else { return nil }
            let place = PythonPlace(caller)?.description ?? caller
            guard let function = entry.function, !function.hasPrefix("<") else { return place }
            return "\(place) in `\(function)`"
        }
    }
}

/// The smallest set of suggestions for a log: no path that another covers, none that is allowed.
struct Suggestions {
    private(set) var all: [Suggestion] = []
    /// Entries about which nothing needs to be done, since the policy allows them.
    private(set) var allowed = 0

    /// - Parameters:
    ///   - log: what was recorded.
    ///   - allowsReplaceable: whether to allow also what workflow code can replace.
    ///   - isAllowed: whether the policy at hand allows an entry already.
    init(
        _ log: AuditLog, allowsReplaceable: Bool,
        isAllowed: (AuditEntry) throws(CommandError) -> Bool
    ) throws(CommandError) {
        var byPath: [Suggestion.Remedy: [DottedPath: [AuditEntry]]] = [:]
        for entry in log.entries {
            if try isAllowed(entry) {
                allowed += 1
                continue
            }
            let remedy = Self.remedy(entry, allowsReplaceable: allowsReplaceable)
            byPath[remedy, default: [:]][entry.path, default: []].append(entry)
        }
        for (remedy, entries) in byPath {
            all += Self.smallest(entries, remedy)
        }
        all.sort { a, b in
            a.path == b.path ? a.remedy.order < b.remedy.order : a.path < b.path
        }
    }

    private static func remedy(
        _ entry: AuditEntry, allowsReplaceable: Bool
    ) -> Suggestion.Remedy {
        switch entry.kind {
        case .passthrough: return .passThrough
        case .setting: return .replace(with: entry.instead ?? "a call in the worker")
        case .access, .import: break
        }
        // What Temporal's workflow API offers is deterministic; other advice is for the author.
        if !allowsReplaceable, let instead = entry.instead, instead.hasPrefix("workflow.") {
            return .replace(with: instead)
        }
        return .unrestrict
    }

    /// One suggestion for each path that no other path covers. A replacement covers nothing.
    private static func smallest(
        _ entries: [DottedPath: [AuditEntry]], _ remedy: Suggestion.Remedy
    ) -> [Suggestion] {
        var suggestions: [Suggestion] = []
        for path in entries.keys.sorted() {
            if case .replace = remedy {
            } else if let last = suggestions.last, last.path.covers(path) {
                suggestions[suggestions.count - 1].evidence += entries[path] ?? []
                continue
            }
            suggestions.append(
                Suggestion(remedy: remedy, path: path, evidence: entries[path] ?? []))
        }
        return suggestions
    }

    /// The lines that a policy needs, without indentation.
    var policyLines: [PolicyPatch.Line] {
        all.compactMap { suggestion in
            let because = suggestion.because
            switch suggestion.remedy {
            case .replace: return nil
            case .unrestrict: return .unrestrict(path: "\(suggestion.path)", because: because)
            case .passThrough: return .passThrough(module: "\(suggestion.path)", because: because)
            }
        }
    }
}

extension Suggestion {
    /// How many places a reason names.
    private static let mostPlaces = 3

    /// The evidence as the reason of an exception.
    fileprivate var because: String {
        let places = places.map { $0.replacing("`", with: "") }
        guard !places.isEmpty else { return "used by the workflow" }
        let rest = places.count - Self.mostPlaces
        let shown = places.prefix(Self.mostPlaces).joined(separator: ", ")
        return "used at \(shown)" + (rest > 0 ? " and \(rest) more" : "")
    }
}

extension Suggestion.Remedy {
    fileprivate var order: Int {
        switch self {
        case .replace: 0
        case .unrestrict: 1
        case .passThrough: 2
        }
    }
}
