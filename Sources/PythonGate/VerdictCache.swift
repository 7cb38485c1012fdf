import CPythonABI

/// What a sandbox remembers of member verdicts: a small direct-mapped table by class and name,
/// made on first use. It holds references to the classes, so it lives and dies with the sandbox.
enum VerdictCache {
    /// A power of two.
    private static let capacity = 64

    struct Entry {
        var owner: PyOptionalRef = nil
        var name: PyOptionalRef = nil
        var path: PyOptionalRef = nil
        var verdict = MemberVerdict()
    }

    /// Whether it is known that nothing restricts `object.name`.
    @inline(__always)
    static func isUnrestricted(_ object: PyRef, _ name: PyRef, _ sandbox: SandboxPointer) -> Bool {
        guard let table = sandbox.pointee.verdicts else { return false }
        // A class is looked up by itself, an instance by its class; an entry of the one is never
        // taken for that of the other, since no class is its own class but `type`, which no
        // policy can speak of.
        let type = pc_as_object(pc_type(object))
        let owner = pc_is_type(object) != 0 ? object : type
        let entry = table.assumingMemoryBound(to: Entry.self) + slot(owner, name)
        return entry.pointee.owner == owner && entry.pointee.name == name
            && entry.pointee.path == nil
    }

    /// The verdict on `object.name`. The path is a new reference, nil if nothing is restricted.
    ///
    /// - Returns: nil with an exception set if the verdict cannot be found.
    @inline(__always)
    static func find(
        _ object: PyRef, _ name: PyRef, _ sandbox: SandboxPointer
    ) -> (path: PyOptionalRef, verdict: MemberVerdict)? {
        let owner = pc_is_type(object) != 0 ? object : pc_as_object(pc_type(object))
        if let table = sandbox.pointee.verdicts {
            let entry = table.assumingMemoryBound(to: Entry.self) + slot(owner, name)
            if entry.pointee.owner == owner, entry.pointee.name == name {
                guard let path = entry.pointee.path else { return (nil, MemberVerdict()) }
                return (retained(path), entry.pointee.verdict)
            }
        }
        return resolve(object, owner, name, sandbox)
    }

    @inline(__always)
    private static func slot(_ owner: PyRef, _ name: PyRef) -> Int {
        let mixed = UInt(bitPattern: owner) &* 0x9E37_79B9_7F4A_7C15 ^ UInt(bitPattern: name) >> 4
        return Int(mixed >> 8 & UInt(capacity - 1))
    }

    @inline(never)
    private static func resolve(
        _ object: PyRef, _ owner: PyRef, _ name: PyRef, _ sandbox: SandboxPointer
    ) -> (path: PyOptionalRef, verdict: MemberVerdict)? {
        guard let policy = sandbox.pointee.policy.map(storage) else {
            setError(.runtime, "the sandbox is closed")
            return nil
        }
        if pc_as_object(pc_type(object)) == pc_super_type() {
            return resolveSuper(object, name, policy)
        }
        guard let classes = gate.names.mro.flatMap({ PyObject_GetAttr(owner, $0) }) else {
            return nil
        }
        defer { Py_DecRef(classes) }
        guard let found = resolveMember(classes, from: 0, name, policy) else { return nil }
        remember(owner, name, found, sandbox)
        return found
    }

    /// `super().name` looks up the name behind the class that `super` was made for.
    private static func resolveSuper(_ object: PyRef, _ name: PyRef, _ policy: GatePolicy)
        -> (path: PyOptionalRef, verdict: MemberVerdict)?
    {
        guard let thisClass = gate.names.thisClass.flatMap({ PyObject_GetAttr(object, $0) }) else {
            return nil
        }
        defer { Py_DecRef(thisClass) }
        guard let selfClass = gate.names.selfClass.flatMap({ PyObject_GetAttr(object, $0) }) else {
            return nil
        }
        defer { Py_DecRef(selfClass) }
        guard let classes = gate.names.mro.flatMap({ PyObject_GetAttr(selfClass, $0) }) else {
            return nil
        }
        defer { Py_DecRef(classes) }
        let count = PyTuple_Size(classes)
        let position = (0..<max(0, count)).first { item(classes, $0) == thisClass }
        return resolveMember(classes, from: position.map { $0 + 1 } ?? 0, name, policy)
    }

    private static func remember(
        _ owner: PyRef, _ name: PyRef, _ found: (path: PyOptionalRef, verdict: MemberVerdict),
        _ sandbox: SandboxPointer
    ) {
        if sandbox.pointee.verdicts == nil {
            let table = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
            table.initialize(repeating: Entry(), count: capacity)
            sandbox.pointee.verdicts = UnsafeMutableRawPointer(table)
        }
        guard let table = sandbox.pointee.verdicts?.assumingMemoryBound(to: Entry.self) else {
            return
        }
        let entry = table + slot(owner, name)
        let old = entry.pointee
        entry.pointee = Entry(
            owner: retained(owner), name: retained(name), path: found.path.map(retained),
            verdict: found.verdict)
        release(old)
    }

    private static func release(_ entry: Entry) {
        Py_DecRef(entry.owner)
        Py_DecRef(entry.name)
        Py_DecRef(entry.path)
    }

    /// Visits what the table holds, for the garbage collector.
    static func visit(
        _ sandbox: SandboxPointer, _ visitor: visitproc,
        _ argument: UnsafeMutableRawPointer?
    ) -> Int32 {
        guard let table = sandbox.pointee.verdicts?.assumingMemoryBound(to: Entry.self) else {
            return 0
        }
        for index in 0..<capacity {
            let stop = PythonGate.visit(table[index].owner, visitor, argument)
            if stop != 0 { return stop }
        }
        return 0
    }

    /// Frees the table and what it holds.
    static func drop(_ sandbox: SandboxPointer) {
        guard let table = sandbox.pointee.verdicts?.assumingMemoryBound(to: Entry.self) else {
            return
        }
        sandbox.pointee.verdicts = nil
        for index in 0..<capacity { release(table[index]) }
        table.deallocate()
    }
}
