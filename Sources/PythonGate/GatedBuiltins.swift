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
    return withUnsafeTemporaryAllocation(of: PyRef.self, capacity: total) { copy in
        for index in 0..<total { copy.initializeElement(at: index, to: arguments[index]) }
        copy[0] = code
        return pc_vectorcall(original, UnsafePointer(copy.baseAddress), count, keywords)
    }
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
    guard let made = pc_vectorcall(original, arguments, count, keywords) else { return nil }
    guard let arguments, count > 2 else { return made }
    var guards: [PyRef] = []
    for index in 2..<count where isGuard(arguments[index]) { guards.append(arguments[index]) }
    guard !guards.isEmpty, let hook = gate.classHook else { return made }
    defer { Py_DecRef(made) }
    guard let bases = tuple(taking: guards.map(retained)) else { return nil }
    defer { Py_DecRef(bases) }
    return call(hook, made, bases)
}
