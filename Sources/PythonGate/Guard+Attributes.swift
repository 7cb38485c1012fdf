import CPythonABI

/// Attributes through which a guarded object would hand out itself or what it is made of.
private let sealedNames: [StaticString] = [
    "__wrapped__", "__globals__", "__self__", "__func__", "__closure__", "__dict__",
    "__subclasses__", "__getattribute__", "__init__", "__new__", "__builtins__", "__code__",
]

private func isSealed(_ name: UnsafeRawBufferPointer) -> Bool {
    guard name.count > 4, name[0] == UInt8(ascii: "_"), name[1] == UInt8(ascii: "_") else {
        return false
    }
    return sealedNames.contains { equal(name, $0) }
}

func equal(_ bytes: UnsafeRawBufferPointer, _ literal: StaticString) -> Bool {
    guard bytes.count == literal.utf8CodeUnitCount else { return false }
    for index in 0..<bytes.count where bytes[index] != literal.utf8Start[index] { return false }
    return true
}

func isDunder(_ name: UnsafeRawBufferPointer) -> Bool {
    name.count > 4 && name[0] == UInt8(ascii: "_") && name[1] == UInt8(ascii: "_")
        && name[name.count - 1] == UInt8(ascii: "_")
}

/// Whether the guard is a part of the gate itself and stands for nothing restricted.
private func hasNoRules(_ object: PyRef) -> Bool {
    guardLayout(object).pointee.use_rules == (0, 0)
        && guardLayout(object).pointee.call_rules == (0, 0)
}

/// Whether `__get__` of a guarded Python function is asked for, which binds the guard.
private func isBinding(_ name: UnsafeRawBufferPointer, _ object: PyRef) -> Bool {
    guard equal(name, "__get__"), let wrapped = guardLayout(object).pointee.wrapped else {
        return false
    }
    return pc_as_object(pc_type(wrapped)) == gate.functionType
}

func addAttributeSlots(to builder: inout TypeBuilder) {
    let getAttribute: BinaryFunction = { object, name in
        guard let bytes = utf8(name) else { return nil }
        // The guard itself is what is called.
        if equal(bytes, "__call__") || isBinding(bytes, object) {
            return PyObject_GenericGetAttr(object, name)
        }
        switch Int(guardLayout(object).pointee.kind) {
        case PC_GUARD_CLASS: return attributeOfClass(object, name, bytes)
        case PC_GUARD_OBJECT where equal(bytes, "__class__"): break
        case PC_GUARD_OBJECT: return used(object, name).flatMap { PyObject_GetAttr($0, name) }
        default: break
        }
        return attributeOfCallable(object, name, bytes)
    }
    let setAttribute: StoreFunction = { object, name, _ in
        guard used(object, name) != nil else { return -1 }
        setError(
            .attribute,
            "cannot set or delete an attribute of a restricted object of the host in a sandbox")
        return -1
    }
    builder.slot(PC_tp_getattro, address(getAttribute))
    builder.slot(PC_tp_setattro, address(setAttribute))
}

/// What a guarded function shows: its metadata, and what it wraps as a guard of the same kind.
private func attributeOfCallable(_ object: PyRef, _ name: PyRef, _ bytes: UnsafeRawBufferPointer)
    -> PyOptionalRef
{
    let fields = guardLayout(object)
    guard let wrapped = fields.pointee.wrapped, let path = fields.pointee.path,
        let policy = fields.pointee.policy, let value = PyObject_GetAttr(wrapped, name)
    else { return nil }
    guard isSealed(bytes) else { return value }
    defer { Py_DecRef(value) }
    if equal(bytes, "__wrapped__") || equal(bytes, "__func__") {
        return makeGuard(
            wrapping: value, path: path, policy: policy, kind: PC_GUARD_CALLABLE,
            use: fields.pointee.use_rules, call: fields.pointee.call_rules)
    }
    // Code of the host, such as `inspect`, reads what a function is made of and uses it as data.
    guard isSandboxedCaller() else { return retained(value) }
    guard used(object, name) != nil else { return nil }
    if hasNoRules(object) {
        return raise(.attribute, "the gate does not show what it is made of")
    }
    return retained(value)
}

