// The part of CPython's stable ABI (abi3, 3.10 and up) that the gate uses, declared by hand, so
// that no Python headers are needed to build and one binary serves every version. The symbols
// stay unresolved in the library: the process that loads it has libpython or the interpreter.
#ifndef PORTCULLIS_CPYTHONABI_H
#define PORTCULLIS_CPYTHONABI_H

#include <stddef.h>
#include <stdint.h>

typedef intptr_t Py_ssize_t;
typedef Py_ssize_t Py_hash_t;

typedef struct _typeobject PyTypeObject;
typedef struct _object {
    Py_ssize_t ob_refcnt;
    PyTypeObject *_Nonnull ob_type;
} PyObject;
typedef struct _is PyInterpreterState;

// Macros and not types, since a type would lose the nullability on its way into Swift.
#define PyRef PyObject *_Nonnull
#define PyOptionalRef PyObject *_Nullable
#define PyVector PyObject *_Nonnull const *_Nullable

typedef PyOptionalRef (*vectorcallfunc)(PyRef callable, PyVector args, size_t nargsf,
                                        PyOptionalRef kwnames);

#define PC_VECTORCALL_ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))

typedef struct {
    const char *_Nullable ml_name;
    void *_Nullable ml_meth;
    int ml_flags;
    const char *_Nullable ml_doc;
} PyMethodDef;

typedef struct {
    const char *_Nullable name;
    PyOptionalRef (*_Nullable get)(PyRef, void *_Nullable);
    int (*_Nullable set)(PyRef, PyOptionalRef, void *_Nullable);
    const char *_Nullable doc;
    void *_Nullable closure;
} PyGetSetDef;

typedef struct {
    const char *_Nullable name;
    int type;
    Py_ssize_t offset;
    int flags;
    const char *_Nullable doc;
} PyMemberDef;

typedef struct {
    int slot;
    void *_Nullable pfunc;
} PyType_Slot;

typedef struct {
    const char *_Nonnull name;
    int basicsize;
    int itemsize;
    unsigned int flags;
    PyType_Slot *_Nonnull slots;
} PyType_Spec;

typedef struct {
    int slot;
    void *_Nullable value;
} PyModuleDef_Slot;

typedef struct {
    PyObject ob_base;
    PyOptionalRef (*_Nullable m_init)(void);
    Py_ssize_t m_index;
    PyOptionalRef m_copy;
    const char *_Nonnull m_name;
    const char *_Nullable m_doc;
    Py_ssize_t m_size;
    PyMethodDef *_Nullable m_methods;
    PyModuleDef_Slot *_Nullable m_slots;
    void *_Nullable m_traverse;
    void *_Nullable m_clear;
    void *_Nullable m_free;
} PyModuleDef;

// Slot numbers and flags, fixed by the stable ABI (typeslots.h, methodobject.h, object.h).
enum {
    PC_mp_ass_subscript = 3, PC_mp_length = 4, PC_mp_subscript = 5,
    PC_nb_bool = 9, PC_nb_inplace_or = 19, PC_nb_or = 31,
    PC_sq_contains = 41,
    PC_tp_call = 50, PC_tp_clear = 51, PC_tp_dealloc = 52, PC_tp_descr_get = 54,
    PC_tp_doc = 56, PC_tp_getattro = 58, PC_tp_hash = 59, PC_tp_init = 60, PC_tp_iter = 62,
    PC_tp_methods = 64, PC_tp_new = 65, PC_tp_repr = 66, PC_tp_richcompare = 67,
    PC_tp_setattro = 69, PC_tp_str = 70, PC_tp_traverse = 71, PC_tp_members = 72,
    PC_tp_getset = 73, PC_tp_free = 74
};
enum {
    PC_METH_VARARGS = 0x0001, PC_METH_KEYWORDS = 0x0002, PC_METH_NOARGS = 0x0004,
    PC_METH_O = 0x0008, PC_METH_FASTCALL = 0x0080
};
enum {
    PC_TPFLAGS_HEAPTYPE = 1 << 9, PC_TPFLAGS_BASETYPE = 1 << 10,
    PC_TPFLAGS_HAVE_VECTORCALL = 1 << 11, PC_TPFLAGS_HAVE_GC = 1 << 14,
    PC_TPFLAGS_LONG_SUBCLASS = 1 << 24, PC_TPFLAGS_UNICODE_SUBCLASS = 1 << 28,
    PC_TPFLAGS_DICT_SUBCLASS = 1 << 29, PC_TPFLAGS_DEFAULT = 1 << 18
};
#define PC_TPFLAGS_BASE_EXC_SUBCLASS (1UL << 30)
#define PC_TPFLAGS_TYPE_SUBCLASS (1UL << 31)
enum { PC_T_PYSSIZET = 19, PC_READONLY = 1 };
enum { PC_Py_EQ = 2, PC_Py_NE = 3 };
enum { PC_mod_exec = 2 };
#define PC_PYTHON_API_VERSION 1013
#define PC_PYTHON_ABI_VERSION 3

