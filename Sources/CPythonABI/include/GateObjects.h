// The layout of the gate's own Python objects, and what is kept for each thread.
#ifndef PORTCULLIS_GATEOBJECTS_H
#define PORTCULLIS_GATEOBJECTS_H

enum { PC_PHASE_IMPORT = 0, PC_PHASE_RUNTIME = 1 };

// A compiled policy; `storage` is a retained Swift object.
typedef struct {
    PyObject ob_base;
    void *_Nullable storage;
} PCPolicy;

// One sandbox.
typedef struct {
    PyObject ob_base;
    PyOptionalRef policy;    // PCPolicy
    PyOptionalRef builtins;  // dict: what its code sees as `__builtins__`
    PyOptionalRef modules;   // dict: name -> module, what its code sees as sys.modules
    PyOptionalRef loaded;    // dict: those of `modules` that were executed in the sandbox
    PyOptionalRef owner;     // the Python object that imports for it
    PyOptionalRef caches;   // dict: PCOwnCache -> the sandbox's own; made on first use
    void *_Nullable verdicts; // cache of class member verdicts
    uint8_t phase;
    uint8_t in_activation;
    uint8_t has_notes; // whether it has written on objects of the host
    uint8_t watches_leaving; // whether its owner is told when it is left
} PCSandbox;

// One entry into a sandbox, or into none; while it is entered, `phase` and `in_activation` hold
// what the sandbox had before.
typedef struct {
    PyObject ob_base;
    PyOptionalRef sandbox;
    PyOptionalRef previous;
    uint8_t phase;
    uint8_t in_activation;
    uint8_t entered;
} PCEntry;

enum { PC_GUARD_CALLABLE = 0, PC_GUARD_CLASS = 1, PC_GUARD_OBJECT = 2 };

// Stands for one restricted object wherever sandboxed code could reach it. What follows `ob_base`
// is the end of the object: a guard of a class is a class itself, whose own fields come first.
typedef struct {
    PyObject ob_base;
    vectorcallfunc _Nullable vectorcall;
    PyOptionalRef wrapped;
    PyOptionalRef path;     // tuple of str: the policy path
    PyOptionalRef policy;   // PCPolicy
    uint32_t use_rules[2];  // by phase: rule + 1 of a use, 0 = none
    uint32_t call_rules[2]; // by phase: rule + 1 of a call
    uint8_t kind;
    PyOptionalRef weakrefs;
} PCGuard;

// Stands in the place of a cache of the host, of which each sandbox has its own.
typedef struct {
    PyObject ob_base;
    vectorcallfunc _Nullable vectorcall;
    PyOptionalRef shared; // callable: the host's
    PyOptionalRef make;   // callable: makes one for a sandbox
    PyOptionalRef values; // callable or nil: what all sandboxes share
} PCOwnCache;

// The sandbox that is active on this thread, borrowed; the caller that entered keeps it alive.
extern __thread PCSandbox *_Nullable pc_thread_sandbox
    __attribute__((tls_model("initial-exec")));
static inline PCSandbox *_Nullable pc_current_sandbox(void) { return pc_thread_sandbox; }
void pc_set_current_sandbox(PCSandbox *_Nullable);

static inline size_t pc_guard_vectorcall_offset(void) { return offsetof(PCGuard, vectorcall); }
static inline size_t pc_own_cache_vectorcall_offset(void) {
    return offsetof(PCOwnCache, vectorcall);
}
static inline size_t pc_guard_weakrefs_offset(void) { return offsetof(PCGuard, weakrefs); }

#endif
