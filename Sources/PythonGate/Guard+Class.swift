import CPythonABI

// A guard of a class is a class itself, one of a metaclass of the gate, so that it can stand wherever
// the interpreter asks for a class: in a class pattern, among the bases that `type()` is given, in
// `copy` and `pickle`. It has no instances: calling it makes one of the class that it stands for.

/// An empty class of the name of the one it stands for; its fields are not set yet.
func makeClass(like wrapped: PyRef) -> PyOptionalRef {
    guard let metaclass = gate.guardTypes.class, let base = gate.guardedClassBase,
        let new = PyType_GetSlot(pc_as_type(pc_type_type()), Int32(PC_tp_new)),
        let name = PyObject_GetAttrString(wrapped, cString("__name__"))
    else { return nil }
    guard let members = PyDict_New(), let none = PyTuple_New(0), let module = text("portcullis")
    else { return nil }
    defer { Py_DecRef(members) }
    defer { Py_DecRef(none) }
    defer { Py_DecRef(module) }
    guard let slots = text("__slots__"), let moduleName = text("__module__") else { return nil }
    defer { Py_DecRef(slots) }
    defer { Py_DecRef(moduleName) }
    guard PyDict_SetItem(members, slots, none) == 0,
        PyDict_SetItem(members, moduleName, module) == 0,
        let bases = tuple(taking: [retained(base)]),
        let arguments = tuple(taking: [name, bases, retained(members)])
    else { return nil }
    defer { Py_DecRef(arguments) }
    return unsafeBitCast(new, to: NewFunction.self)(pc_as_type(metaclass), arguments, nil)
}

private func text(_ literal: StaticString) -> PyOptionalRef {
    PyUnicode_InternFromString(cString(literal))
}

/// Makes the metaclass and the base of all guards of classes; nil with an exception set.
func makeGuardMetaclass() -> PyOptionalRef {
    guard let sizeObject = PyObject_GetAttrString(pc_type_type(), cString("__basicsize__")) else {
        return nil
    }
    defer { Py_DecRef(sizeObject) }
    let header = MemoryLayout<PyObject>.size
    gate.classGuardOffset = PyLong_AsLong(sizeObject) - header
    var builder = TypeBuilder(
        "portcullis.GuardedClass", size: gate.classGuardOffset + MemoryLayout<PCGuard>.size,
        flags: PC_TPFLAGS_HAVE_GC | PC_TPFLAGS_HAVE_VECTORCALL)
    addClassLifeCycle(to: &builder)
    addAttributeSlots(to: &builder)
    addIdentitySlots(to: &builder)
    addCallSlots(to: &builder, offset: gate.classGuardOffset)
    addContainerSlots(to: &builder)
    addClassMethods(to: &builder)
    builder.slot(PC_tp_new, address(newSubclass))
    gate.guardedClassBase = makeGuardedClassBase()
    guard gate.guardedClassBase != nil else { return nil }
    return builder.make(bases: pc_type_type())
}

/// The base of all guards of classes. That it loads attributes in its own way keeps the interpreter
/// from remembering what a guard inherits from `object` in place of what it shows.
private func makeGuardedClassBase() -> PyOptionalRef {
    var builder = TypeBuilder("portcullis.Guarded", size: 0, flags: PC_TPFLAGS_BASETYPE)
    let getAttribute: BinaryFunction = { object, name in PyObject_GenericGetAttr(object, name) }
    // `type.__call__(guard)` and `guard.__new__(guard)`: a call of the guard.
    let new: NewFunction = { type, arguments, keywords in
        let object = pc_as_object(type)
        guard isGuard(object) else { return raise(.type, "a guard has no instances") }
        return PyObject_Call(object, arguments, keywords)
    }
    builder.slot(PC_tp_getattro, address(getAttribute))
    builder.slot(PC_tp_new, address(new))
    return builder.make()
}

