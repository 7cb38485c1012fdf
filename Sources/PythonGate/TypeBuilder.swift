import CPythonABI

typealias UnaryFunction = @convention(c) (PyRef) -> PyOptionalRef
typealias BinaryFunction = @convention(c) (PyRef, PyRef) -> PyOptionalRef
typealias TernaryFunction = @convention(c) (PyRef, PyOptionalRef, PyOptionalRef) -> PyOptionalRef
typealias CompareFunction = @convention(c) (PyRef, PyRef, Int32) -> PyOptionalRef
typealias StoreFunction = @convention(c) (PyRef, PyRef, PyOptionalRef) -> Int32
typealias TestFunction = @convention(c) (PyRef) -> Int32
typealias ContainsFunction = @convention(c) (PyRef, PyRef) -> Int32
typealias SizeFunction = @convention(c) (PyRef) -> Int
typealias VisitFunction = @convention(c) (PyRef, visitproc, UnsafeMutableRawPointer?) -> Int32
typealias DeallocFunction = @convention(c) (PyRef) -> Void
typealias NewFunction = @convention(c) (PyTypeRef, PyRef, PyOptionalRef) -> PyOptionalRef
typealias FastFunction = @convention(c) (PyRef, UnsafePointer<PyRef>?, Int) -> PyOptionalRef
typealias KeywordFunction =
    @convention(c) (
        PyRef, UnsafePointer<PyRef>?, Int, PyOptionalRef
    ) -> PyOptionalRef

/// The address of a C function, as CPython's tables hold it.
func address<Function>(_ function: Function) -> UnsafeMutableRawPointer {
    unsafeBitCast(function, to: UnsafeMutableRawPointer.self)
}

/// A copy of the elements that lives as long as the process, as CPython's tables must.
func permanent<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let copy = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
    for (index, element) in elements.enumerated() {
        (copy + index).initialize(to: element)
    }
    return copy
}

/// A literal as a C string; literals live as long as the library.
func cString(_ literal: StaticString) -> UnsafePointer<CChar> {
    UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// One row of a method table.
func methodRow(_ name: StaticString, _ flags: Int, _ function: UnsafeMutableRawPointer)
    -> PyMethodDef
{
    PyMethodDef(ml_name: cString(name), ml_meth: function, ml_flags: Int32(flags), ml_doc: nil)
}

/// Collects the slots, methods and fields of a type and makes a heap type of them. The tables are
/// never freed, since CPython points into them for as long as the type lives.
struct TypeBuilder {
    private let name: StaticString
    private let size: Int
    private let flags: Int
    private var slots: [PyType_Slot] = []
    private var methods: [PyMethodDef] = []
    private var members: [PyMemberDef] = []

    init(_ name: StaticString, size: Int, flags: Int = 0) {
        self.name = name
        self.size = size
        self.flags = flags
    }

    mutating func slot(_ number: Int, _ function: UnsafeMutableRawPointer) {
        slots.append(PyType_Slot(slot: Int32(number), pfunc: function))
    }

    mutating func method(_ name: StaticString, _ flags: Int, _ function: UnsafeMutableRawPointer) {
        methods.append(methodRow(name, flags, function))
    }

    /// A field that CPython itself reads, such as `__vectorcalloffset__`.
    mutating func field(_ name: StaticString, at offset: Int) {
        members.append(
            PyMemberDef(
                name: cString(name), type: Int32(PC_T_PYSSIZET), offset: offset,
                flags: Int32(PC_READONLY), doc: nil))
    }

    /// The type, or nil with an exception set.
    func make(bases: PyOptionalRef = nil) -> PyOptionalRef {
        var slots = slots
        func table<Row>(_ number: Int, _ rows: [Row]) {
            slots.append(PyType_Slot(slot: Int32(number), pfunc: permanent(rows)))
        }
        if !methods.isEmpty { table(PC_tp_methods, methods + [PyMethodDef()]) }
        if !members.isEmpty { table(PC_tp_members, members + [PyMemberDef()]) }
        slots.append(PyType_Slot(slot: 0, pfunc: nil))
        let spec = permanent([
            PyType_Spec(
                name: cString(name), basicsize: Int32(size), itemsize: 0,
                flags: UInt32(flags | PC_TPFLAGS_DEFAULT), slots: permanent(slots))
        ])
        return PyType_FromSpecWithBases(spec, bases)
    }
}

/// Frees an object of a heap type: its memory, then its reference to the type.
func freeInstance(_ object: PyRef) {
    let type = pc_type(object)
    typealias Free = @convention(c) (UnsafeMutableRawPointer) -> Void
    if let free = PyType_GetSlot(type, Int32(PC_tp_free)) {
        unsafeBitCast(free, to: Free.self)(object)
    }
    Py_DecRef(pc_as_object(type))
}

/// Visits a reference for the garbage collector.
@inline(__always)
func visit(
    _ object: PyOptionalRef, _ visitor: visitproc, _ argument: UnsafeMutableRawPointer?
) -> Int32 {
    guard let object else { return 0 }
    return visitor(object, argument)
}

/// Drops the reference that a field holds, the field first, as `Py_CLEAR` does.
@inline(__always)
func clear(_ field: inout PyOptionalRef) {
    let old = field
    field = nil
    Py_DecRef(old)
}