/// A guarded Python function becomes a method where the function would.
func addBinding(to builder: inout TypeBuilder) {
    let bind: TernaryFunction = { object, instance, _ in
        guard let instance, instance != pc_none(),
            let wrapped = guardLayout(object).pointee.wrapped,
            pc_as_object(pc_type(wrapped)) == gate.functionType,
            let method = gate.methodType
        else { return retained(object) }
        return call(method, object, instance)
    }
    builder.slot(PC_tp_descr_get, address(bind))
}

/// What a guarded class shows: its metadata, its constants, and its callables as guards.
private func attributeOfClass(_ object: PyRef, _ name: PyRef, _ bytes: UnsafeRawBufferPointer)
    -> PyOptionalRef
{
    let fields = guardLayout(object)
    guard let wrapped = fields.pointee.wrapped, let path = fields.pointee.path,
        let policy = fields.pointee.policy
    else { return raise(.runtime, "the guarded object is gone") }
    guard let value = PyObject_GetAttr(wrapped, name) else { return nil }
    if isSealed(bytes) {
        if !isSandboxedCaller() || used(object, name) != nil { return value }
        Py_DecRef(value)
        return nil
    }
    if isDunder(bytes) || PyCallable_Check(value) == 0 || isOwnMethod(value, name, of: object) {
        return value
    }
    defer { Py_DecRef(value) }
    return guardMember(value, name, of: path, policy)
}

/// Whether a member of a class is a function that needs an instance to act on, of which the policy
/// does not speak by itself. To make an instance is what the policy restricts, and through the
/// instance the function is had as it is: `Sub.run is Thread.run`.
private func isOwnMethod(_ value: PyRef, _ name: PyRef, of object: PyRef) -> Bool {
    let fields = guardLayout(object)
    guard pc_as_object(pc_type(value)) == gate.functionType,
        let wrapped = fields.pointee.wrapped, let policy = fields.pointee.policy.map(storage),
        let classes = gate.names.mro.flatMap({ PyObject_GetAttr(wrapped, $0) })
    else { return false }
    defer { Py_DecRef(classes) }
    for index in 0..<max(0, PyTuple_Size(classes)) {
        guard let candidate = item(classes, index), let key = gate.names.dict,
            !isStated(name, of: candidate, policy), let names = PyObject_GetAttr(candidate, key)
        else { return false }
        defer { Py_DecRef(names) }
        // A static method is a function as well once it is had from the class.
        guard let stored = PyObject_GetItem(names, name) else {
            PyErr_Clear()
            continue
        }
        defer { Py_DecRef(stored) }
        return stored == value
    }
    return false
}

private func isStated(_ name: PyRef, of owner: PyRef, _ policy: GatePolicy) -> Bool {
    guard let path = policy.path(ofClass: owner), let memberPath = extended(path, name) else {
        return false
    }
    defer { Py_DecRef(memberPath) }
    return policy.isStated(memberPath)
}

/// A guard for a callable member of something restricted, with the rules of its own path.
func guardMember(_ value: PyRef, _ name: PyRef, of path: PyRef, _ policy: PyRef) -> PyOptionalRef {
    guard let memberPath = extended(path, name) else { return nil }
    defer { Py_DecRef(memberPath) }
    guard let verdict = memberVerdict(policy, memberPath) else { return nil }
    return makeMemberGuard(wrapping: value, path: memberPath, policy: policy, verdict)
}

/// A guard for a callable member of a class; that of a function is the same each time, as the
/// function is.
func makeMemberGuard(
    wrapping value: PyRef, path: PyRef, policy: PyRef, _ verdict: MemberVerdict
) -> PyOptionalRef {
    let isFunction = pc_as_object(pc_type(value)) == gate.functionType
    if isFunction, let known = storage(policy).guardOfFunction(value) { return retained(known) }
    let kind = pc_is_type(value) != 0 ? PC_GUARD_CLASS : PC_GUARD_CALLABLE
    let made = makeGuard(
        wrapping: value, path: path, policy: policy, kind: kind, use: verdict.use,
        call: verdict.call)
    if isFunction, let made { storage(policy).remember(made, guarding: value) }
    return made
}

/// A new tuple of `path` and one more name.
func extended(_ path: PyRef, _ name: PyRef) -> PyOptionalRef {
    let count = PyTuple_Size(path)
    guard count >= 0, let longer = PyTuple_New(count + 1) else { return nil }
    for index in 0..<count {
        guard let segment = item(path, index) else { return nil }
        PyTuple_SetItem(longer, index, retained(segment))
    }
    PyTuple_SetItem(longer, count, retained(name))
    return longer
}
