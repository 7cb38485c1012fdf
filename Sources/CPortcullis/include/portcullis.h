// Portcullis in C: load a compiled policy (.policybc) and ask it for decisions.
//
//     portcullis_policy *policy;
//     portcullis_error error;
//     if (portcullis_open_file("default.policybc", 3, 11, &policy, &error) != PORTCULLIS_OK) {
//         fprintf(stderr, "%s\n", error.message);
//         exit(1);
//     }
//     uint32_t rule;
//     if (portcullis_decide(policy, "os.getcwd", 9, PORTCULLIS_RUNTIME, PORTCULLIS_USE, &rule)
//         != PORTCULLIS_ALLOWED) { ... }
//     portcullis_close(policy);
//
// Ownership. A policy belongs to whoever opened it, until `portcullis_close`. Everything else
// belongs to the caller: the library keeps no pointer that it is given, and returns none but the
// policy and the version.
//
// Threads. Every function may be called from any thread, on the same policy at the same time; only
// `portcullis_close` must be the last call on its policy. There is no state besides the policies.
//
// Allocation. Opening allocates and closing frees. `portcullis_describe` may allocate and has freed
// it when it returns. All other functions never allocate, lock or fail in between.
//
// Texts are UTF-8 with a length in bytes and need no NUL at the end. Bytes that are not UTF-8 are
// no name that a rule can know: a path with such a name is decided like one with any other unknown
// name.
//
// Failing closed. Whatever is not PORTCULLIS_ALLOWED is not allowed: a null policy or an unknown
// phase gives PORTCULLIS_INVALID. The functions do not survive a pointer that is neither null nor
// valid, as no C function does.
//
// Stability. Values and layouts in this file stay as they are; the symbols have the version
// PORTCULLIS_1.0.
#ifndef PORTCULLIS_H
#define PORTCULLIS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Why a policy could not be opened; the texts in errors are for people, these are for programs.
typedef int32_t portcullis_status;
enum {
    PORTCULLIS_OK = 0,
    PORTCULLIS_INVALID_ARGUMENT = 1,  // a null pointer, or a version that cannot be one
    PORTCULLIS_UNREADABLE_FILE = 2,
    PORTCULLIS_IMAGE_TOO_LARGE = 3,
    PORTCULLIS_TRUNCATED_IMAGE = 4,
    PORTCULLIS_NOT_AN_IMAGE = 5,
    PORTCULLIS_NEWER_IMAGE_VERSION = 6,
    PORTCULLIS_WRONG_IMAGE_LENGTH = 7,
    PORTCULLIS_DAMAGED_IMAGE = 8,     // the digest does not fit the contents
    PORTCULLIS_BAD_HEADER = 9,        // from here on: the digest fits, the contents are wrong
    PORTCULLIS_BAD_SECTION = 10,
    PORTCULLIS_BAD_REFERENCE = 11,
    PORTCULLIS_BAD_NAME = 12,
    PORTCULLIS_BAD_STATE = 13,
    PORTCULLIS_BAD_ROOT = 14,
    PORTCULLIS_UNSUPPORTED_PYTHON = 15  // the image does not cover that version of Python
};

// What went wrong, in memory of the caller.
typedef struct {
    portcullis_status status;
    char message[508];  // UTF-8, ends with NUL, cut between two characters if it is too long
} portcullis_error;

typedef int32_t portcullis_phase;
enum {
    PORTCULLIS_IMPORTING = 0,  // while the modules of the workflow are executed
    PORTCULLIS_RUNTIME = 1     // while the workflow runs
};

typedef int32_t portcullis_operation;
enum {
    PORTCULLIS_ACCESS = 0,  // the value is read
    PORTCULLIS_USE = 1,     // the value is used: called, subscripted, ...
    PORTCULLIS_IMPORT = 2   // the path is the name of a module, which is imported
};

typedef int32_t portcullis_decision;
enum {
    PORTCULLIS_ALLOWED = 0,     // no rule matches
    PORTCULLIS_RESTRICTED = 1,  // a rule matches; `portcullis_effect` says what follows from it
    PORTCULLIS_UNDECIDED = 2,   // of `portcullis_step` only: it depends on what follows
    PORTCULLIS_INVALID = 3      // the question is none; not allowed
};

typedef int32_t portcullis_rule_effect;
enum {
    PORTCULLIS_DENY = 0,   // the access raises an error
    PORTCULLIS_WARN = 1,   // the access goes on, and a Python warning is issued
    PORTCULLIS_AUDIT = 2   // the access goes on and is recorded
};

// The number of a rule that does not exist, for what needs no rule or has none.
#define PORTCULLIS_NO_RULE UINT32_MAX

// A policy on one version of Python.
typedef struct portcullis_policy portcullis_policy;

// The version of the library, `0.1.0` for example; lives as long as the library.
const char *portcullis_version(void);

