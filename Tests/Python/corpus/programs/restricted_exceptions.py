"""Exceptions of modules that the policy restricts."""

import concurrent.futures
import http.client
import multiprocessing
import os
import queue
import shutil
import signal
import socket
import subprocess
import threading
import urllib.error
import xmlrpc.client
import zipfile
import zoneinfo
from json import JSONDecodeError, loads


class CommandFailed(subprocess.CalledProcessError):
    """A failure that says which step it was."""

    def __init__(self, step, code):
        super().__init__(code, ["tool", step])
        self.step = step


class Gone(http.client.HTTPException):
    status = 410


class Late(socket.timeout):
    pass


def program_except_called_process_error():
    """Raised and caught by class, by base and in a tuple."""
    caught = []
    for clause in (subprocess.CalledProcessError, subprocess.SubprocessError, Exception):
        try:
            raise subprocess.CalledProcessError(3, "make", output="out")
        except clause as error:
            caught.append((clause.__name__, error.returncode, error.cmd, error.output))
    return caught


def program_exception_subclass():
    """A subclass of a restricted exception, its text and its attributes."""
    try:
        raise CommandFailed("build", 2)
    except subprocess.CalledProcessError as error:
        return error.step, error.returncode, str(error), isinstance(error, CommandFailed)


def program_http_exception():
    """A subclass of HTTPException caught among others."""
    try:
        raise Gone("never again")
    except (http.client.BadStatusLine, http.client.HTTPException) as error:
        return error.status, error.args, issubclass(Gone, http.client.HTTPException)


def program_socket_timeout_alias():
    """socket.timeout and socket.error are the builtin exceptions."""
    try:
        raise Late("slow")
    except TimeoutError as error:
        return str(error), socket.timeout is TimeoutError, socket.error is OSError


def program_url_error():
    """URLError wraps a reason and is an OSError."""
    try:
        raise urllib.error.URLError("unknown host")
    except OSError as error:
        return str(error), error.reason


def program_bad_zip():
    """BadZipFile from real work on bytes that are no archive."""
    import io

    try:
        zipfile.ZipFile(io.BytesIO(b"certainly not"))
    except zipfile.BadZipFile as error:
        return str(error)


def program_zone_not_found():
    """A time zone that does not exist: a KeyError too."""
    try:
        zoneinfo.ZoneInfo("Middle/Earth")
    except KeyError as error:
        return type(error).__name__, isinstance(error, zoneinfo.ZoneInfoNotFoundError)


def program_broken_barrier():
    """Exceptions of threading, multiprocessing, queue and concurrent.futures as classes."""
    classes = (
        threading.BrokenBarrierError,
        multiprocessing.TimeoutError,
        queue.Full,
        concurrent.futures.CancelledError,
        concurrent.futures.InvalidStateError,
        shutil.SameFileError,
    )
    caught = []
    for kind in classes:
        try:
            raise kind("x")
        except classes as error:
            caught.append((type(error).__name__, error.args))
    return caught


def program_fault_chain():
    """Explicit and implicit chains across restricted exceptions."""
    try:
        try:
            raise xmlrpc.client.Fault(4, "remote")
        except xmlrpc.client.Error as error:
            raise RuntimeError("call failed") from error
    except RuntimeError as error:
        cause = error.__cause__
        return str(error), cause.faultCode, cause.faultString, error.__suppress_context__


def program_match_exceptions():
    """Class patterns over exceptions of restricted modules."""

    def advice(error):
        match error:
            case subprocess.TimeoutExpired(timeout=limit):
                return f"gave up after {limit}"
            case subprocess.CalledProcessError(returncode=code) if code > 1:
                return f"code {code}"
            case http.client.IncompleteRead(partial=partial):
                return f"{len(partial)} bytes"
            case OSError():
                return "system"
            case _:
                return "other"

    return [
        advice(subprocess.TimeoutExpired("x", 5)),
        advice(subprocess.CalledProcessError(9, "x")),
        advice(http.client.IncompleteRead(b"abc")),
        advice(socket.gaierror(2, "name")),
        advice(ValueError()),
    ]


def program_finally_and_else():
    """The order of else, finally and with in a function that raises a restricted exception."""
    order = []

    class Step:
        def __enter__(self):
            order.append("enter")

        def __exit__(self, kind, error, trace):
            order.append(kind.__name__ if kind else None)
            return kind is not None and issubclass(kind, queue.Empty)

    with Step():
        raise queue.Empty
    try:
        order.append("body")
    except shutil.Error:
        order.append("never")
    else:
        order.append("else")
    finally:
        order.append("finally")
    return order


def program_os_error_is_builtin():
    """os.error is OSError, and errno picks the subclass."""
    errors = [OSError(number, "text") for number in (2, 13, 17, 32, 110)]
    return os.error is OSError, [type(error).__name__ for error in errors]


def program_signal_enums():
    """signal.Signals by name and value while the workflow runs."""
    term = signal.Signals.SIGTERM
    return term.name, int(term), signal.Signals(2).name, signal.SIGINT in signal.Signals


def program_json_error_position():
    """The position that a JSON error tells."""
    try:
        loads('{"a": [1, 2,, 3]}')
    except JSONDecodeError as error:
        return error.lineno, error.colno, error.msg, isinstance(error, ValueError)
