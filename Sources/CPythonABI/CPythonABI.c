#include "CPythonABI.h"

// Initial-exec is enough for a library that is loaded once, and saves the call of the general
// model; the library needs a few bytes of static TLS, which every loader keeps in reserve.
__thread PCSandbox *pc_thread_sandbox __attribute__((tls_model("initial-exec")));

void pc_set_current_sandbox(PCSandbox *sandbox) { pc_thread_sandbox = sandbox; }

static PyObject *call_with_tuple(PyObject *callable, PyObject *const *args, size_t nargs,
                                 PyObject *kwnames) {
    PyObject *tuple = PyTuple_New((Py_ssize_t)nargs);
    if (!tuple) return NULL;
    for (size_t i = 0; i < nargs; i++) {
        Py_IncRef(args[i]);
        PyTuple_SetItem(tuple, (Py_ssize_t)i, args[i]);
    }
    PyObject *keywords = NULL;
    if (kwnames) {
        keywords = PyDict_New();
        Py_ssize_t count = PyTuple_Size(kwnames);
        for (Py_ssize_t i = 0; keywords && i < count; i++) {
            if (PyDict_SetItem(keywords, PyTuple_GetItem(kwnames, i), args[nargs + (size_t)i])) {
                Py_DecRef(keywords);
                keywords = NULL;
            }
        }
        if (!keywords) {
            Py_DecRef(tuple);
            return NULL;
        }
    }
    PyObject *result = PyObject_Call(callable, tuple, keywords);
    Py_DecRef(tuple);
    Py_DecRef(keywords);
    return result;
}

PyObject *pc_vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
                        PyObject *kwnames) {
    if (PyObject_Vectorcall) return PyObject_Vectorcall(callable, args, nargsf, kwnames);
    return call_with_tuple(callable, args, nargsf & ~PC_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
}

PyObject *PyUnicode_FromFormat(const char *format, ...);

PyObject *pc_joined(PyObject *package, PyObject *name) {
    return PyUnicode_FromFormat("%U.%U", package, name);
}

PyObject *pc_start_module(const char *name, const char *doc, PyMethodDef *methods,
                          PyModuleDef_Slot *slots) {
    static PyModuleDef definition;
    // As PyModuleDef_HEAD_INIT: CPython sets the type itself.
    definition.ob_base.ob_refcnt = 1;
    definition.m_name = name;
    definition.m_doc = doc;
    definition.m_methods = methods;
    definition.m_slots = slots;
    return PyModuleDef_Init(&definition);
}

int pc_watch(PyObject *object, int is_on, PCDictWatcher on_dict, PCTypeWatcher on_type) {
    static int dict_watcher = -1, type_watcher = -1;
    if (!PyDict_AddWatcher || !PyDict_Watch || !PyDict_Unwatch || !PyType_AddWatcher ||
        !PyType_Watch || !PyType_Unwatch)
        return 0;
    // The watchers of a process are few, so each is added once.
    if (dict_watcher < 0 && (dict_watcher = PyDict_AddWatcher(on_dict)) < 0) return -1;
    if (type_watcher < 0 && (type_watcher = PyType_AddWatcher(on_type)) < 0) return -1;
    int failed;
    if (pc_is_type(object))
        failed = is_on ? PyType_Watch(type_watcher, object) : PyType_Unwatch(type_watcher, object);
    else
        failed = is_on ? PyDict_Watch(dict_watcher, object) : PyDict_Unwatch(dict_watcher, object);
    return failed ? -1 : 1;
}
