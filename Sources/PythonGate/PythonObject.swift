import CPythonABI

// How the gate handles references: a function that returns `PyOptionalRef` to CPython returns a
// new reference or nil with an exception set; parameters are borrowed.

/// A Python object.
typealias PyRef = UnsafeMutablePointer<PyObject>
/// A Python object, or nil with an exception set.
typealias PyOptionalRef = PyRef?
/// The fields of a sandbox.
typealias SandboxPointer = UnsafeMutablePointer<PCSandbox>
/// A Python type.
typealias PyTypeRef = OpaquePointer

/// A new reference to the same object.
@inline(__always)
func retained(_ object: PyRef) -> PyRef {
    pc_newref(object)
}

/// A new reference to None.
@inline(__always)
func none() -> PyRef {
    pc_newref(pc_none())
}

/// A new reference to True or False.
func boolean(_ value: Bool) -> PyOptionalRef {
    PyBool_FromLong(value ? 1 : 0)
}

/// A new `str`.
func string(_ value: String) -> PyOptionalRef {
    var value = value
    return value.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
            PyUnicode_FromStringAndSize($0.baseAddress, bytes.count)
        }
    }
}

/// The UTF-8 of a `str`, valid while the object lives; nil with an exception set otherwise.
func utf8(_ object: PyRef) -> UnsafeRawBufferPointer? {
    var count: Py_ssize_t = 0
    guard let bytes = PyUnicode_AsUTF8AndSize(object, &count) else { return nil }
    return UnsafeRawBufferPointer(start: bytes, count: count)
}

/// The exceptions that the gate itself raises.
enum PythonException {
    case type, value, key, attribute, runtime, missingImport

    var object: PyRef {
        switch self {
        case .type: pc_type_error()
        case .value: pc_value_error()
        case .key: pc_key_error()
        case .attribute: pc_attribute_error()
        case .runtime: pc_runtime_error()
        case .missingImport: pc_import_error()
        }
    }
}

func setError(_ exception: PythonException, _ message: String) {
    message.withCString { PyErr_SetString(exception.object, $0) }
}

/// Sets an exception and returns nil, for a one-line exit.
func raise(_ exception: PythonException, _ message: String) -> PyOptionalRef {
    setError(exception, message)
    return nil
}

/// The item of a tuple, borrowed; the index is known to be in range.
@inline(__always)
func item(_ tuple: PyRef, _ index: Int) -> PyOptionalRef {
    PyTuple_GetItem(tuple, index)
}

/// Makes a tuple that takes over the given references.
func tuple(taking items: [PyRef]) -> PyOptionalRef {
    guard let result = PyTuple_New(items.count) else { return nil }
    for (index, item) in items.enumerated() { PyTuple_SetItem(result, index, item) }
    return result
}

/// Calls with borrowed arguments.
func call(_ callable: PyRef, _ arguments: PyRef...) -> PyOptionalRef {
    arguments.withUnsafeBufferPointer {
        pc_vectorcall(callable, $0.baseAddress, $0.count, nil)
    }
}

/// The number of arguments of a vector call, by position and by name.
func argumentCount(_ nargsf: Int, _ keywords: PyOptionalRef) -> Int {
    (nargsf & Int.max) + (keywords.map { PyTuple_Size($0) } ?? 0)
}
