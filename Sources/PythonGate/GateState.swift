import CPythonABI

/// What the module keeps for the life of the process. All of it is set while the module is
/// imported, before any other function of it can run, and only read afterwards, under the GIL.
struct GateState {
    /// The types of guards, by kind: of callables, classes, and other objects.
    var guardTypes: (callable: PyRef?, class: PyRef?, object: PyRef?) = (nil, nil, nil)
    /// How far behind the start of a guard of a class its fields begin.
    var classGuardOffset = 0
    /// The base of all guards of classes.
    var guardedClassBase: PyRef?
    var policyType: PyRef?
    var sandboxType: PyRef?
    var entryType: PyRef?
    var moduleTableType: PyRef?
    var interpreterTableType: PyRef?
    var ownCacheType: PyRef?

    /// The dictionary of the real `builtins` module.
    var hostBuiltins: PyRef?
    /// The interpreter's own table of modules.
    var realModules: PyRef?
    /// The globals of importlib's two bootstrap modules, which always see the real table.
    var bootstrapGlobals: (PyRef?, PyRef?) = (nil, nil)

    /// `types.FunctionType` and `types.MethodType`.
    var functionType: PyRef?
    var methodType: PyRef?
    /// `types.GenericAlias`.
    var aliasType: PyRef?
    /// The originals behind the gated builtins.
    var originals = Originals()
    /// Called as `hook(policy, path, operation, rule)` when a rule matches; returns the error to
    /// raise, or None.
    var restrictionHook: PyRef?
    /// Called as `compile` is; returns a code object.
    var compileHook: PyRef?
    /// Called as `hook(name, owner, value)` for a part of an object; returns what may be shown.
    var partHook: PyRef?
    /// Called as `hook(class, guards)` for a new class with guards among its bases.
    var classHook: PyRef?
    /// Called as `hook(operation, owner, name)` when sandboxed code writes on what may be the host's.
    var privateHook: PyRef?
    /// Called as `hook(owner, key, value)` when a watched dictionary or class is written to; set later
    /// than the others, and again by each run that wants a report.
    var watchHook: PyRef?
    /// The names of parts, a frozenset.
    var partNames: PyRef?

    var names = Names()

    /// Builtins whose place is taken in a sandbox, and what importlib loads modules with.
    struct Originals {
        var getattr: PyRef?
        var eval: PyRef?
        var exec: PyRef?
        var compile: PyRef?
        var buildClass: PyRef?
        var findAndLoad: PyRef?
    }

    /// Interned names that hot paths compare by address.
    struct Names {
        var marker: PyRef?
        var call: PyRef?
        var mro: PyRef?
        var dict: PyRef?
        var setattr: PyRef?
        var delattr: PyRef?
        var builtins: PyRef?
        var thisClass: PyRef?
        var selfClass: PyRef?
        var package: PyRef?
        var path: PyRef?
    }
}

nonisolated(unsafe) var gate = GateState()

/// The sandbox whose code runs: the one that is active on this thread, or else the one that the
/// calling frame belongs to, as on a thread that sandboxed code started.
@inline(__always)
func activeSandbox() -> SandboxPointer? {
    if let current = pc_current_sandbox() { return current }
    guard let builtins = PyEval_GetBuiltins(), builtins != gate.hostBuiltins else { return nil }
    return sandbox(of: builtins)
}

/// The sandbox whose builtins these are, or nil; never leaves an exception behind.
func sandbox(of builtins: PyRef) -> SandboxPointer? {
    guard let marker = gate.names.marker,
        let value = PyDict_GetItemWithError(builtins, marker)
    else {
        if PyErr_Occurred() != nil { PyErr_Clear() }
        return nil
    }
    guard pc_as_object(pc_type(value)) == gate.sandboxType else { return nil }
    return sandboxLayout(value)
}

@inline(__always)
func sandboxLayout(_ object: PyRef) -> SandboxPointer {
    UnsafeMutableRawPointer(object).assumingMemoryBound(to: PCSandbox.self)
}

@inline(__always)
func objectOf(_ sandbox: SandboxPointer) -> PyRef {
    UnsafeMutableRawPointer(sandbox).assumingMemoryBound(to: PyObject.self)
}

/// Whether the frame that called into the gate is sandboxed code.
func isSandboxedCaller() -> Bool {
    guard let builtins = PyEval_GetBuiltins(), builtins != gate.hostBuiltins else { return false }
    return sandbox(of: builtins) != nil
}
