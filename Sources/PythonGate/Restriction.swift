import CPythonABI

/// What a rule that matched leads to: the hook gives an error, issues a warning, or finds that the
/// code is unrestricted at the moment.
///
/// - Parameters:
///   - policy: the policy object.
///   - path: the path of the restricted object, a tuple of `str`.
///   - operation: what was done to it, for example `__call__`; nil for a plain access.
///   - rule: the number of the rule plus one.
/// - Returns: whether to go on; if not, an exception is set.
@inline(never)
func permits(_ policy: PyRef, _ path: PyRef, _ operation: PyOptionalRef, _ rule: UInt32) -> Bool {
    guard let hook = gate.restrictionHook else {
        setError(.runtime, "the gate has no restriction hook")
        return false
    }
    guard let number = PyLong_FromLong(Int(rule) - 1) else { return false }
    let result = call(hook, policy, path, operation ?? pc_none(), number)
    Py_DecRef(number)
    guard let result else { return false }
    defer { Py_DecRef(result) }
    if result == pc_none() { return true }
    // Set here and not raised there, so that the traceback ends in the author's code.
    PyErr_SetObject(pc_as_object(pc_type(result)), result)
    return false
}

@inline(__always)
func byPhase(_ rules: (UInt32, UInt32), _ sandbox: SandboxPointer) -> UInt32 {
    sandbox.pointee.phase == PC_PHASE_IMPORT ? rules.0 : rules.1
}
