import CPythonABI

// The permanent stand-in for `sys.modules`: a dict subclass that holds nothing itself and sends
// every operation to the table of whoever asks.
//
// - A thread without a sandbox, and importlib itself: the interpreter's own table.
// - Sandboxed code: the sandbox's table; what is passed through appears on demand.
// - Code of the host while a sandbox is active: the interpreter's own table, but for the modules
//   that were executed in the sandbox, since `sys.modules[cls.__module__]` is how dataclasses,
//   typing, pickle and inspect find the module of a class. What it imports is the host's all the
//   same: no sandbox is active while that is loaded (`findAndLoadForHost`).

/// Sandboxed code never sees the host's table, not even when its own is gone.
private func closedSandbox() -> PyOptionalRef {
    raise(.runtime, "the sandbox is closed")
}

private enum View {
    case interpreter(PyRef)
    case sandboxed(SandboxPointer)
    case host(PyRef, SandboxPointer)
}

/// The interpreter's own table if the code that asks has nothing to do with a sandbox, which is the
/// way of all threads of the host.
@inline(__always)
private func tableOfHost() -> PyOptionalRef {
    guard pc_current_sandbox() == nil else { return nil }
    guard let builtins = PyEval_GetBuiltins(), builtins != gate.hostBuiltins else {
        return gate.realModules
    }
    return nil
}

private func view() -> View? {
    guard let real = gate.realModules else {
        setError(.runtime, "the module table is gone")
        return nil
    }
    let current = pc_current_sandbox()
    let builtins = PyEval_GetBuiltins()
    if current == nil, builtins == nil || builtins == gate.hostBuiltins {
        return .interpreter(real)
    }
    if let globals = PyEval_GetGlobals(),
        globals == gate.bootstrapGlobals.0 || globals == gate.bootstrapGlobals.1
    {
        return .interpreter(real)
    }
    if let current, builtins == current.pointee.builtins { return .sandboxed(current) }
    if let builtins, builtins != gate.hostBuiltins, let owner = sandbox(of: builtins) {
        return .sandboxed(owner)
    }
    return current.map { .host(real, $0) } ?? .interpreter(real)
}

/// The table that an operation on one key goes to, borrowed.
private func table(for key: PyRef, in view: View) -> PyOptionalRef {
    switch view {
    case .interpreter(let real): return real
    case .sandboxed(let sandbox): return sandbox.pointee.modules ?? closedSandbox()
    case .host(let real, let sandbox):
        guard let loaded = sandbox.pointee.loaded else { return real }
        if PyDict_GetItemWithError(loaded, key) != nil { return loaded }
        return PyErr_Occurred() == nil ? real : nil
    }
}

/// The value of a key, a new reference; nil without an exception if there is none.
func lookUpModule(_ key: PyRef) -> PyOptionalRef {
    if let table = tableOfHost() { return PyDict_GetItemWithError(table, key).map(retained) }
    guard let view = view(), let table = table(for: key, in: view) else { return nil }
    if let value = PyDict_GetItemWithError(table, key) { return retained(value) }
    guard PyErr_Occurred() == nil, case .sandboxed(let sandbox) = view,
        let owner = sandbox.pointee.owner, pc_is_str(key) != 0
    else { return nil }
    guard let found = callMethod(owner, "lazy_module", key) else { return nil }
    if found != pc_none() { return found }
    Py_DecRef(found)
    return nil
}

func callMethod(_ object: PyRef, _ name: StaticString, _ argument: PyRef) -> PyOptionalRef {
    guard let method = PyObject_GetAttrString(object, cString(name)) else { return nil }
    defer { Py_DecRef(method) }
    return call(method, argument)
}

/// The whole table as the caller sees it, a new reference: the table itself, or a merged copy.
private func wholeTable() -> PyOptionalRef {
    switch view() {
    case nil: return nil
    case .interpreter(let real): return retained(real)
    case .sandboxed(let sandbox):
        return sandbox.pointee.modules.map(retained) ?? closedSandbox()
    case .host(let real, let sandbox):
        guard let merged = PyDict_Copy(real) else { return nil }
        if let loaded = sandbox.pointee.loaded, PyDict_Update(merged, loaded) != 0 {
            Py_DecRef(merged)
            return nil
        }
        return merged
    }
}