/// `type(name, (guard,), namespace)`: the class that extends what the guards stand for.
private let newSubclass: NewFunction = { _, arguments, keywords in
    guard PyTuple_Size(arguments) == 3, let name = item(arguments, 0),
        let bases = item(arguments, 1), let namespace = item(arguments, 2),
        PyTuple_Size(bases) >= 0
    else { return PyErr_Occurred() != nil ? nil : raise(.type, "a guard is no metaclass") }
    let given = (0..<PyTuple_Size(bases)).compactMap { item(bases, $0) }
    guard let real = tuple(taking: given.map { retained(unwrapped($0)) }),
        let all = tuple(taking: [retained(name), real, retained(namespace)])
    else { return nil }
    defer { Py_DecRef(all) }
    guard let made = PyObject_Call(pc_type_type(), all, keywords) else { return nil }
    return restricted(made, as: given.filter(isGuard))
}

/// Lets the construction of a new class be a use of the guarded classes that it extends.
///
/// - Parameter made: the class, a reference that is taken.
func restricted(_ made: PyRef, as guards: [PyRef]) -> PyOptionalRef {
    guard !guards.isEmpty, let hook = gate.classHook else { return made }
    defer { Py_DecRef(made) }
    guard let bases = tuple(taking: guards.map(retained)) else { return nil }
    defer { Py_DecRef(bases) }
    return call(hook, made, bases)
}

/// A base as CPython must see it, a new reference, and the guard that stood for it: for a guard, or
/// an alias such as `Queue[int]` of one, that of the real class.
func realBase(_ base: PyRef) -> (real: PyOptionalRef, guarding: PyOptionalRef) {
    if isGuard(base) { return (retained(unwrapped(base)), base) }
    guard pc_is_type(base) == 0, pc_as_object(pc_type(base)) == gate.aliasType,
        let origin = PyObject_GetAttrString(base, cString("__origin__"))
    else { return (retained(base), nil) }
    defer { Py_DecRef(origin) }
    guard isGuard(origin) else { return (retained(base), nil) }
    guard let arguments = PyObject_GetAttrString(base, cString("__args__")) else {
        return (nil, nil)
    }
    defer { Py_DecRef(arguments) }
    // Borrowed from the alias, which the caller holds.
    return (Py_GenericAlias(unwrapped(origin), arguments), origin)
}

private func typeSlot<Function>(_ number: Int, as: Function.Type) -> Function? {
    PyType_GetSlot(pc_as_type(pc_type_type()), Int32(number)).map {
        unsafeBitCast($0, to: Function.self)
    }
}

private func addClassLifeCycle(to builder: inout TypeBuilder) {
    let traverse: VisitFunction = { object, visitor, argument in
        let fields = guardLayout(object)
        var stop = typeSlot(PC_tp_traverse, as: VisitFunction.self)?(object, visitor, argument) ?? 0
        if stop == 0 { stop = visit(fields.pointee.wrapped, visitor, argument) }
        if stop == 0 { stop = visit(fields.pointee.path, visitor, argument) }
        if stop == 0 { stop = visit(fields.pointee.policy, visitor, argument) }
        if stop == 0 { stop = visit(pc_as_object(pc_type(object)), visitor, argument) }
        return stop
    }
    let clearFields: TestFunction = { object in
        typeSlot(PC_tp_clear, as: TestFunction.self)?(object) ?? 0
    }
    let dealloc: DeallocFunction = { object in
        let metaclass = pc_as_object(pc_type(object))
        // What is let go here can run code, and the collector must not come upon what is half freed.
        PyObject_GC_UnTrack(object)
        let fields = guardLayout(object)
        clear(&fields.pointee.wrapped)
        clear(&fields.pointee.path)
        clear(&fields.pointee.policy)
        // The rest is that of a class, which counts on being tracked; it frees the memory, and
        // leaves the reference to the metaclass.
        PyObject_GC_Track(object)
        typeSlot(PC_tp_dealloc, as: DeallocFunction.self)?(object)
        Py_DecRef(metaclass)
    }
    builder.slot(PC_tp_traverse, address(traverse))
    builder.slot(PC_tp_clear, address(clearFields))
    builder.slot(PC_tp_dealloc, address(dealloc))
}
