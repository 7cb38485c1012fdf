import CPythonABI

// A cache of the host that remembers what it was called with would keep the classes of a sandbox,
// and with them the whole sandbox, alive. So each sandbox has a cache of its own, which lives and
// dies with it.

@inline(__always)
private func layout(_ object: PyRef) -> UnsafeMutablePointer<PCOwnCache> {
    UnsafeMutableRawPointer(object).assumingMemoryBound(to: PCOwnCache.self)
}

/// Makes the type of `OwnCache(shared, make[, values])`, which is called as `shared` is.
///
/// - `shared`: the host's cache.
/// - `make`: called without arguments, makes a cache for a sandbox.
/// - `values`: a cache that all sandboxes share for arguments that hold nothing of one, see
///   `SharedValues`.
func makeOwnCacheType() -> PyOptionalRef {
    var builder = TypeBuilder(
        "portcullis._gate.OwnCache", size: MemoryLayout<PCOwnCache>.size,
        flags: PC_TPFLAGS_HAVE_GC | PC_TPFLAGS_HAVE_VECTORCALL)
    let new: NewFunction = { type, arguments, _ in
        let count = PyTuple_Size(arguments)
        guard count == 2 || count == 3, let shared = item(arguments, 0),
            let make = item(arguments, 1)
        else { return raise(.type, "OwnCache takes a cache and a function that makes one") }
        guard !isSandboxedCaller() else {
            return raise(.runtime, "sandboxed code cannot make such a cache")
        }
        guard let object = PyType_GenericAlloc(type, 0) else { return nil }
        layout(object).pointee.vectorcall = cacheCall
        layout(object).pointee.shared = retained(shared)
        layout(object).pointee.make = retained(make)
        if count == 3 { layout(object).pointee.values = item(arguments, 2).map(retained) }
        return object
    }
    let call: TernaryFunction = { object, arguments, keywords in
        guard let arguments else { return nil }
        return PyVectorcall_Call(object, arguments, keywords)
    }
    // `cache_clear`, `cache_info` and the rest are those of the cache that a call would go to.
    let attribute: BinaryFunction = { object, name in
        guard let sandbox = pc_current_sandbox() else {
            return layout(object).pointee.shared.flatMap { PyObject_GetAttr($0, name) }
        }
        return ownCache(object, sandbox).flatMap { PyObject_GetAttr($0, name) }
    }
    builder.field("__vectorcalloffset__", at: pc_own_cache_vectorcall_offset())
    builder.slot(PC_tp_new, address(new))
    builder.slot(PC_tp_call, address(call))
    builder.slot(PC_tp_getattro, address(attribute))
    addOwnCacheLifeCycle(to: &builder)
    return builder.make()
}

private let cacheCall: vectorcallfunc = { callable, arguments, nargsf, keywords in
    guard let sandbox = pc_current_sandbox() else {
        guard let shared = layout(callable).pointee.shared else {
            return raise(.runtime, "the cache is gone")
        }
        return pc_vectorcall(shared, arguments, nargsf, keywords)
    }
    if keywords == nil, let values = layout(callable).pointee.values, let arguments,
        SharedValues.holds(arguments, nargsf & Int.max)
    {
        guard let made = pc_vectorcall(values, arguments, nargsf, nil) else { return nil }
        if SharedValues.keep(made, sandbox) { return made }
        Py_DecRef(made)
    }
    guard let own = ownCache(callable, sandbox) else { return nil }
    let kept = retained(own)
    defer { Py_DecRef(kept) }
    return pc_vectorcall(kept, arguments, nargsf, keywords)
}

/// The cache of a sandbox, borrowed; nil with an exception set if it cannot be made.
private func ownCache(_ object: PyRef, _ sandbox: SandboxPointer) -> PyOptionalRef {
    if sandbox.pointee.caches == nil { sandbox.pointee.caches = PyDict_New() }
    guard let caches = sandbox.pointee.caches else { return nil }
    if let found = PyDict_GetItemWithError(caches, object) { return found }
    guard PyErr_Occurred() == nil, let make = layout(object).pointee.make,
        let made = pc_vectorcall(make, nil, 0, nil)
    else { return nil }
    defer { Py_DecRef(made) }
    return PyDict_SetItem(caches, object, made) == 0 ? made : nil
}

private func addOwnCacheLifeCycle(to builder: inout TypeBuilder) {
    let traverse: VisitFunction = { object, visitor, argument in
        let fields = layout(object)
        var stop = visit(fields.pointee.shared, visitor, argument)
        if stop == 0 { stop = visit(fields.pointee.make, visitor, argument) }
        if stop == 0 { stop = visit(fields.pointee.values, visitor, argument) }
        if stop == 0 { stop = visit(pc_as_object(pc_type(object)), visitor, argument) }
        return stop
    }
    let clearFields: TestFunction = { object in
        clear(&layout(object).pointee.shared)
        clear(&layout(object).pointee.make)
        clear(&layout(object).pointee.values)
        return 0
    }
    let dealloc: DeallocFunction = { object in
        PyObject_GC_UnTrack(object)
        clear(&layout(object).pointee.shared)
        clear(&layout(object).pointee.make)
        clear(&layout(object).pointee.values)
        freeInstance(object)
    }
    builder.slot(PC_tp_traverse, address(traverse))
    builder.slot(PC_tp_clear, address(clearFields))
    builder.slot(PC_tp_dealloc, address(dealloc))
}