func storeModule(_ key: PyRef, _ value: PyOptionalRef) -> Int32 {
    guard let view = view() else { return -1 }
    guard case .sandboxed(let sandbox) = view else {
        guard let table = table(for: key, in: view) else { return -1 }
        return set(table, key, value)
    }
    guard let modules = sandbox.pointee.modules, let loaded = sandbox.pointee.loaded else {
        _ = closedSandbox()
        return -1
    }
    if set(modules, key, value) != 0 { return -1 }
    if value == nil, PyDict_GetItemWithError(loaded, key) == nil { return 0 }
    return set(loaded, key, value)
}

private func set(_ table: PyRef, _ key: PyRef, _ value: PyOptionalRef) -> Int32 {
    guard let value else { return PyObject_DelItem(table, key) }
    return PyObject_SetItem(table, key, value)
}

func missingModule(_ key: PyRef) -> PyOptionalRef {
    if PyErr_Occurred() == nil { PyErr_SetObject(PythonException.key.object, key) }
    return nil
}

func makeModuleTableType() -> PyOptionalRef {
    var builder = TypeBuilder("portcullis._gate.ModuleTable", size: 0, flags: PC_TPFLAGS_BASETYPE)
    let lookUpItem: BinaryFunction = { _, key in lookUpModule(key) ?? missingModule(key) }
    let assign: StoreFunction = { _, key, value in storeModule(key, value) }
    let contains: ContainsFunction = { _, key in
        if let table = tableOfHost() { return PyDict_Contains(table, key) }
        guard let value = lookUpModule(key) else { return PyErr_Occurred() == nil ? 0 : -1 }
        Py_DecRef(value)
        return 1
    }
    let count: SizeFunction = { _ in
        guard let table = wholeTable() else { return -1 }
        defer { Py_DecRef(table) }
        return PyObject_Size(table)
    }
    let iterate: UnaryFunction = { _ in
        guard let table = wholeTable() else { return nil }
        defer { Py_DecRef(table) }
        return PyObject_GetIter(table)
    }
    let represent: UnaryFunction = { _ in
        guard let table = wholeTable() else { return nil }
        defer { Py_DecRef(table) }
        return PyObject_Repr(table)
    }
    let compare: CompareFunction = { left, right, operation in
        guard let table = wholeTable() else { return nil }
        defer { Py_DecRef(table) }
        return PyObject_RichCompare(table, right == left ? table : right, operation)
    }
    let or: BinaryFunction = { left, right in
        guard let table = wholeTable() else { return nil }
        defer { Py_DecRef(table) }
        let isTable = { (object: PyRef) in pc_as_object(pc_type(object)) == gate.moduleTableType }
        return PyNumber_Or(isTable(left) ? table : left, isTable(right) ? table : right)
    }
    builder.slot(PC_mp_subscript, address(lookUpItem))
    builder.slot(PC_mp_ass_subscript, address(assign))
    builder.slot(PC_sq_contains, address(contains))
    builder.slot(PC_mp_length, address(count))
    builder.slot(PC_tp_iter, address(iterate))
    builder.slot(PC_tp_repr, address(represent))
    builder.slot(PC_tp_richcompare, address(compare))
    builder.slot(PC_nb_or, address(or))
    addKeyedMethods(to: &builder)
    addWholeMethods(to: &builder)
    return builder.make(bases: pc_dict_type())
}

