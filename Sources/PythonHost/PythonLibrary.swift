import Glibc

/// A pointer to a `PyObject`.
typealias PythonPointer = UnsafeMutableRawPointer

/// The functions of libpython that the host calls; all belong to the stable ABI.
struct PythonLibrary: @unchecked Sendable {
    // Unchecked: plain pointers to functions of a library that is never closed.

    let isInitialized: @convention(c) () -> Int32
    let decodeLocale:
        @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<Int>?) -> UnsafeMutablePointer<
            wchar_t
        >?
    let setProgramName: @convention(c) (UnsafeMutablePointer<wchar_t>) -> Void
    let initialize: @convention(c) (Int32) -> Void
    let saveThread: @convention(c) () -> PythonPointer?
    let ensureGIL: @convention(c) () -> Int32
    let releaseGIL: @convention(c) (Int32) -> Void
    let importModule: @convention(c) (UnsafePointer<CChar>) -> PythonPointer?
    let getAttribute: @convention(c) (PythonPointer, UnsafePointer<CChar>) -> PythonPointer?
    let call: @convention(c) (PythonPointer, PythonPointer?) -> PythonPointer?
    let newTuple: @convention(c) (Int) -> PythonPointer?
    let setTupleItem: @convention(c) (PythonPointer, Int, PythonPointer?) -> Int32
    let newDictionary: @convention(c) () -> PythonPointer?
    let getDictionaryItem: @convention(c) (PythonPointer, UnsafePointer<CChar>) -> PythonPointer?
    let newString: @convention(c) (UnsafePointer<UInt8>?, Int) -> PythonPointer?
    let newBytes: @convention(c) (UnsafePointer<UInt8>?, Int) -> PythonPointer?
    let stringBytes:
        @convention(c) (PythonPointer, UnsafeMutablePointer<Int>) -> UnsafePointer<UInt8>?
    let text: @convention(c) (PythonPointer) -> PythonPointer?
    let fetchError:
        @convention(c) (
            UnsafeMutablePointer<PythonPointer?>, UnsafeMutablePointer<PythonPointer?>,
            UnsafeMutablePointer<PythonPointer?>
        ) -> Void
    let normalizeError:
        @convention(c) (
            UnsafeMutablePointer<PythonPointer?>, UnsafeMutablePointer<PythonPointer?>,
            UnsafeMutablePointer<PythonPointer?>
        ) -> Void
    let clearError: @convention(c) () -> Void
    let retain: @convention(c) (PythonPointer?) -> Void
    let release: @convention(c) (PythonPointer?) -> Void

    /// Opens the library for good, with its names visible to the native modules that need them.
    init(opening path: String) throws(PythonHostError) {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL) else {
            throw .notLoadable(path, dlerror().map { String(cString: $0) } ?? "unknown reason")
        }
        func named<Function>(_ name: String) throws(PythonHostError) -> Function {
            guard let symbol = dlsym(handle, name) else {
                throw .notLoadable(path, "it lacks `\(name)`")
            }
            return unsafeBitCast(symbol, to: Function.self)
        }
        isInitialized = try named("Py_IsInitialized")
        decodeLocale = try named("Py_DecodeLocale")
        setProgramName = try named("Py_SetProgramName")
        initialize = try named("Py_InitializeEx")
        saveThread = try named("PyEval_SaveThread")
        ensureGIL = try named("PyGILState_Ensure")
        releaseGIL = try named("PyGILState_Release")
        importModule = try named("PyImport_ImportModule")
        getAttribute = try named("PyObject_GetAttrString")
        call = try named("PyObject_CallObject")
        newTuple = try named("PyTuple_New")
        setTupleItem = try named("PyTuple_SetItem")
        newDictionary = try named("PyDict_New")
        getDictionaryItem = try named("PyDict_GetItemString")
        newString = try named("PyUnicode_FromStringAndSize")
        newBytes = try named("PyBytes_FromStringAndSize")
        stringBytes = try named("PyUnicode_AsUTF8AndSize")
        text = try named("PyObject_Str")
        fetchError = try named("PyErr_Fetch")
        normalizeError = try named("PyErr_NormalizeException")
        clearError = try named("PyErr_Clear")
        retain = try named("Py_IncRef")
        release = try named("Py_DecRef")
    }
}
