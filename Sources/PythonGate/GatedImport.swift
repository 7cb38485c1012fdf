import CPythonABI

/// `__import__(name, globals=None, locals=None, fromlist=(), level=0)`
let gatedImport: KeywordFunction = { _, arguments, count, keywords in
    guard let arguments, let sandbox = callingSandbox() else {
        return raise(.missingImport, "this import function belongs to no running sandbox")
    }
    guard let owner = sandbox.pointee.owner, let modules = sandbox.pointee.modules else {
        return raise(.missingImport, "the sandbox is closed")
    }
    if keywords == nil, count == 5, let module = alreadyImported(arguments, modules) {
        return retained(module)
    }
    if PyErr_Occurred() != nil { return nil }
    guard let method = PyUnicode_InternFromString("import_") else { return nil }
    defer { Py_DecRef(method) }
    guard let implementation = PyObject_GetAttr(owner, method) else { return nil }
    defer { Py_DecRef(implementation) }
    return pc_vectorcall(implementation, arguments, count, keywords)
}

/// What an import statement yields where the sandbox has all that it names, which is the frequent
/// case: modules of a package import each other, and functions import again what is there.
///
/// - Returns: borrowed; nil without an exception if the whole way has to be gone.
private func alreadyImported(_ arguments: UnsafePointer<PyRef>, _ modules: PyRef) -> PyOptionalRef {
    let (name, globals, fromlist) = (arguments[0], arguments[1], arguments[3])
    let level = PyLong_AsLong(arguments[4])
    guard pc_is_str(name) != 0, let full = fullName(name, globals, level) else { return nil }
    defer { Py_DecRef(full) }
    guard let module = PyDict_GetItemWithError(modules, full), pc_is_module(module) != 0 else {
        return nil
    }
    if fromlist == pc_none() {
        return level == 0 ? topLevel(of: name, module, modules) : nil
    }
    return pc_is_tuple(fromlist) != 0 && hasMembers(module, fromlist) ? module : nil
}

/// The full name of the module that an import statement means, a new reference; nil for the rare
/// forms: more than one leading dot, no package.
private func fullName(_ name: PyRef, _ globals: PyRef, _ level: Int) -> PyOptionalRef {
    if level == 0 { return retained(name) }
    guard level == 1, pc_is_dict(globals) != 0, let key = gate.names.package,
        let package = PyDict_GetItemWithError(globals, key), pc_is_str(package) != 0,
        PyObject_Size(package) > 0
    else { return nil }
    return PyObject_Size(name) == 0 ? retained(package) : pc_joined(package, name)
}

/// The module that `import a.b.c` binds: that of `a`.
private func topLevel(of name: PyRef, _ module: PyRef, _ modules: PyRef) -> PyOptionalRef {
    guard let bytes = utf8(name) else { return nil }
    guard let dot = bytes.firstIndex(of: UInt8(ascii: ".")) else { return module }
    let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
    guard let top = PyUnicode_FromStringAndSize(start, dot) else { return nil }
    defer { Py_DecRef(top) }
    return PyDict_GetItemWithError(modules, top)
}

/// Whether a statement can take all members that it names from a module without an import, and
/// without CPython looking for them in the host's table, where it does when there is no such member.
private func hasMembers(_ module: PyRef, _ names: PyRef) -> Bool {
    guard let members = PyModule_GetDict(module), let path = gate.names.path else { return false }
    let isPackage = PyDict_Contains(members, path) != 0
    for index in 0..<PyTuple_Size(names) {
        guard let name = item(names, index) else { return false }
        if PyDict_Contains(members, name) == 1 { continue }
        // Of a module that is no package, `*` names nothing that would have to be imported.
        guard !isPackage, pc_is_str(name) != 0, let bytes = utf8(name), equal(bytes, "*") else {
            return false
        }
    }
    return true
}

/// `find_and_load(name, import_)`: takes the place of importlib's `_find_and_load`, where imports of
/// the host end up that load something. What code of the host imports is the host's, also on behalf
/// of a run: it is executed as if no sandbox were active, so that none of it finds the run's modules
/// or registers with the run.
let findAndLoadForHost: FastFunction = { _, arguments, count in
    guard let original = gate.originals.findAndLoad else {
        return raise(.runtime, "importlib is gone")
    }
    guard let sandbox = pc_current_sandbox() else {
        return pc_vectorcall(original, arguments, count, nil)
    }
    let kept = retained(objectOf(sandbox))
    pc_set_current_sandbox(nil)
    defer {
        pc_set_current_sandbox(sandbox)
        Py_DecRef(kept)
    }
    return pc_vectorcall(original, arguments, count, nil)
}
