import CPythonABI

// The table that C code reads: CPython keeps modules in a field of the interpreter, which
// `sys.modules` only names. The pickle module written in C looks classes up there, so a class of a
// sandbox is not found when code of the host pickles it. Putting a table of ours in that field is an
// opt-in, for two reasons: the stable ABI has no name for the field, and an extension that reads it
// as a plain dictionary finds it empty.
//
// Code of the host sees its own modules first here, so that an import statement of the host never
// ends in a sandbox; `ModuleTable` answers questions about `sys.modules` the other way round.

/// How much of the interpreter's state is searched for the field, in bytes. The state is larger
/// than that in every version; the field was found within the first 13 KB.
private let searchLimit = 32 << 10

/// The field while it is overlaid, and the table that is in it.
nonisolated(unsafe) private var overlaid: UnsafeMutablePointer<PyRef>?
nonisolated(unsafe) private var importStatement: UInt8 = 0

/// `overlay_interpreter_table()`: puts the table in place, and makes sure that CPython reads it.
let overlayInterpreterTable: BinaryFunction = { _, _ in
    guard !isSandboxedCaller() else {
        return raise(.runtime, "the table of the interpreter is set by the host")
    }
    if overlaid != nil { return none() }
    guard let real = gate.realModules, let type = gate.interpreterTableType else {
        return raise(.runtime, "the module table is gone")
    }
    guard let field = interpreterField(holding: real) else {
        return raise(.runtime, "this Python does not keep its modules where they are looked for")
    }
    guard let operation = importOperation() else {
        return PyErr_Occurred() != nil ? nil : raise(.runtime, "this Python has other bytecode")
    }
    guard let table = PyObject_CallObject(type, nil) else { return nil }
    importStatement = operation
    field.pointee = table  // its reference is the interpreter's now; that to `real` is the gate's
    overlaid = field
    if PyImport_GetModuleDict() == table, isFound("sys"), isFound("builtins") { return none() }
    _ = restore()
    return raise(.runtime, "this Python does not look modules up in a table of another type")
}

/// `restore_interpreter_table()`: puts the interpreter's own table back.
let restoreInterpreterTable: BinaryFunction = { _, _ in
    if isSandboxedCaller() {
        return raise(.runtime, "the table of the interpreter is set by the host")
    }
    return boolean(restore())
}

private func restore() -> Bool {
    guard let field = overlaid, let real = gate.realModules else { return false }
    let table = field.pointee
    field.pointee = real
    overlaid = nil
    Py_DecRef(table)
    return true
}

/// The field of the interpreter's state that holds the table: the only word with its address which,
/// when it is changed, changes what CPython says its table is.
private func interpreterField(holding table: PyRef) -> UnsafeMutablePointer<PyRef>? {
    guard PyImport_GetModuleDict() == table, let state = PyInterpreterState_Get() else {
        return nil
    }
    let words = UnsafeMutableRawPointer(state).assumingMemoryBound(to: UInt.self)
    let address = UInt(bitPattern: table)
    for index in 0..<searchLimit / MemoryLayout<UInt>.stride where words[index] == address {
        // The lock of the interpreter is held, so nobody sees the change.
        words[index] = UInt(bitPattern: pc_none())
        let isField = PyImport_GetModuleDict() == pc_none()
        words[index] = address
        if isField {
            return UnsafeMutableRawPointer(words + index).assumingMemoryBound(to: PyRef.self)
        }
    }
    return nil
}

/// Whether CPython finds a module in the table that it uses.
private func isFound(_ name: StaticString) -> Bool {
    guard let real = gate.realModules, let key = PyUnicode_InternFromString(cString(name)) else {
        return false
    }
    defer { Py_DecRef(key) }
    guard let found = PyImport_GetModule(key) else { return false }
    defer { Py_DecRef(found) }
    return found == PyDict_GetItemWithError(real, key)
}

func makeInterpreterTableType() -> PyOptionalRef {
    var builder = TypeBuilder("portcullis._gate.InterpreterTable", size: 0)
    let lookUpItem: BinaryFunction = { _, key in
        lookUpHostFirst(key) ?? missingModule(key)
    }
    let assign: StoreFunction = { _, key, value in
        storeModule(key, value)
    }
    let contains: ContainsFunction = { _, key in
        guard let value = lookUpHostFirst(key) else { return PyErr_Occurred() == nil ? 0 : -1 }
        Py_DecRef(value)
        return 1
    }
    let count: SizeFunction = { _ in gate.realModules.map { PyObject_Size($0) } ?? 0 }
    let iterate: UnaryFunction = { _ in gate.realModules.flatMap { PyObject_GetIter($0) } }
    builder.slot(PC_mp_subscript, address(lookUpItem))
    builder.slot(PC_mp_ass_subscript, address(assign))
    builder.slot(PC_sq_contains, address(contains))
    builder.slot(PC_mp_length, address(count))
    builder.slot(PC_tp_iter, address(iterate))
    return builder.make(bases: pc_dict_type())
}

private func lookUpHostFirst(_ key: PyRef) -> PyOptionalRef {
    guard !isSandboxedCaller(), let real = gate.realModules else { return lookUpModule(key) }
    if let value = PyDict_GetItemWithError(real, key) { return retained(value) }
    guard PyErr_Occurred() == nil, let value = lookUpModule(key) else { return nil }
    guard isImportStatement() else { return value }
    Py_DecRef(value)
    return nil
}

/// Whether the Python code that runs is at an import statement. Asked only when a sandbox has a
/// module that the host has not.
private func isImportStatement() -> Bool {
    guard let frame = PyEval_GetFrame() else { return false }
    func attribute(_ object: PyOptionalRef, _ name: StaticString) -> PyOptionalRef {
        object.flatMap { PyObject_GetAttrString($0, cString(name)) }
    }
    let code = attribute(frame, "f_code")
    let bytes = attribute(code, "co_code")
    let last = attribute(frame, "f_lasti")
    defer { for object in [code, bytes, last] { Py_DecRef(object) } }
    var start: UnsafeMutablePointer<CChar>?
    var count: Py_ssize_t = 0
    guard let bytes, let last, PyBytes_AsStringAndSize(bytes, &start, &count) == 0, let start else {
        PyErr_Clear()
        return false
    }
    let position = PyLong_AsLong(last)
    return (0..<count).contains(position)
        && UInt8(bitPattern: start[position]) == importStatement
}

/// What `IMPORT_NAME` is in this version's bytecode; nil with an exception set.
private func importOperation() -> UInt8? {
    guard let module = PyImport_ImportModule("opcode") else { return nil }
    defer { Py_DecRef(module) }
    guard let numbers = PyObject_GetAttrString(module, "opmap") else { return nil }
    defer { Py_DecRef(numbers) }
    guard let name = PyUnicode_FromString("IMPORT_NAME") else { return nil }
    defer { Py_DecRef(name) }
    guard let number = PyObject_GetItem(numbers, name) else { return nil }
    defer { Py_DecRef(number) }
    return UInt8(exactly: PyLong_AsLong(number))
}