typedef int (*visitproc)(PyRef, void *_Nullable);

// Objects
extern PyTypeObject PyType_Type, PyModule_Type, PyUnicode_Type, PyBytes_Type, PyDict_Type,
    PyList_Type, PyTuple_Type, PySet_Type, PyFrozenSet_Type, PyLong_Type, PyFloat_Type,
    PyBool_Type, PySuper_Type, PyCFunction_Type, PyBaseObject_Type, PyComplex_Type,
    PyByteArray_Type;
extern PyObject _Py_NoneStruct, _Py_EllipsisObject;
extern PyObject *_Nonnull PyExc_TypeError, *_Nonnull PyExc_ValueError, *_Nonnull PyExc_KeyError,
    *_Nonnull PyExc_AttributeError, *_Nonnull PyExc_RuntimeError, *_Nonnull PyExc_ImportError;

void Py_IncRef(PyOptionalRef);
void Py_DecRef(PyOptionalRef);
PyOptionalRef PyObject_GetAttr(PyRef, PyRef);
PyOptionalRef PyObject_GetAttrString(PyRef, const char *_Nonnull);
int PyObject_SetAttrString(PyRef, const char *_Nonnull, PyOptionalRef);
PyOptionalRef PyObject_GenericGetAttr(PyRef, PyRef);
PyOptionalRef PyObject_GetItem(PyRef, PyRef);
int PyObject_SetItem(PyRef, PyRef, PyRef);
int PyObject_DelItem(PyRef, PyRef);
PyOptionalRef PyObject_Call(PyRef, PyRef, PyOptionalRef);
PyOptionalRef PyObject_CallObject(PyRef, PyOptionalRef);
PyOptionalRef PyObject_Repr(PyRef);
PyOptionalRef PyObject_Str(PyRef);
Py_hash_t PyObject_Hash(PyRef);
int PyObject_IsTrue(PyRef);
int PyObject_IsInstance(PyRef, PyRef);
int PyObject_IsSubclass(PyRef, PyRef);
PyOptionalRef PyObject_RichCompare(PyRef, PyRef, int);
PyOptionalRef PyObject_GetIter(PyRef);
Py_ssize_t PyObject_Size(PyRef);
PyOptionalRef Py_GenericAlias(PyRef, PyRef);
int PySequence_Contains(PyRef, PyRef);
PyOptionalRef PyNumber_Or(PyRef, PyRef);
int PyCallable_Check(PyRef);
PyOptionalRef PyVectorcall_Call(PyRef, PyRef, PyOptionalRef);
void PyObject_ClearWeakRefs(PyRef);

// Types
PyOptionalRef PyType_FromSpecWithBases(PyType_Spec *_Nonnull, PyOptionalRef);
PyOptionalRef PyType_GenericAlloc(PyTypeObject *_Nonnull, Py_ssize_t);
unsigned long PyType_GetFlags(PyTypeObject *_Nonnull);
int PyType_IsSubtype(PyTypeObject *_Nonnull, PyTypeObject *_Nonnull);
void *_Nullable PyType_GetSlot(PyTypeObject *_Nonnull, int);
void PyObject_GC_Track(void *_Nonnull);
void PyObject_GC_UnTrack(void *_Nonnull);
void PyObject_GC_Del(void *_Nonnull);

