import CPythonABI

// A guard stands for one restricted object of the host wherever sandboxed code can reach it.
// Host code holds the original, never a guard. So whoever uses a guard got it from sandboxed code,
// and it refuses while a sandbox is active on the thread, or when the frame is sandboxed.

/// The fields of a guard; those of a guard of a class follow the fields of a class.
@inline(__always)
func guardLayout(_ object: PyRef) -> UnsafeMutablePointer<PCGuard> {
    let isClass = pc_as_object(pc_type(object)) == gate.guardTypes.class
    return (UnsafeMutableRawPointer(object) + (isClass ? gate.classGuardOffset : 0))
        .assumingMemoryBound(to: PCGuard.self)
}

@inline(__always)
func isGuard(_ object: PyRef) -> Bool {
    let type = pc_as_object(pc_type(object))
    return type == gate.guardTypes.callable || type == gate.guardTypes.class
        || type == gate.guardTypes.object
}

/// Makes a guard; all references are borrowed.
func makeGuard(
    wrapping wrapped: PyRef, path: PyRef, policy: PyRef, kind: Int, use: (UInt32, UInt32),
    call: (UInt32, UInt32)
) -> PyOptionalRef {
    let object: PyOptionalRef
    if kind == PC_GUARD_CLASS {
        object = makeClass(like: wrapped)
    } else {
        let type = kind == PC_GUARD_CALLABLE ? gate.guardTypes.callable : gate.guardTypes.object
        object = type.flatMap { PyType_GenericAlloc(pc_as_type($0), 0) }
    }
    guard let object else { return nil }
    let fields = guardLayout(object)
    fields.pointee.vectorcall = guardCall
    fields.pointee.wrapped = retained(wrapped)
    fields.pointee.path = retained(path)
    fields.pointee.policy = retained(policy)
    fields.pointee.kind = UInt8(kind)
    fields.pointee.use_rules = use
    fields.pointee.call_rules = call
    return object
}

/// The call of a guard. This is the hot path: one look at the thread's sandbox, one at a rule.
private let guardCall: vectorcallfunc = { callable, arguments, nargsf, keywords in
    let fields = guardLayout(callable)
    guard let wrapped = fields.pointee.wrapped else {
        return raise(.runtime, "the guarded object is gone")
    }
    if let sandbox = activeSandbox() {
        let rule = byPhase(fields.pointee.call_rules, sandbox)
        if rule != 0, !permitsCall(fields, rule, argumentCount(nargsf, keywords)) { return nil }
    }
    return pc_vectorcall(wrapped, arguments, nargsf, keywords)
}

@inline(never)
private func permitsCall(
    _ fields: UnsafeMutablePointer<PCGuard>, _ rule: UInt32, _ arguments: Int
) -> Bool {
    guard fields.pointee.policy.map(storage)?.holds(rule, forArguments: arguments) ?? true else {
        return true
    }
    return permits(fields, gate.names.call, rule)
}

@inline(never)
func permits(
    _ fields: UnsafeMutablePointer<PCGuard>, _ operation: PyOptionalRef, _ rule: UInt32
) -> Bool {
    guard let policy = fields.pointee.policy, let path = fields.pointee.path else {
        setError(.runtime, "the guard has no policy")
        return false
    }
    return permits(policy, path, operation, rule)
}

/// Checks a use other than a call; returns the guarded object, borrowed, or nil with an exception.
func used(_ object: PyRef, _ operation: PyOptionalRef) -> PyOptionalRef {
    let fields = guardLayout(object)
    guard let wrapped = fields.pointee.wrapped else {
        return raise(.runtime, "the guarded object is gone")
    }
    if let sandbox = activeSandbox() {
        let rule = byPhase(fields.pointee.use_rules, sandbox)
        if rule != 0, !permits(fields, operation, rule) { return nil }
    }
    return wrapped
}

/// The same with a name that is known when the gate is built.
func used(_ object: PyRef, named operation: StaticString) -> PyOptionalRef {
    guard let name = PyUnicode_InternFromString(cString(operation)) else { return nil }
    defer { Py_DecRef(name) }
    return used(object, name)
}

/// Unwraps a guard for an operation that only needs the identity of what it stands for.
func unwrapped(_ object: PyRef) -> PyRef {
    isGuard(object) ? guardLayout(object).pointee.wrapped ?? object : object
}

/// Makes the three types of guards; false with an exception set if one cannot be made. They
/// differ in their slots, so that `callable()` and the abstract classes tell them apart as they
/// tell the guarded objects apart.
func makeGuardTypes() -> Bool {
    let size = MemoryLayout<PCGuard>.size
    var callable = TypeBuilder(
        "portcullis.GuardedCallable", size: size,
        flags: PC_TPFLAGS_HAVE_GC | PC_TPFLAGS_HAVE_VECTORCALL)
    addCommonSlots(to: &callable)
    addCallSlots(to: &callable)
    addBinding(to: &callable)
    var object = TypeBuilder("portcullis.GuardedObject", size: size, flags: PC_TPFLAGS_HAVE_GC)
    addCommonSlots(to: &object)
    addContainerSlots(to: &object)
    addUnion(to: &object)
    gate.guardTypes = (callable.make(), makeGuardMetaclass(), object.make())
    return gate.guardTypes.callable != nil && gate.guardTypes.class != nil
        && gate.guardTypes.object != nil
}

private func addCommonSlots(to builder: inout TypeBuilder) {
    builder.field("__weaklistoffset__", at: pc_guard_weakrefs_offset())
    addLifeCycle(to: &builder)
    addAttributeSlots(to: &builder)
    addIdentitySlots(to: &builder)
}

/// - Parameter offset: how far behind the start of the object the fields of the guard begin.
func addCallSlots(to builder: inout TypeBuilder, offset: Int = 0) {
    let call: TernaryFunction = { object, arguments, keywords in
        guard let arguments else { return nil }
        return PyVectorcall_Call(object, arguments, keywords)
    }
    builder.field("__vectorcalloffset__", at: offset + Int(pc_guard_vectorcall_offset()))
    builder.slot(PC_tp_call, address(call))
}

private func addLifeCycle(to builder: inout TypeBuilder) {
    let traverse: VisitFunction = { object, visitor, argument in
        let fields = guardLayout(object)
        var stop = visit(fields.pointee.wrapped, visitor, argument)
        if stop == 0 { stop = visit(fields.pointee.path, visitor, argument) }
        if stop == 0 { stop = visit(fields.pointee.policy, visitor, argument) }
        if stop == 0 { stop = visit(pc_as_object(pc_type(object)), visitor, argument) }
        return stop
    }
    let clearFields: TestFunction = { object in
        let fields = guardLayout(object)
        clear(&fields.pointee.wrapped)
        clear(&fields.pointee.path)
        clear(&fields.pointee.policy)
        return 0
    }
    let dealloc: DeallocFunction = { object in
        PyObject_GC_UnTrack(object)
        if guardLayout(object).pointee.weakrefs != nil { PyObject_ClearWeakRefs(object) }
        let fields = guardLayout(object)
        clear(&fields.pointee.wrapped)
        clear(&fields.pointee.path)
        clear(&fields.pointee.policy)
        freeInstance(object)
    }
    builder.slot(PC_tp_traverse, address(traverse))
    builder.slot(PC_tp_clear, address(clearFields))
    builder.slot(PC_tp_dealloc, address(dealloc))
}
