import CPythonABI

/// Makes the type of what one run of a workflow has of its own:
/// `Sandbox(policy, builtins, modules, loaded, owner)`.
///
/// - `builtins`: the dictionary that its code sees as `__builtins__`; it gets the mark by which
///   the gate knows the code's frames again.
/// - `modules`: name to module, what its code sees as `sys.modules`.
/// - `loaded`: those of `modules` that were executed in the sandbox.
/// - `owner`: has `import_(name, globals, fromlist, level)`, `lazy_module(name)`, and `left()`,
///   which is called if the sandbox watches that.
func makeSandboxType() -> PyOptionalRef {
    var builder = TypeBuilder(
        "portcullis._gate.Sandbox", size: MemoryLayout<PCSandbox>.size,
        flags: PC_TPFLAGS_HAVE_GC)
    let new: NewFunction = { type, arguments, _ in newSandbox(type, arguments) }
    builder.slot(PC_tp_new, address(new))
    addSandboxLifeCycle(to: &builder)
    let entry: FastFunction = { object, arguments, count in
        guard count == 2, let arguments else {
            return raise(.type, "entry takes a phase and whether it is an activation")
        }
        let phase = PyLong_AsLong(arguments[0])
        let activation = PyObject_IsTrue(arguments[1])
        if PyErr_Occurred() != nil || activation < 0 { return nil }
        guard phase == PC_PHASE_IMPORT || phase == PC_PHASE_RUNTIME else {
            return raise(.value, "the phase is 0 for import or 1 for run time")
        }
        return makeEntry(object, phase: UInt8(phase), inActivation: UInt8(activation))
    }
    let isRuntime: BinaryFunction = { object, _ in
        boolean(Int(sandboxLayout(object).pointee.phase) == PC_PHASE_RUNTIME)
    }
    let inActivation: BinaryFunction = { object, _ in
        boolean(sandboxLayout(object).pointee.in_activation != 0)
    }
    let owner: BinaryFunction = { object, _ in
        guard !isSandboxedCaller() else {
            return raise(.runtime, "sandboxed code has no part in its sandbox")
        }
        return sandboxLayout(object).pointee.owner.map(retained) ?? none()
    }
    let hasNotes: BinaryFunction = { object, value in
        sandboxLayout(object).pointee.has_notes = PyObject_IsTrue(value) == 1 ? 1 : 0
        return none()
    }
    let watchesLeaving: BinaryFunction = { object, value in
        sandboxLayout(object).pointee.watches_leaving = PyObject_IsTrue(value) == 1 ? 1 : 0
        return none()
    }
    builder.method("watches_leaving", PC_METH_O, address(watchesLeaving))
    builder.method("has_notes", PC_METH_O, address(hasNotes))
    builder.method("owner", PC_METH_NOARGS, address(owner))
    builder.method("entry", PC_METH_FASTCALL, address(entry))
    builder.method("is_runtime", PC_METH_NOARGS, address(isRuntime))
    builder.method("in_activation", PC_METH_NOARGS, address(inActivation))
    return builder.make()
}

private func newSandbox(_ type: PyTypeRef, _ arguments: PyRef) -> PyOptionalRef {
    guard PyTuple_Size(arguments) == 5, let policy = item(arguments, 0),
        pc_as_object(pc_type(policy)) == gate.policyType,
        let builtins = item(arguments, 1), let modules = item(arguments, 2),
        let loaded = item(arguments, 3), let owner = item(arguments, 4)
    else {
        return raise(
            .type, "Sandbox takes a Policy, builtins, modules, loaded modules and an owner")
    }
    for table in [builtins, modules, loaded] where pc_as_object(pc_type(table)) != pc_dict_type() {
        return raise(.type, "builtins, modules and loaded modules are plain dictionaries")
    }
    guard !isSandboxedCaller() else {
        return raise(.runtime, "sandboxed code cannot make a sandbox")
    }
    guard let object = PyType_GenericAlloc(type, 0) else { return nil }
    let fields = sandboxLayout(object)
    fields.pointee.policy = retained(policy)
    fields.pointee.builtins = retained(builtins)
    fields.pointee.modules = retained(modules)
    fields.pointee.loaded = retained(loaded)
    fields.pointee.owner = retained(owner)
    guard let marker = gate.names.marker, PyDict_SetItem(builtins, marker, object) == 0 else {
        Py_DecRef(object)
        return nil
    }
    return object
}

private func addSandboxLifeCycle(to builder: inout TypeBuilder) {
    let traverse: VisitFunction = { object, visitor, argument in
        let fields = sandboxLayout(object)
        var stop = visit(fields.pointee.policy, visitor, argument)
        if stop == 0 { stop = visit(fields.pointee.builtins, visitor, argument) }
        if stop == 0 { stop = visit(fields.pointee.modules, visitor, argument) }
        if stop == 0 { stop = visit(fields.pointee.loaded, visitor, argument) }
        if stop == 0 { stop = visit(fields.pointee.owner, visitor, argument) }
        if stop == 0 { stop = visit(fields.pointee.caches, visitor, argument) }
        if stop == 0 { stop = VerdictCache.visit(fields, visitor, argument) }
        if stop == 0 { stop = visit(pc_as_object(pc_type(object)), visitor, argument) }
        return stop
    }
    let clearFields: TestFunction = { object in
        dropFields(sandboxLayout(object))
        return 0
    }
    let dealloc: DeallocFunction = { object in
        PyObject_GC_UnTrack(object)
        dropFields(sandboxLayout(object))
        freeInstance(object)
    }
    builder.slot(PC_tp_traverse, address(traverse))
    builder.slot(PC_tp_clear, address(clearFields))
    builder.slot(PC_tp_dealloc, address(dealloc))
}

private func dropFields(_ fields: SandboxPointer) {
    VerdictCache.drop(fields)
    clear(&fields.pointee.caches)
    clear(&fields.pointee.owner)
    clear(&fields.pointee.loaded)
    clear(&fields.pointee.modules)
    clear(&fields.pointee.builtins)
    clear(&fields.pointee.policy)
}