// Containers and scalars
PyOptionalRef PyDict_New(void);
PyOptionalRef PyDict_Copy(PyRef);
int PyDict_SetItem(PyRef, PyRef, PyRef);
PyOptionalRef PyDict_GetItemWithError(PyRef, PyRef);
int PyDict_Contains(PyRef, PyRef);
int PyDict_Update(PyRef, PyRef);
int PyDict_Next(PyRef, Py_ssize_t *_Nonnull, PyObject *_Nullable *_Nonnull,
                PyObject *_Nullable *_Nonnull);
PyOptionalRef PyTuple_New(Py_ssize_t);
Py_ssize_t PyTuple_Size(PyRef);
PyOptionalRef PyTuple_GetItem(PyRef, Py_ssize_t);
int PyTuple_SetItem(PyRef, Py_ssize_t, PyRef);
PyOptionalRef PyFrozenSet_New(PyOptionalRef);
int PySet_Add(PyRef, PyRef);
PyOptionalRef PyUnicode_FromStringAndSize(const char *_Nullable, Py_ssize_t);
PyOptionalRef PyUnicode_FromString(const char *_Nonnull);
const char *_Nullable PyUnicode_AsUTF8AndSize(PyRef, Py_ssize_t *_Nullable);
PyOptionalRef PyUnicode_InternFromString(const char *_Nonnull);
int PyBytes_AsStringAndSize(PyRef, char *_Nullable *_Nonnull, Py_ssize_t *_Nullable);
PyOptionalRef PyLong_FromLong(long);
long PyLong_AsLong(PyRef);
PyOptionalRef PyBool_FromLong(long);

// Modules, frames, errors
PyOptionalRef PyModuleDef_Init(PyModuleDef *_Nonnull);
PyOptionalRef PyCFunction_NewEx(PyMethodDef *_Nonnull, PyOptionalRef, PyOptionalRef);
PyOptionalRef PyImport_ImportModule(const char *_Nonnull);
PyOptionalRef PyImport_GetModuleDict(void);
PyOptionalRef PyImport_GetModule(PyRef);
PyInterpreterState *_Nullable PyInterpreterState_Get(void);
PyOptionalRef PyModule_GetDict(PyRef);
PyOptionalRef PyEval_GetBuiltins(void);
PyOptionalRef PyEval_GetGlobals(void);
PyOptionalRef PyEval_GetFrame(void);
PyOptionalRef PyErr_Occurred(void);
void PyErr_SetString(PyRef, const char *_Nonnull);
void PyErr_SetObject(PyRef, PyRef);
void PyErr_Clear(void);
void PyErr_Fetch(PyObject *_Nullable *_Nonnull, PyObject *_Nullable *_Nonnull,
                 PyObject *_Nullable *_Nonnull);
void PyErr_Restore(PyOptionalRef, PyOptionalRef, PyOptionalRef);
int PyErr_ExceptionMatches(PyRef);

// Of the limited API since 3.12; the library of 3.10 lacks it.
PyOptionalRef PyObject_Vectorcall(PyRef, PyVector, size_t, PyOptionalRef) __attribute__((weak));

// Since 3.12, and of no stable ABI: the gate does without where they are missing.
typedef int (*PCDictWatcher)(int event, PyRef dict, PyOptionalRef key, PyOptionalRef value);
typedef int (*PCTypeWatcher)(PyRef type);
int PyDict_AddWatcher(PCDictWatcher _Nonnull) __attribute__((weak));
int PyDict_Watch(int, PyRef) __attribute__((weak));
int PyDict_Unwatch(int, PyRef) __attribute__((weak));
int PyType_AddWatcher(PCTypeWatcher _Nonnull) __attribute__((weak));
int PyType_Watch(int, PyRef) __attribute__((weak));
int PyType_Unwatch(int, PyRef) __attribute__((weak));

