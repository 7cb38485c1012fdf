import CPythonABI
import PolicyRuntime

/// A compiled policy inside the gate: what it says on the running Python, and the classes of the
/// host whose members it speaks of.
final class GatePolicy {
    /// The most segments a path of Python objects can have; deeper ones do not exist in images.
    private static let maximumDepth = 64

    let restrictions: Restrictions
    /// The names below members of modules that rules speak of: the members of classes.
    let memberNames: [String]
    /// The paths below members of modules whose every name is restricted.
    let wildcardPaths: [[String]]
    /// The names that the gate checks, a frozenset; nil stands for all names.
    private(set) var gatedNames: PyOptionalRef = nil
    /// Class to path, both held for the life of the policy, which is that of the process.
    private var classPaths: [PyRef: PyRef] = [:]

    /// For each rule, the most arguments of a call for which it holds; nil for any number.
    private let argumentLimits: [Int?]

    /// Makes the policy of an image and of what it says on the running Python.
    init(_ image: PolicyImage, _ restrictions: Restrictions) {
        self.restrictions = restrictions
        argumentLimits = (0..<image.ruleCount).map { number in
            restrictions.rule(RuleID(rawValue: UInt32(number))).arguments
        }
        (memberNames, wildcardPaths) = GatePolicy.memberNames(restrictions, MatcherIndex(image))
    }

    /// Gates every name, since a class has a wildcard rule, or those that the rules name.
    func gate(allNames: Bool) -> Bool {
        guard !allNames else { return true }
        gatedNames = frozenSet(memberNames)
        return gatedNames != nil
    }

    /// The objects that were found in modules of the host, held for the life of the policy.
    private var hostObjects: Set<PyRef> = []

    func add(hostObject: PyRef) {
        if hostObjects.insert(hostObject).inserted { _ = retained(hostObject) }
    }

    func isHostObject(_ object: PyRef) -> Bool {
        hostObjects.contains(object)
    }

    /// The guards of functions that are members of classes, held for the life of the process as the
    /// policy is: a guard knows its policy.
    private var functionGuards: [PyRef: PyRef] = [:]

    func guardOfFunction(_ function: PyRef) -> PyOptionalRef {
        functionGuards[function]
    }

    func remember(_ made: PyRef, guarding function: PyRef) {
        functionGuards[function] = retained(made)
    }

    deinit {
        functionGuards.values.forEach { Py_DecRef($0) }
        hostObjects.forEach { Py_DecRef($0) }
        Py_DecRef(gatedNames)
        for (owner, path) in classPaths {
            Py_DecRef(owner)
            Py_DecRef(path)
        }
    }

    /// Whether a rule, plus one, holds for a call with so many arguments.
    func holds(_ rule: UInt32, forArguments count: Int) -> Bool {
        let index = Int(rule) - 1
        guard argumentLimits.indices.contains(index), let limit = argumentLimits[index] else {
            return true
        }
        return count <= limit
    }

    func path(ofClass owner: PyRef) -> PyOptionalRef {
        classPaths[owner]
    }

    /// Whether sandboxed code has the class at a path as a guard.
    func isGuarded(_ classPath: PyRef) -> Bool {
        guard let verdict = verdict(classPath) else {
            PyErr_Clear()
            return false
        }
        return verdict.use != (0, 0) || verdict.call != (0, 0)
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
        // A wildcard use below speaks of members, and a call is one only where it is named.
        let isNamed = lastEdge(called)?.isExplicit ?? false
        verdict.call = (
            verdict.use.0 != 0 ? verdict.use.0 : rule(called, isNamed ? .importUse : .importAccess),
            verdict.use.1 != 0
                ? verdict.use.1 : rule(called, isNamed ? .runtimeUse : .runtimeAccess)
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

    /// The names from the third of a path on, which can be members of classes, and the paths below
    /// which every name is restricted while the object there is not.
    private static func memberNames(_ restrictions: Restrictions, _ index: MatcherIndex)
        -> (names: [String], wildcards: [[String]])
    {
        // By number: sets of texts would bring Unicode's tables into the wheel.
        var members: Set<SegmentID> = []
        let call = restrictions.members.segmentID("__call__")
        var wildcards: [[String]] = []
        var pending: [(state: State, path: [String])] = [(restrictions.members.root, [])]
        while let (state, path) = pending.popLast() {
            let fallback = restrictions.members.edge(state, .other)
            let own = restrictions.members.endMask(of: state)
            if path.count >= 2, fallback.match & ~own != 0 { wildcards.append(path) }
            if let child = fallback.child, path.count < maximumDepth {
                pending.append((child, path + ["*"]))
            }
            for segment in index.namedSegments(of: state) {
                guard let name = index.name(of: segment) else { continue }
                if path.count >= 2, segment != call { members.insert(segment) }
                if let child = restrictions.members.edge(state, segment).child {
                    pending.append((child, path + [name]))
                }
            }
        }
        return (members.compactMap { index.name(of: $0) }, wildcards)
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
