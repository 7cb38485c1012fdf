import CPythonABI

// Members of classes that stay real, such as `datetime.now` and `Path.read_text`: the code of a
// sandbox is compiled so that loads of the names that occur in class rules come here.

/// What a policy says about one member of one class; the rules are by phase, plus one, 0 = none.
struct MemberVerdict {
    var access: (UInt32, UInt32) = (0, 0)
    var use: (UInt32, UInt32) = (0, 0)
    var call: (UInt32, UInt32) = (0, 0)

    var isRestricted: Bool {
        // A call is a use and a use an access, so the call rules hold what the others do.
        call.0 != 0 || call.1 != 0 || use.0 != 0 || use.1 != 0 || access.0 != 0 || access.1 != 0
    }
}

/// `__portcullis_call__(name, object, count)`: gives the object back if `object.name(...)` with so
/// many arguments may go on, so that the load of the method and its call stay in the interpreter's
/// own fast paths.
let gatedCall: FastFunction = { _, arguments, count in
    guard count == 3, let arguments else {
        return raise(.type, "__portcullis_call__ takes a name, an object and a count")
    }
    let object = arguments[1]
    if pc_is_plain(object) == 0, !permitsCall(object, arguments[0], arguments[2]) { return nil }
    return retained(object)
}

/// `__portcullis_attr__(name, object)`: `object.name`, gated.
let gatedAttribute: FastFunction = { _, arguments, count in
    guard count == 2, let arguments else {
        return raise(.type, "__portcullis_attr__ takes a name and an object")
    }
    return loadAttribute(arguments[1], arguments[0])
}

/// `__portcullis_part__(name, object)`: `object.name` for a name that leads to what the object is
/// made of.
let gatedPart: FastFunction = { _, arguments, count in
    guard count == 2, let arguments else {
        return raise(.type, "__portcullis_part__ takes a name and an object")
    }
    return loadPart(arguments[1], arguments[0])
}

/// `__portcullis_text__(object)`: what `object.format(...)` is called on. A text whose fields lead to
/// what objects are made of is formatted by the gate, since C code loads what the fields name.
let gatedText: BinaryFunction = { _, object in
    let isClass = object == pc_str_type()
    guard isClass || pc_is_str(object) != 0 else { return retained(object) }
    if !isClass {
        guard let bytes = utf8(object) else { return nil }
        if !leadsToParts(bytes) { return retained(object) }
    }
    guard activeSandbox() != nil, let hook = gate.partHook else { return retained(object) }
    guard let name = PyUnicode_InternFromString("format") else { return nil }
    defer { Py_DecRef(name) }
    return call(hook, name, object, object)
}

/// Whether a text has `__` or `.f_`, which the names of parts begin with.
private func leadsToParts(_ text: UnsafeRawBufferPointer) -> Bool {
    let (underscore, dot, letter) = (UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "f"))
    for index in text.indices.dropFirst() where text[index] == underscore {
        if text[index - 1] == underscore { return true }
        if text[index - 1] == letter, index > 1, text[index - 2] == dot { return true }
    }
    return false
}

/// `getattr`, gated for the names that occur in class rules and for those of parts.
let gatedGetattr: FastFunction = { _, arguments, count in
    guard let getattr = gate.originals.getattr else { return nil }
    guard count == 2 || count == 3, let arguments, pc_is_str(arguments[1]) != 0,
        let sandbox = activeSandbox()
    else { return pc_vectorcall(getattr, arguments, count, nil) }
    let value: PyOptionalRef
    if isPartName(arguments[1]) {
        value = loadPart(arguments[0], arguments[1])
    } else if pc_is_plain(arguments[0]) == 0, isGatedName(arguments[1], sandbox) {
        value = loadAttribute(arguments[0], arguments[1])
    } else if sandbox.pointee.has_notes != 0 {
        value = loadNoted(arguments[0], arguments[1], sandbox)
    } else {
        return pc_vectorcall(getattr, arguments, count, nil)
    }
    if let value { return value }
    guard count == 3, PyErr_ExceptionMatches(PythonException.attribute.object) != 0 else {
        return nil
    }
    PyErr_Clear()
    return retained(arguments[2])
}

private func isPartName(_ name: PyRef) -> Bool {
    guard let names = gate.partNames else { return false }
    return PySequence_Contains(names, name) == 1
}

/// A part of an object as sandboxed code may have it.
private func loadPart(_ object: PyRef, _ name: PyRef) -> PyOptionalRef {
    guard let value = PyObject_GetAttr(object, name) else { return nil }
    // The dictionary of an ordinary instance is its own.
    if name == gate.names.dict, pc_is_type(object) == 0, pc_is_module(object) == 0 { return value }
    if name == gate.names.setattr || name == gate.names.delattr, !isMetaclass(object) {
        return value
    }
    guard activeSandbox() != nil, let hook = gate.partHook else { return value }
    defer { Py_DecRef(value) }
    return call(hook, name, object, value)
}