static inline PyTypeObject *_Nonnull pc_type(PyRef object) { return object->ob_type; }
static inline PyRef pc_as_object(PyTypeObject *_Nonnull type) { return (PyRef)type; }
static inline PyTypeObject *_Nonnull pc_as_type(PyRef object) { return (PyTypeObject *)object; }
static inline PyRef pc_type_type(void) { return (PyRef)&PyType_Type; }
static inline PyRef pc_str_type(void) { return (PyRef)&PyUnicode_Type; }
static inline PyRef pc_super_type(void) { return (PyRef)&PySuper_Type; }
static inline PyRef pc_dict_type(void) { return (PyRef)&PyDict_Type; }
static inline int pc_is_type(PyRef object) {
    return (PyType_GetFlags(object->ob_type) & PC_TPFLAGS_TYPE_SUBCLASS) != 0;
}
static inline int pc_is_module(PyRef object) {
    return object->ob_type == &PyModule_Type || PyType_IsSubtype(object->ob_type, &PyModule_Type);
}
static inline int pc_is_str(PyRef object) {
    return (PyType_GetFlags(object->ob_type) & PC_TPFLAGS_UNICODE_SUBCLASS) != 0;
}
static inline int pc_is_tuple(PyRef object) { return object->ob_type == &PyTuple_Type; }
static inline int pc_is_dict(PyRef object) { return object->ob_type == &PyDict_Type; }
static inline int pc_is_bytes(PyRef object) {
    return object->ob_type == &PyBytes_Type || object->ob_type == &PyByteArray_Type;
}
// Exact built-in types whose attributes no policy can name, the most frequent first.
static inline int pc_is_plain(PyRef object) {
    PyTypeObject *type = object->ob_type;
    return type == &PyUnicode_Type || type == &PyDict_Type || type == &PyList_Type ||
           type == &PyBytes_Type || type == &PyTuple_Type || type == &PySet_Type ||
           type == &PyLong_Type || type == &PyFloat_Type || type == &PyFrozenSet_Type;
}
static inline PyRef pc_type_error(void) { return PyExc_TypeError; }
static inline PyRef pc_value_error(void) { return PyExc_ValueError; }
static inline PyRef pc_key_error(void) { return PyExc_KeyError; }
static inline PyRef pc_attribute_error(void) { return PyExc_AttributeError; }
static inline PyRef pc_runtime_error(void) { return PyExc_RuntimeError; }
static inline PyRef pc_import_error(void) { return PyExc_ImportError; }
static inline PyRef pc_none(void) { return &_Py_NoneStruct; }
static inline PyRef pc_ellipsis(void) { return &_Py_EllipsisObject; }
static inline PyRef pc_newref(PyRef object) {
#ifdef Py_DEBUG
    // As a CPython that counts all references wants it, for a gate that is built to be counted.
    Py_IncRef(object);
#else
    // Stable since 3.2, and what an abi3 extension built for 3.10 does.
    object->ob_refcnt++;
#endif
    return object;
}

// Starts a module; its definition lives as long as the process.
PyOptionalRef pc_start_module(const char *_Nonnull name, const char *_Nonnull doc,
                              PyMethodDef *_Nonnull methods, PyModuleDef_Slot *_Nonnull slots);

// `package.name` as a new str.
PyOptionalRef pc_joined(PyRef package, PyRef name);

// A call with an argument vector, on every version.
PyOptionalRef pc_vectorcall(PyRef callable, PyVector args, size_t nargsf, PyOptionalRef kwnames);

// Starts or stops to watch a dictionary or a class: 1 if done, 0 if this Python watches nothing, -1
// with an exception set.
int pc_watch(PyRef object, int is_on, PCDictWatcher _Nonnull, PCTypeWatcher _Nonnull);
#include "GateObjects.h"

#endif
