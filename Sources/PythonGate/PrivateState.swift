import CPythonABI

// Stores of sandboxed code. Most are on objects of its own and go on at once; those on a module, a
// class or an object of the host ask the sandbox what to act on instead.

private func ask(_ operation: StaticString, _ owner: PyRef, _ name: PyRef) -> PyOptionalRef {
    guard let hook = gate.privateHook else {
        return raise(.runtime, "the gate has no private hook")
    }
    guard let operation = PyUnicode_InternFromString(cString(operation)) else { return nil }
    defer { Py_DecRef(operation) }
    return call(hook, operation, owner, name)
}

/// Whether an object may be the host's, so that writing on it would be seen by others.
private func mayBeShared(_ object: PyRef, _ sandbox: SandboxPointer) -> Bool {
    if pc_is_type(object) != 0 || pc_is_module(object) != 0 { return true }
    if pc_as_object(pc_type(object)) == gate.functionType { return true }
    return sandbox.pointee.policy.map(storage)?.isHostObject(object) ?? false
}

/// `__portcullis_target__(name, object)`: what `object.name = ...` and `del object.name` act on.
let gatedTarget: FastFunction = { _, arguments, count in
    guard count == 2, let arguments else {
        return raise(.type, "__portcullis_target__ takes a name and an object")
    }
    guard let sandbox = activeSandbox(), mayBeShared(arguments[1], sandbox) else {
        return retained(arguments[1])
    }
    return ask("target", arguments[1], arguments[0])
}

/// `__portcullis_container__(name, object)`: `object.name`, about to be changed.
let gatedContainer: FastFunction = { _, arguments, count in
    guard count == 2, let arguments else {
        return raise(.type, "__portcullis_container__ takes a name and an object")
    }
    guard let sandbox = activeSandbox(), mayBeShared(arguments[1], sandbox) else {
        return PyObject_GetAttr(arguments[1], arguments[0])
    }
    return ask("container", arguments[1], arguments[0])
}

/// `__portcullis_own__(object)`: an imported object, about to be changed.
let gatedOwn: BinaryFunction = { _, object in
    guard let sandbox = activeSandbox(),
        sandbox.pointee.policy.map(storage)?.isHostObject(object) ?? false
    else { return retained(object) }
    return ask("own", object, pc_none())
}

/// `__portcullis_real__(object)`: what `type(x) is object` compares with.
let gatedReal: BinaryFunction = { _, object in
    let isClass = pc_as_object(pc_type(object)) == gate.guardTypes.class
    return retained(isClass ? unwrapped(object) : object)
}

/// `__portcullis_noted__(name, object)`: `object.name`, which this file also stores.
let gatedNoted: FastFunction = { _, arguments, count in
    guard count == 2, let arguments else {
        return raise(.type, "__portcullis_noted__ takes a name and an object")
    }
    guard let sandbox = activeSandbox() else {
        return PyObject_GetAttr(arguments[1], arguments[0])
    }
    return loadNoted(arguments[1], arguments[0], sandbox)
}

/// An attribute with what the sandbox has noted beside the object first.
func loadNoted(_ object: PyRef, _ name: PyRef, _ sandbox: SandboxPointer) -> PyOptionalRef {
    guard sandbox.pointee.has_notes != 0 else { return PyObject_GetAttr(object, name) }
    return ask("noted", object, name)
}
