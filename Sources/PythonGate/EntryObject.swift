import CPythonABI

// An entry is the context manager that makes a sandbox, or none, the active one of its thread,
// and puts back on leaving what was there before.

private func layout(_ object: PyRef) -> UnsafeMutablePointer<PCEntry> {
    UnsafeMutableRawPointer(object).assumingMemoryBound(to: PCEntry.self)
}

/// Makes an entry of a sandbox, or of none for code of the host that runs in between.
func makeEntry(_ sandbox: PyOptionalRef, phase: UInt8, inActivation: UInt8) -> PyOptionalRef {
    guard !isSandboxedCaller() else {
        return raise(.runtime, "sandboxed code cannot enter or leave a sandbox")
    }
    guard let type = gate.entryType, let object = PyType_GenericAlloc(pc_as_type(type), 0) else {
        return nil
    }
    let fields = layout(object)
    if let sandbox { fields.pointee.sandbox = retained(sandbox) }
    fields.pointee.phase = phase
    fields.pointee.in_activation = inActivation
    return object
}

func makeEntryType() -> PyOptionalRef {
    var builder = TypeBuilder("portcullis._gate.Entry", size: MemoryLayout<PCEntry>.size)
    let enter: BinaryFunction = { object, _ in
        guard enterSandbox(layout(object)) else { return nil }
        return none()
    }
    let exit: FastFunction = { object, _, _ in
        guard leaveSandbox(layout(object)) else { return nil }
        return none()
    }
    let dealloc: DeallocFunction = { object in
        clear(&layout(object).pointee.sandbox)
        clear(&layout(object).pointee.previous)
        freeInstance(object)
    }
    builder.method("__enter__", PC_METH_NOARGS, address(enter))
    builder.method("__exit__", PC_METH_FASTCALL, address(exit))
    builder.slot(PC_tp_dealloc, address(dealloc))
    return builder.make()
}

private func enterSandbox(_ fields: UnsafeMutablePointer<PCEntry>) -> Bool {
    guard fields.pointee.entered == 0 else {
        setError(.runtime, "an entry is entered once at a time")
        return false
    }
    if let previous = pc_current_sandbox() {
        fields.pointee.previous = retained(objectOf(previous))
    }
    if let object = fields.pointee.sandbox {
        let sandbox = sandboxLayout(object)
        swap(&sandbox.pointee.phase, &fields.pointee.phase)
        swap(&sandbox.pointee.in_activation, &fields.pointee.in_activation)
        pc_set_current_sandbox(sandbox)
    } else {
        pc_set_current_sandbox(nil)
    }
    fields.pointee.entered = 1
    return true
}

/// Tells the owner of a sandbox that it is left, if it wants to know; an entry within an entry of
/// the same sandbox is none.
private func tellOwner(_ fields: UnsafeMutablePointer<PCEntry>) -> Bool {
    guard let object = fields.pointee.sandbox, object != fields.pointee.previous,
        sandboxLayout(object).pointee.watches_leaving != 0,
        let owner = sandboxLayout(object).pointee.owner
    else { return true }
    guard let method = PyObject_GetAttrString(owner, cString("left")) else { return false }
    defer { Py_DecRef(method) }
    guard let done = PyObject_CallObject(method, nil) else { return false }
    Py_DecRef(done)
    return true
}

private func leaveSandbox(_ fields: UnsafeMutablePointer<PCEntry>) -> Bool {
    guard fields.pointee.entered == 1, !isSandboxedCaller() else {
        setError(.runtime, "this entry cannot be left here")
        return false
    }
    let isTold = tellOwner(fields)
    if let object = fields.pointee.sandbox {
        let sandbox = sandboxLayout(object)
        swap(&sandbox.pointee.phase, &fields.pointee.phase)
        swap(&sandbox.pointee.in_activation, &fields.pointee.in_activation)
    }
    pc_set_current_sandbox(fields.pointee.previous.map { sandboxLayout($0) })
    clear(&fields.pointee.previous)
    fields.pointee.entered = 0
    return isTold
}
