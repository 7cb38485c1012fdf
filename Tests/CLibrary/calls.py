"""The functions of libportcullis as Python's ctypes calls them."""

from __future__ import annotations

import ctypes

POINTER, SIZE, TEXT = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p
INT, WORD, OUT = ctypes.c_int32, ctypes.c_uint32, ctypes.POINTER(ctypes.c_uint32)


class Error(ctypes.Structure):
    """``portcullis_error``."""

    _fields_ = [("status", INT), ("message", ctypes.c_char * 508)]


SIGNATURES = {
    "version": (TEXT, []),
    "open_file": (INT, [TEXT, INT, INT, ctypes.POINTER(POINTER), ctypes.POINTER(Error)]),
    "open_bytes": (INT, [POINTER, SIZE, INT, INT, ctypes.POINTER(POINTER), ctypes.POINTER(Error)]),
    "close": (None, [POINTER]),
    "decide": (INT, [POINTER, TEXT, SIZE, INT, INT, OUT]),
    "name_id": (WORD, [POINTER, TEXT, SIZE]),
    "root": (WORD, [POINTER, INT]),
    "step": (INT, [POINTER, OUT, WORD, INT, INT, OUT]),
    "decide_end": (INT, [POINTER, WORD, INT, INT, OUT]),
    "is_passthrough": (INT, [POINTER, TEXT, SIZE]),
    "flags": (WORD, [POINTER]),
    "rule_count": (WORD, [POINTER]),
    "effect": (INT, [POINTER, WORD]),
    "arguments": (INT, [POINTER, WORD]),
    "line": (WORD, [POINTER, WORD]),
    "column": (WORD, [POINTER, WORD]),
    "describe": (SIZE, [POINTER, WORD, INT, POINTER, SIZE]),
}


class Policy:
    """A policy of the library with the calls that tests make often."""

    def __init__(self, library: ctypes.CDLL, handle: ctypes.c_void_p) -> None:
        self.library = library
        self.handle = handle

    def decide(self, path: bytes, phase: int = 1, operation: int = 1) -> tuple[int, int]:
        """The decision and the rule."""
        rule = ctypes.c_uint32(7)
        got = self.library.portcullis_decide(
            self.handle, path, len(path), phase, operation, ctypes.byref(rule)
        )
        return got, rule.value

    def walk(self, path: bytes, phase: int = 1, operation: int = 1) -> tuple[int, int]:
        """The same, name by name."""
        ask = self.library
        state = ctypes.c_uint32(ask.portcullis_root(self.handle, operation))
        rule = ctypes.c_uint32(7)
        for name in path.split(b"."):
            number = ask.portcullis_name_id(self.handle, name, len(name))
            got = ask.portcullis_step(
                self.handle, ctypes.byref(state), number, phase, operation, ctypes.byref(rule)
            )
            if got != 2:
                return got, rule.value
        got = ask.portcullis_decide_end(
            self.handle, state.value, phase, operation, ctypes.byref(rule)
        )
        return got, rule.value

    def text(self, rule: int, kind: int, capacity: int = 4096) -> str:
        buffer = ctypes.create_string_buffer(capacity)
        self.library.portcullis_describe(self.handle, rule, kind, buffer, capacity)
        return buffer.value.decode()
