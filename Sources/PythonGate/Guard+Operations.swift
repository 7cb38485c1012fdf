import CPythonABI

/// `Popen[str]` is an annotation and not a use; calling it is, so it is an alias of the guard.
private func subscripted(_ object: PyRef, _ key: PyRef) -> PyOptionalRef {
    guard let wrapped = guardLayout(object).pointee.wrapped,
        let alias = PyObject_GetItem(wrapped, key)
    else { return nil }
    guard let origin = PyObject_GetAttrString(alias, cString("__origin__")) else {
        PyErr_Clear()
        return alias
    }
    defer { Py_DecRef(origin) }
    guard origin == wrapped else { return alias }
    defer { Py_DecRef(alias) }
    guard let arguments = PyObject_GetAttrString(alias, cString("__args__")) else { return nil }
    defer { Py_DecRef(arguments) }
    return Py_GenericAlias(object, arguments)
}

func addContainerSlots(to builder: inout TypeBuilder) {
    let getItem: BinaryFunction = { object, key in
        if guardLayout(object).pointee.kind == PC_GUARD_CLASS { return subscripted(object, key) }
        return itemUsed(object, key, "__getitem__").flatMap { PyObject_GetItem($0, key) }
    }
    let setItem: StoreFunction = { object, key, value in
        let operation: StaticString = value == nil ? "__delitem__" : "__setitem__"
        guard let wrapped = itemUsed(object, key, operation) else { return -1 }
        guard let value else { return PyObject_DelItem(wrapped, key) }
        return PyObject_SetItem(wrapped, key, value)
    }
    let contains: ContainsFunction = { object, key in
        itemUsed(object, key, "__contains__").map { PySequence_Contains($0, key) } ?? -1
    }
    let iterate: UnaryFunction = { used($0, named: "__iter__").flatMap { PyObject_GetIter($0) } }
    let count: SizeFunction = { used($0, named: "__len__").map { PyObject_Size($0) } ?? -1 }
    let truth: TestFunction = { object in
        if guardLayout(object).pointee.kind != PC_GUARD_OBJECT { return 1 }
        return used(object, named: "__bool__").map { PyObject_IsTrue($0) } ?? -1
    }
    builder.slot(PC_mp_subscript, address(getItem))
    builder.slot(PC_mp_ass_subscript, address(setItem))
    builder.slot(PC_sq_contains, address(contains))
    builder.slot(PC_mp_length, address(count))
    builder.slot(PC_tp_iter, address(iterate))
    builder.slot(PC_nb_bool, address(truth))
}

/// `|` of guarded variables; that of classes makes a union of the guard.
func addUnion(to builder: inout TypeBuilder) {
    let or: BinaryFunction = { left, right in
        for operand in [left, right] where isGuard(operand) {
            if used(operand, named: "__or__") == nil { return nil }
        }
        return PyNumber_Or(unwrapped(left), unwrapped(right))
    }
    builder.slot(PC_nb_or, address(or))
}

/// Text, hash and comparison are those of the guarded object; they are a use of a variable, while
/// those of a function or class tell nothing but which one it is.
func addIdentitySlots(to builder: inout TypeBuilder) {
    let represent: UnaryFunction = { identified($0, "__repr__").flatMap { PyObject_Repr($0) } }
    let text: UnaryFunction = { identified($0, "__str__").flatMap { PyObject_Str($0) } }
    let hash: SizeFunction = { guardLayout($0).pointee.wrapped.map { PyObject_Hash($0) } ?? -1 }
    let compare: CompareFunction = { left, right, operation in
        guard let wrapped = identified(left, "__eq__") else { return nil }
        return PyObject_RichCompare(wrapped, unwrapped(right), operation)
    }
    builder.slot(PC_tp_repr, address(represent))
    builder.slot(PC_tp_str, address(text))
    builder.slot(PC_tp_hash, address(hash))
    builder.slot(PC_tp_richcompare, address(compare))
}

private func identified(_ object: PyRef, _ operation: StaticString) -> PyOptionalRef {
    if guardLayout(object).pointee.kind != PC_GUARD_OBJECT {
        return guardLayout(object).pointee.wrapped
    }
    return used(object, named: operation)
}

/// A text key is named like an attribute, as temporalio does: `os.environ.HOME`.
private func itemUsed(_ object: PyRef, _ key: PyRef, _ operation: StaticString) -> PyOptionalRef {
    pc_is_str(key) != 0 ? used(object, key) : used(object, named: operation)
}

/// What lets a guarded class be the second argument of `isinstance`.
func addClassMethods(to builder: inout TypeBuilder) {
    let instance: BinaryFunction = { object, candidate in
        guard let wrapped = guardLayout(object).pointee.wrapped else { return nil }
        let answer = PyObject_IsInstance(unwrapped(candidate), wrapped)
        return answer < 0 ? nil : boolean(answer != 0)
    }
    let subclass: BinaryFunction = { object, candidate in
        guard let wrapped = guardLayout(object).pointee.wrapped else { return nil }
        let answer = PyObject_IsSubclass(unwrapped(candidate), wrapped)
        return answer < 0 ? nil : boolean(answer != 0)
    }
    builder.method("__instancecheck__", PC_METH_O, address(instance))
    builder.method("__subclasscheck__", PC_METH_O, address(subclass))
}