// Opens the policy in a file, or in memory, which is copied, as it holds on a version of Python.
// On success `*policy` is the policy, to be closed by the caller; on failure it is null, and
// `*error`, unless `error` is null, says why. Returns the status, PORTCULLIS_OK on success.
portcullis_status portcullis_open_file(
    const char *path, int32_t python_major, int32_t python_minor, portcullis_policy **policy,
    portcullis_error *error);
portcullis_status portcullis_open_bytes(
    const void *bytes, size_t count, int32_t python_major, int32_t python_minor,
    portcullis_policy **policy, portcullis_error *error);

// Frees a policy; does nothing with null.
void portcullis_close(portcullis_policy *policy);

// Decides about a dotted path, `os.getcwd` for example; `count` is its length in bytes, 0 is the
// empty path. `*rule`, unless `rule` is null, becomes the rule that matches, or PORTCULLIS_NO_RULE.
portcullis_decision portcullis_decide(
    const portcullis_policy *policy, const char *path, size_t count, portcullis_phase phase,
    portcullis_operation operation, uint32_t *rule);

// Deciding name by name, for callers that walk along objects or ask for the same names often.
//
// `portcullis_name_id` gives the number of one name, 0 for every name that no rule knows; a name is
// taken as it is, dots and all. `portcullis_root` gives the state in which every path starts, and
// `portcullis_step` goes one name further: it gives PORTCULLIS_RESTRICTED or PORTCULLIS_ALLOWED if
// that holds for the path so far and all longer ones, and otherwise PORTCULLIS_UNDECIDED with the
// new state in `*state`. `portcullis_decide_end` decides about the path that ends in a state.
//
// Numbers and states belong to the policy that gave them, states also to the operation; those of
// another one give wrong answers, but no wrong access to memory.
uint32_t portcullis_name_id(const portcullis_policy *policy, const char *name, size_t count);
uint32_t portcullis_root(const portcullis_policy *policy, portcullis_operation operation);
portcullis_decision portcullis_step(
    const portcullis_policy *policy, uint32_t *state, uint32_t name, portcullis_phase phase,
    portcullis_operation operation, uint32_t *rule);
portcullis_decision portcullis_decide_end(
    const portcullis_policy *policy, uint32_t state, portcullis_phase phase,
    portcullis_operation operation, uint32_t *rule);

// Whether the module of a dotted name, or one above it, is passed through: 1 or 0; 0 also for a
// null policy or name.
int32_t portcullis_is_passthrough(const portcullis_policy *policy, const char *name, size_t count);

// What holds for imports, as bits; 0 for a null policy.
enum {
    PORTCULLIS_WARN_ON_DYNAMIC_IMPORT = 1,
    PORTCULLIS_WARN_ON_UNINTENTIONAL_PASSTHROUGH = 2,
    PORTCULLIS_RAISE_ON_UNINTENTIONAL_PASSTHROUGH = 4,
    PORTCULLIS_PASSES_ALL_THROUGH = 8,
    PORTCULLIS_LAZY_SYS_MODULES = 16
};
uint32_t portcullis_flags(const portcullis_policy *policy);

// The number of rules; rules are numbered from 0.
uint32_t portcullis_rule_count(const portcullis_policy *policy);

// What follows from a match; PORTCULLIS_DENY for a rule that does not exist.
portcullis_rule_effect portcullis_effect(const portcullis_policy *policy, uint32_t rule);

// The most arguments of a call for which a rule holds; -1 if it holds for every call.
int32_t portcullis_arguments(const portcullis_policy *policy, uint32_t rule);

// The line and the column, from 1, at which a rule is written; 0 if it has no place.
uint32_t portcullis_line(const portcullis_policy *policy, uint32_t rule);
uint32_t portcullis_column(const portcullis_policy *policy, uint32_t rule);

// The texts of a rule.
typedef int32_t portcullis_text;
enum {
    PORTCULLIS_ID = 0,       // the author's, or path and kind, as `os.*#use`
    PORTCULLIS_PATH = 1,     // with `*` where it has a wildcard
    PORTCULLIS_FILE = 2,     // as its author named it
    PORTCULLIS_MESSAGE = 3,  // replaces the default message
    PORTCULLIS_INSTEAD = 4,  // what to write instead
    PORTCULLIS_BECAUSE = 5,  // why the author wrote the rule
    PORTCULLIS_SEE = 6,      // where to read more
    PORTCULLIS_CATEGORY = 7  // the Python warning class, if the effect is to warn
};

// Writes a text of a rule into `buffer`, ended by NUL and cut between two characters if it does not
// fit into `capacity` bytes; `buffer` may be null if `capacity` is 0. Returns the bytes of the whole
// text without the NUL: 0 if the rule does not have it, or does not exist.
size_t portcullis_describe(
    const portcullis_policy *policy, uint32_t rule, portcullis_text text, char *buffer,
    size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
