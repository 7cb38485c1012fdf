import CPythonABI

/// Objects that hold nothing of a sandbox and that nobody changes, such as `typing.Optional` and
/// `typing.Optional[int]`: what a cached function makes of them is the same for all sandboxes.
///
/// They are known by identity. That an object is equal to one of them says nothing, since sandboxed
/// code can make such objects.
enum SharedValues {
    /// The most objects that are known. They are held for the life of the process.
    private static let limit = 4096
    /// How deep tuples are looked into.
    private static let maximumDepth = 3

    nonisolated(unsafe) private static var known: Set<PyRef> = []

    /// Whether all arguments of a call hold nothing of a sandbox.
    static func holds(_ arguments: UnsafePointer<PyRef>, _ count: Int) -> Bool {
        count > 0 && (0..<count).allSatisfy { holds(arguments[$0], depth: 0) }
    }

    private static func holds(_ object: PyRef, depth: Int) -> Bool {
        if isConstant(object) || known.contains(object) { return true }
        guard pc_is_tuple(object) != 0, depth < maximumDepth else { return false }
        return (0..<PyTuple_Size(object)).allSatisfy { index in
            item(object, index).map { holds($0, depth: depth + 1) } ?? false
        }
    }

    /// Whether an object is None, `...` or a class that is no object of the heap.
    private static func isConstant(_ object: PyRef) -> Bool {
        if object == pc_none() || object == pc_ellipsis() { return true }
        return pc_as_object(pc_type(object)) == pc_type_type()
            && PyType_GetFlags(pc_as_type(object)) & UInt(PC_TPFLAGS_HEAPTYPE) == 0
    }

    /// Makes an object known; false if there are too many.
    static func add(_ object: PyRef) -> Bool {
        if known.contains(object) { return true }
        guard known.count < limit else { return false }
        known.insert(retained(object))
        return true
    }

    /// Makes the result of a shared call known, and the host's to a sandbox that gets it, so that it
    /// writes beside it; false if there are too many.
    static func keep(_ object: PyRef, _ sandbox: SandboxPointer) -> Bool {
        if isConstant(object) { return true }
        guard let policy = sandbox.pointee.policy.map(storage), add(object) else { return false }
        policy.add(hostObject: object)
        return true
    }
}

/// `share(object)`: says that an object holds nothing of a sandbox and that nobody changes it.
let shareValue: BinaryFunction = { _, object in
    guard !isSandboxedCaller() else {
        return raise(.runtime, "sandboxed code shares nothing")
    }
    return boolean(SharedValues.add(object))
}
