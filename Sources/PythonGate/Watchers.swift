import CPythonABI

// Watchers of dictionaries and classes of the host, for the report of what a run writes on them.
// CPython has them since 3.12; on older versions there is nothing to be told.

/// `set_watch_hook(hook)`: called as `hook(owner, key, value)` when something watched is written
/// to while a sandbox is active.
let setWatchHook: BinaryFunction = { _, hook in
    guard !isSandboxedCaller() else {
        return raise(.runtime, "sandboxed code cannot watch the host")
    }
    let previous = gate.watchHook
    gate.watchHook = retained(hook)
    Py_DecRef(previous)
    return none()
}

/// `watch(object, is_on) -> bool`: starts or stops to watch a dictionary or a class.
///
/// - Returns: whether this Python can watch.
let watchObject: FastFunction = { _, arguments, count in
    guard count == 2, let arguments, !isSandboxedCaller() else {
        return raise(.type, "watch takes a dictionary or a class and whether to, from the host")
    }
    let isOn = PyObject_IsTrue(arguments[1])
    if isOn < 0 { return nil }
    let onDictionary: PCDictWatcher = { event, owner, key, value in
        if isWrite(event) { tellHook(owner, key, value) }
        return 0
    }
    let onType: PCTypeWatcher = { type in
        tellHook(type, nil, nil)
        return 0
    }
    let isWatching = pc_watch(arguments[0], isOn, onDictionary, onType)
    return isWatching < 0 ? nil : boolean(isWatching == 1)
}

/// Whether an event is an addition, a change, a deletion, or that everything was removed.
private func isWrite(_ event: Int32) -> Bool {
    [0, 1, 2, 4].contains(event)
}

private func tellHook(_ owner: PyRef, _ key: PyOptionalRef, _ value: PyOptionalRef) {
    guard let hook = gate.watchHook, activeSandbox() != nil else { return }
    // What is watched may be written to while an exception is on its way.
    var type: PyOptionalRef = nil
    var error: PyOptionalRef = nil
    var traceback: PyOptionalRef = nil
    PyErr_Fetch(&type, &error, &traceback)
    if let done = call(hook, owner, key ?? pc_none(), value ?? pc_none()) {
        Py_DecRef(done)
    } else {
        PyErr_Clear()
    }
    PyErr_Restore(type, error, traceback)
}