private func addKeyedMethods(to builder: inout TypeBuilder) {
    let get: FastFunction = { _, arguments, count in
        guard count == 1 || count == 2, let arguments else {
            return raise(.type, "get takes a key and a default")
        }
        if let value = lookUpModule(arguments[0]) { return value }
        guard PyErr_Occurred() == nil else { return nil }
        return count == 2 ? retained(arguments[1]) : none()
    }
    let setDefault: FastFunction = { _, arguments, count in
        guard count == 1 || count == 2, let arguments else {
            return raise(.type, "setdefault takes a key and a default")
        }
        if let value = lookUpModule(arguments[0]) { return value }
        guard PyErr_Occurred() == nil else { return nil }
        let value = count == 2 ? arguments[1] : pc_none()
        return storeModule(arguments[0], value) == 0 ? retained(value) : nil
    }
    let pop: FastFunction = { _, arguments, count in
        guard count == 1 || count == 2, let arguments else {
            return raise(.type, "pop takes a key and a default")
        }
        guard let value = lookUpModule(arguments[0]) else {
            guard PyErr_Occurred() == nil else { return nil }
            return count == 2 ? retained(arguments[1]) : missingModule(arguments[0])
        }
        if storeModule(arguments[0], nil) == 0 { return value }
        Py_DecRef(value)
        return nil
    }
    builder.method("get", PC_METH_FASTCALL, address(get))
    builder.method("setdefault", PC_METH_FASTCALL, address(setDefault))
    builder.method("pop", PC_METH_FASTCALL, address(pop))
}

private func addWholeMethods(to builder: inout TypeBuilder) {
    let keys: BinaryFunction = { _, _ in onWholeTable("keys") }
    let values: BinaryFunction = { _, _ in onWholeTable("values") }
    let items: BinaryFunction = { _, _ in onWholeTable("items") }
    let reversed: BinaryFunction = { _, _ in onWholeTable("__reversed__") }
    let clearAll: BinaryFunction = { _, _ in onWholeTable("clear") }
    let popItem: BinaryFunction = { _, _ in onWholeTable("popitem") }
    let copy: BinaryFunction = { _, _ in
        guard let table = wholeTable() else { return nil }
        defer { Py_DecRef(table) }
        return PyDict_Copy(table)
    }
    let update: KeywordFunction = { object, arguments, count, keywords in
        guard let changes = PyDict_New() else { return nil }
        defer { Py_DecRef(changes) }
        guard let method = PyObject_GetAttrString(changes, "update") else { return nil }
        defer { Py_DecRef(method) }
        guard let done = pc_vectorcall(method, arguments, count, keywords) else { return nil }
        Py_DecRef(done)
        return storeAll(changes) ? none() : nil
    }
    let inPlaceOr: BinaryFunction = { object, other in
        guard let changes = PyDict_New() else { return nil }
        defer { Py_DecRef(changes) }
        guard PyDict_Update(changes, other) == 0, storeAll(changes) else { return nil }
        return retained(object)
    }
    builder.method("keys", PC_METH_NOARGS, address(keys))
    builder.method("values", PC_METH_NOARGS, address(values))
    builder.method("items", PC_METH_NOARGS, address(items))
    builder.method("__reversed__", PC_METH_NOARGS, address(reversed))
    builder.method("clear", PC_METH_NOARGS, address(clearAll))
    builder.method("popitem", PC_METH_NOARGS, address(popItem))
    builder.method("copy", PC_METH_NOARGS, address(copy))
    builder.method("update", PC_METH_FASTCALL | PC_METH_KEYWORDS, address(update))
    builder.slot(PC_nb_inplace_or, address(inPlaceOr))
}

private func onWholeTable(_ method: StaticString) -> PyOptionalRef {
    guard let table = wholeTable() else { return nil }
    defer { Py_DecRef(table) }
    guard let bound = PyObject_GetAttrString(table, cString(method)) else { return nil }
    defer { Py_DecRef(bound) }
    return PyObject_CallObject(bound, nil)
}

private func storeAll(_ changes: PyRef) -> Bool {
    var position = 0
    var key: PyOptionalRef = nil
    var value: PyOptionalRef = nil
    while PyDict_Next(changes, &position, &key, &value) != 0 {
        guard let key, let value, storeModule(key, value) == 0 else { return false }
    }
    return true
}
