import CPythonABI
import PolicyFormat
import PolicyRuntime

/// A compiled policy inside the gate: what it says on the running Python, and the classes of the
/// host whose members it speaks of.
final class GatePolicy {
    /// The most segments a path of Python objects can have; deeper ones do not exist in images.
    private static let maximumDepth = 64

    let restrictions: Restrictions
    /// The names of members of classes that rules speak of, a frozenset; nil stands for all names.
    let gatedNames: PyOptionalRef
    /// Class to path, both held for the life of the policy, which is that of the process.
    private var classPaths: [PyRef: PyRef] = [:]

    /// Reads and verifies an image.
    init(_ image: UnsafeRawBufferPointer, python: (major: Int, minor: Int)) throws(FormatError) {
        let image = try PolicyImage(copying: image)
        restrictions = try image.restrictions(for: python)
        gatedNames = GatePolicy.memberNames(restrictions, MatcherIndex(image)).flatMap(frozenSet)
    }

    deinit {
        Py_DecRef(gatedNames)
        for (owner, path) in classPaths {
            Py_DecRef(owner)
            Py_DecRef(path)
        }
    }

    func path(ofClass owner: PyRef) -> PyOptionalRef {
        classPaths[owner]
    }

    /// Makes the members of a class subject to the rules below a path. The first path holds.
    func register(_ owner: PyRef, _ path: PyRef) {
        guard classPaths[owner] == nil else { return }
        classPaths[retained(owner)] = retained(path)
    }

    /// The numbers of the segments of a tuple of `str`; nil with an exception set.
    private func segments(_ path: PyRef) -> [SegmentID]? {
        let count = PyTuple_Size(path)
        guard count >= 0 else { return nil }
        guard count <= GatePolicy.maximumDepth else {
            _ = raise(.value, "the path has more than \(GatePolicy.maximumDepth) names")
            return nil
        }
        var segments: [SegmentID] = []
        for index in 0..<count {
            guard let segment = item(path, index), let name = utf8(segment) else { return nil }
            segments.append(restrictions.members.segmentID(name))
        }
        return segments
    }

    private func rule(_ segments: [SegmentID], _ context: MatchContext) -> UInt32 {
        restrictions.members.decide(ids: segments, context: context).rule.map { $0.rawValue + 1 }
            ?? 0
    }

    /// What holds for the object at a path; nil with an exception set.
    func verdict(_ path: PyRef) -> MemberVerdict? {
        guard let segments = segments(path) else { return nil }
        let name = unsafe UnsafeRawBufferPointer(start: cString("__call__"), count: 8)
        let called = segments + [restrictions.members.segmentID(name)]
        var verdict = MemberVerdict()
        verdict.access = (rule(segments, .importAccess), rule(segments, .runtimeAccess))
        verdict.use = (rule(segments, .importUse), rule(segments, .runtimeUse))
        verdict.call = (
            verdict.use.0 != 0 ? verdict.use.0 : rule(called, .importUse),
            verdict.use.1 != 0 ? verdict.use.1 : rule(called, .runtimeUse)
        )
        return verdict
    }

    /// The states that a path leads through, as far as there are any.
    private func lastEdge(_ segments: [SegmentID]) -> Edge? {
        var state: State? = restrictions.members.root
        var edge: Edge?
        for segment in segments {
            guard let here = state else { return nil }
            edge = restrictions.members.edge(here, segment)
            state = edge?.child
        }
        return edge
    }

    /// Whether the policy says something about exactly this name, be it that it is allowed.
    func isStated(_ path: PyRef) -> Bool {
        guard let segments = segments(path) else {
            PyErr_Clear()
            return false
        }
        return lastEdge(segments)?.isExplicit ?? false
    }

    /// Whether rules speak of anything below a path.
    func speaksBelow(_ path: PyRef) -> Bool? {
        guard let segments = segments(path) else { return nil }
        return lastEdge(segments)?.child != nil
    }

    /// The rule, plus one, that forbids to import a module; 0 if none does.
    func moduleRule(_ name: UnsafeRawBufferPointer, isRuntime: Bool) -> UInt32 {
        let context: MatchContext = isRuntime ? .runtimeAccess : .importAccess
        return unsafe restrictions.modules.decide(dottedPath: name, context: context).rule
            .map { $0.rawValue + 1 } ?? 0
    }

    /// The names from the third of a path on, which can be members of classes; nil for all names.
    private static func memberNames(_ restrictions: Restrictions, _ index: MatcherIndex)
        -> [String]?
    {
        var names: [String] = []
        var seen: [State] = []
        var level = [restrictions.members.root]
        var depth = 0
        while !level.isEmpty, depth < maximumDepth {
            var next: [State] = []
            for state in level {
                let fallback = restrictions.members.edge(state, .other)
                if depth >= 2, fallback.match & ~restrictions.members.selfOutcome(state).match != 0 {
                    return nil
                }
                if let child = fallback.child { next.append(child) }
                for segment in index.namedSegments(of: state) {
                    if depth >= 2, let name = index.name(of: segment) { names.append(name) }
                    if let child = restrictions.members.edge(state, segment).child {
                        next.append(child)
                    }
                }
            }
            depth += 1
            // States are shared; one that was seen at this depth or deeper adds nothing new.
            level = []
            for state in next where depth < 2 || !seen.contains(state) {
                if depth >= 2 { seen.append(state) }
                level.append(state)
            }
        }
        return names.filter { $0 != "__call__" }
    }
}

private func frozenSet(_ names: [String]) -> PyOptionalRef {
    guard let result = PyFrozenSet_New(nil) else { return nil }
    for name in names {
        guard let text = string(name) else { return nil }
        PySet_Add(result, text)
        Py_DecRef(text)
    }
    return result
}
