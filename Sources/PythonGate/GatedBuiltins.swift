import CPythonABI

// The builtins whose place is taken in a sandbox. Each is one process-wide function that finds out
// on whose behalf it runs; none has a frame, so what CPython says of "the current frame" is the
// caller's.

/// The sandbox of the calling frame, or else the active one.
func callingSandbox() -> SandboxPointer? {
    let current = pc_current_sandbox()
    guard let builtins = PyEval_GetBuiltins(), builtins != gate.hostBuiltins,
        builtins != current?.pointee.builtins
    else { return current }
    return sandbox(of: builtins) ?? current
}

/// `eval(source, globals=None, locals=None)` and `exec` likewise
let gatedEval: KeywordFunction = { _, arguments, count, keywords in
    evaluate(gate.originals.eval, mode: "eval", arguments, count, keywords)
}

let gatedExec: KeywordFunction = { _, arguments, count, keywords in
    evaluate(gate.originals.exec, mode: "exec", arguments, count, keywords)
}

private func evaluate(
    _ original: PyOptionalRef, mode: StaticString, _ arguments: UnsafePointer<PyRef>?, _ count: Int,
    _ keywords: PyOptionalRef
) -> PyOptionalRef {
    guard let original else { return nil }
    guard count >= 1, let arguments, isSource(arguments[0]) else {
        return pc_vectorcall(original, arguments, count, keywords)
    }
    guard let code = compiled(arguments[0], mode: mode) else { return nil }
    defer { Py_DecRef(code) }
    let total = count + (keywords.map { PyTuple_Size($0) } ?? 0)
    // `globals` is the second argument, from 3.13 also by its name.
    if total > 1, !lendGates(to: arguments[1]) { return nil }
    return withUnsafeTemporaryAllocation(of: PyRef.self, capacity: total) { copy in
        for index in 0..<total { copy.initializeElement(at: index, to: arguments[index]) }
        copy[0] = code
        return pc_vectorcall(original, UnsafePointer(copy.baseAddress), count, keywords)
    }
}

/// Adds the names that gated code uses to the `__builtins__` of globals that bring their own, as in
/// `eval(text, {"__builtins__": {}})`.
private func lendGates(to globals: PyRef) -> Bool {
    guard pc_as_object(pc_type(globals)) == pc_dict_type(), let key = gate.names.builtins,
        let given = PyDict_GetItemWithError(globals, key),
        pc_as_object(pc_type(given)) == pc_dict_type(), sandbox(of: given) == nil,
        let own = callingSandbox()?.pointee.builtins
    else { return PyErr_Occurred() == nil }
    let prefix: StaticString = "__portcullis_"
    var position = 0
    var name: PyOptionalRef = nil
    var value: PyOptionalRef = nil
    while PyDict_Next(own, &position, &name, &value) != 0 {
        guard let name, let value, let bytes = utf8(name) else { return false }
        guard bytes.count > prefix.utf8CodeUnitCount,
            equal(UnsafeRawBufferPointer(rebasing: bytes[..<prefix.utf8CodeUnitCount]), prefix)
        else { continue }
        if PyDict_SetItem(given, name, value) != 0 { return false }
    }
    return true
}

private func isSource(_ object: PyRef) -> Bool {
    pc_is_str(object) != 0 || pc_is_bytes(object) != 0
}

/// Compiles text for a sandbox, under the name that Python gives it.
private func compiled(_ source: PyRef, mode: StaticString) -> PyOptionalRef {
    guard let hook = gate.compileHook else {
        return raise(.runtime, "the gate has no compile hook")
    }
    guard let filename = PyUnicode_FromString("<string>") else { return nil }
    defer { Py_DecRef(filename) }
    guard let mode = PyUnicode_FromString(cString(mode)) else { return nil }
    defer { Py_DecRef(mode) }
    return call(hook, source, filename, mode)
}

/// `compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, ...)`
let gatedCompile: KeywordFunction = { _, arguments, count, keywords in
    guard let hook = gate.compileHook else {
        return raise(.runtime, "the gate has no compile hook")
    }
    return pc_vectorcall(hook, arguments, count, keywords)
}

/// `__build_class__(function, name, *bases, **keywords)`: a class may extend a restricted class, but
/// making an instance of it is a use of that class. The base itself is what the guard stands for.
let gatedBuildClass: KeywordFunction = { _, arguments, count, keywords in
    guard let original = gate.originals.buildClass else { return nil }
    guard let arguments, count > 2 else {
        return pc_vectorcall(original, arguments, count, keywords)
    }
    var guards: [PyRef] = []
    let total = count + (keywords.map { PyTuple_Size($0) } ?? 0)
    let made = withUnsafeTemporaryAllocation(of: PyRef.self, capacity: total) { copy in
        for index in 0..<total { copy.initializeElement(at: index, to: arguments[index]) }
        var taken = 2
        defer { for index in 2..<taken { Py_DecRef(copy[index]) } }
        while taken < count {
            let (real, guarding) = realBase(arguments[taken])
            guard let real else { return PyOptionalRef.none }
            copy[taken] = real
            taken += 1
            if let guarding { guards.append(guarding) }
        }
        return pc_vectorcall(original, UnsafePointer(copy.baseAddress), count, keywords)
    }
    return made.flatMap { restricted($0, as: guards) }
}