/// Whether an object is `type` or a class derived from it, whose `__setattr__` writes to classes.
private func isMetaclass(_ object: PyRef) -> Bool {
    pc_is_type(object) != 0 && PyType_IsSubtype(pc_as_type(object), pc_as_type(pc_type_type())) != 0
}

private func isGatedName(_ name: PyRef, _ sandbox: SandboxPointer) -> Bool {
    guard let names = sandbox.pointee.policy.map(storage)?.gatedNames else { return true }
    return PySequence_Contains(names, name) == 1
}

private func loadAttribute(_ object: PyRef, _ name: PyRef) -> PyOptionalRef {
    guard pc_is_plain(object) == 0, !isGuard(object), let sandbox = activeSandbox() else {
        return PyObject_GetAttr(object, name)
    }
    guard let found = VerdictCache.find(object, name, sandbox) else { return nil }
    defer { Py_DecRef(found.path) }
    guard let path = found.path, let policy = sandbox.pointee.policy else {
        return PyObject_GetAttr(object, name)
    }
    let access = byPhase(found.verdict.access, sandbox)
    if access != 0, !permits(policy, path, nil, access) { return nil }
    guard pc_is_type(object) == 0, isComputed(object, name) else {
        guard let value = PyObject_GetAttr(object, name) else { return nil }
        defer { Py_DecRef(value) }
        if PyCallable_Check(value) == 0 { return retained(value) }
        return makeMemberGuard(wrapping: value, path: path, policy: policy, found.verdict)
    }
    // Reading a property runs it, so it is a use.
    let use = byPhase(found.verdict.use, sandbox)
    if use != 0, !permits(policy, path, nil, use) { return nil }
    return PyObject_GetAttr(object, name)
}

/// Whether the attribute of an instance is computed by a property of its class.
private func isComputed(_ object: PyRef, _ name: PyRef) -> Bool {
    guard let descriptor = PyObject_GetAttr(pc_as_object(pc_type(object)), name) else {
        PyErr_Clear()
        return false
    }
    defer { Py_DecRef(descriptor) }
    return PyCallable_Check(descriptor) == 0
}

/// Checks the call of a member; false with an exception set if it may not go on.
@inline(__always)
private func permitsCall(_ object: PyRef, _ name: PyRef, _ count: PyRef) -> Bool {
    guard let sandbox = activeSandbox() else { return true }
    if VerdictCache.isUnrestricted(object, name, sandbox) { return true }
    return permitsRestrictedCall(object, name, count, sandbox)
}

@inline(never)
private func permitsRestrictedCall(
    _ object: PyRef, _ name: PyRef, _ count: PyRef, _ sandbox: SandboxPointer
) -> Bool {
    if isGuard(object) { return true }  // it answers for its members itself
    guard let found = VerdictCache.find(object, name, sandbox) else { return false }
    defer { Py_DecRef(found.path) }
    guard let path = found.path, let policy = sandbox.pointee.policy else { return true }
    let access = byPhase(found.verdict.access, sandbox)
    if access != 0, !permits(policy, path, nil, access) { return false }
    let rule = byPhase(found.verdict.call, sandbox)
    if rule == 0 || !storage(policy).holds(rule, forArguments: PyLong_AsLong(count)) { return true }
    return permits(policy, path, gate.names.call, rule)
}

/// The verdict on a member of a class, from the first class in its method resolution order that
/// the policy speaks of; a class before it that defines the name itself is the author's own.
///
/// - Returns: the path of the restricted member, new reference, nil if it is not restricted; nil
///   with an exception set on failure.
func resolveMember(_ classes: PyRef, from start: Int, _ name: PyRef, _ policy: GatePolicy)
    -> (path: PyOptionalRef, verdict: MemberVerdict)?
{
    for index in start..<max(start, PyTuple_Size(classes)) {
        guard let candidate = item(classes, index) else { return nil }
        if let classPath = policy.path(ofClass: candidate) {
            guard let path = extended(classPath, name) else { return nil }
            guard let verdict = policy.verdict(path) else {
                Py_DecRef(path)
                return nil
            }
            let isStated = policy.isStated(path)
            // To make an instance of a guarded class is a use of it; what is done with one that was
            // made where that is free is restricted only where a rule says so.
            if verdict.isRestricted, isStated || !policy.isGuarded(classPath) {
                return (path, verdict)
            }
            Py_DecRef(path)
            if isStated { return (nil, MemberVerdict()) }
        }
        guard let names = gate.names.dict.flatMap({ PyObject_GetAttr(candidate, $0) }) else {
            return nil
        }
        defer { Py_DecRef(names) }
        switch PySequence_Contains(names, name) {
        case 0: continue
        case 1: return (nil, MemberVerdict())
        default: return nil
        }
    }
    return (nil, MemberVerdict())
}
