"""inspect, traceback, warnings, logging and frames of one's own code."""

import ast
import contextlib
import dis
import inspect
import io
import linecache
import logging
import reprlib
import sys
import textwrap
import traceback
import types
import warnings


class ListHandler(logging.Handler):
    """Keeps what is logged."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record))


class Documented:
    """Has a docstring.

    And a second line.
    """

    limit: int = 3

    def method(self, a, b=2, *, c: "int" = 3):
        """Does a thing."""
        return a

    @staticmethod
    def static():
        return 1


def _raise(depth):
    if depth:
        return _raise(depth - 1)
    raise KeyError("deep")


def program_inspect_signature():
    """Signatures of functions, methods and partial applications."""
    import functools

    bound = inspect.signature(Documented().method).bind(1, c=5)
    bound.apply_defaults()
    return [
        str(inspect.signature(Documented.method)),
        bound.arguments,
        str(inspect.signature(functools.partial(Documented.method, b=9))),
        inspect.getfullargspec(Documented.method).kwonlydefaults,
    ]


def program_inspect_members():
    """Predicates and members of classes and functions."""
    return [
        [name for name, _ in inspect.getmembers(Documented, inspect.isfunction)],
        inspect.isclass(Documented),
        inspect.getdoc(Documented),
        inspect.isgeneratorfunction(program_inspect_members),
        inspect.getattr_static(Documented, "static").__class__.__name__,
        inspect.unwrap(Documented.method) is Documented.method,
    ]


def program_inspect_source():
    """The source of a function is the author's text."""
    source = inspect.getsource(Documented.static)
    return (
        textwrap.dedent(source),
        inspect.getsourcelines(_raise)[0][0],
        inspect.getmodule(_raise).__name__,
    )


def program_traceback_format():
    """Frames, functions and lines of text in a formatted traceback."""
    try:
        _raise(2)
    except KeyError as error:
        report = traceback.format_exception(error)
        summary = traceback.extract_tb(error.__traceback__)
    return [
        report[-1],
        [frame.name for frame in summary],
        summary[-1].line,
        "Traceback (most recent call last)" in report[0],
        len(report),
    ]


def program_traceback_of_gated_line():
    """A line with a gated name stands in the traceback as it was written."""

    class Clock:
        def now(self):
            raise ValueError("no time")

    try:
        Clock().now()
    except ValueError as error:
        frames = traceback.extract_tb(error.__traceback__)
        return [(frame.name, frame.line) for frame in frames]


def program_traceback_exception():
    """TracebackException tells causes and notes."""
    try:
        try:
            1 / 0
        except ZeroDivisionError as error:
            raise RuntimeError("outer") from error
    except RuntimeError as error:
        told = traceback.TracebackException.from_exception(error)
    return (
        "".join(told.format_exception_only()),
        told.__cause__.exc_type.__name__ if hasattr(told.__cause__, "exc_type") else "",
        told.stack[-1].name,
    )


def program_print_exc():
    """print_exc writes to the stream that is given."""
    stream = io.StringIO()
    try:
        _raise(0)
    except KeyError:
        traceback.print_exc(file=stream, limit=1)
    return stream.getvalue().splitlines()[-1]


def program_exc_info():
    """sys.exc_info inside and outside of a handler."""
    try:
        _raise(0)
    except KeyError:
        kind, value, trace = sys.exc_info()
    return kind.__name__, value.args, isinstance(trace, types.TracebackType), sys.exc_info()


def program_warnings_recorded():
    """catch_warnings with filters of several kinds."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", message="hush")
        for text, kind in (
            ("hush now", UserWarning),
            ("careful", DeprecationWarning),
            ("x", FutureWarning),
        ):
            warnings.warn(text, kind, stacklevel=1)
    return [(str(one.message), one.category.__name__) for one in caught]


def program_warnings_as_errors():
    """A filter makes a warning an error, only inside of the block."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        try:
            warnings.warn("boom", RuntimeWarning)
        except RuntimeWarning as error:
            return str(error)


def program_warning_location():
    """The location of a warning is the author's line."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn("here")
    return caught[0].filename == __file__, "warnings.warn" in linecache.getline(
        __file__, caught[0].lineno
    )


def program_logging_handler():
    """A logger with a handler of one's own: levels, format, extra, exceptions."""
    logger = logging.getLogger("corpus.orders")
    handler = ListHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(funcName)s:%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        logger.debug("hidden")
        logger.info("sum %d of %s", 5, [1])
        logger.getChild("sub").warning("child")
        with contextlib.suppress(KeyError):
            try:
                _raise(0)
            except KeyError:
                logger.exception("failed")
                raise
    finally:
        logger.removeHandler(handler)
    return [line.splitlines()[0] for line in handler.lines], logger.getEffectiveLevel()


def program_logging_filter():
    """Filters and adapters change records."""
    logger = logging.Logger("detached")
    handler = ListHandler()
    handler.addFilter(lambda record: "secret" not in record.getMessage())
    logger.addHandler(handler)
    adapter = logging.LoggerAdapter(logger, {"run": 7})
    adapter.process = lambda message, keywords: (f"[7] {message}", keywords)
    adapter.warning("a secret")
    adapter.error("told")
    return handler.lines


def program_dis_and_code():
    """Code objects tell names and constants of the function."""

    def add(a, b=1):
        total = a + b
        return total

    code = add.__code__
    return (
        code.co_varnames,
        code.co_argcount,
        add.__defaults__,
        [i.opname for i in dis.get_instructions(add)][-1],
    )


def program_ast_work():
    """Source is parsed, changed and run again."""

    class Double(ast.NodeTransformer):
        def visit_Constant(self, node):
            return ast.copy_location(ast.Constant(node.value * 2), node)

    tree = ast.fix_missing_locations(Double().visit(ast.parse("x = 3 + 4\n")))
    names = {}
    exec(compile(tree, "<made>", "exec"), names)
    return names["x"], ast.unparse(tree), ast.literal_eval("{'a': [1, (2,)]}")


def program_eval_and_exec():
    """eval and exec with globals and locals of one's own."""
    names = {"a": 2}
    exec("def f(n):\n    return n ** a\nb = f(5)", names)
    return (
        names["b"],
        eval("a + b + c", names, {"c": 1}),
        eval(compile("a * 2", "<e>", "eval"), names),
    )


def program_globals_and_locals():
    """globals(), locals() and vars() of a function."""
    first, second = 1, "two"
    seen = locals()
    return sorted(seen), "program_globals_and_locals" in globals(), vars(types.SimpleNamespace(z=1))


def program_getattr_family():
    """getattr, setattr, hasattr, delattr with computed names."""
    thing = types.SimpleNamespace()
    for number in range(3):
        setattr(thing, f"field_{number}", number)
    delattr(thing, "field_1")
    return (
        [getattr(thing, f"field_{n}", None) for n in range(3)],
        hasattr(thing, "field_1"),
        vars(thing),
    )


def program_function_attributes():
    """Functions carry attributes, defaults and closures."""

    def counter(start=0):
        value = start

        def step():
            nonlocal value
            value += 1
            step.calls = getattr(step, "calls", 0) + 1
            return value

        return step

    step = counter(5)
    step(), step()
    return step.calls, step.__closure__[1].cell_contents, counter.__defaults__, step.__qualname__


def program_reprlib_and_pprint():
    """Short and pretty representations."""
    import pprint

    nested = {"key": list(range(20)), "self": {"deep": {"deeper": (1, 2, 3)}}}
    return reprlib.repr(list(range(100))), pprint.pformat(nested, width=40, depth=2)


def program_frame_of_ones_own():
    """A frame tells its function's name, line and locals."""
    mark = "here"
    frame = inspect.currentframe()
    return frame.f_code.co_name, frame.f_locals["mark"], frame.f_globals is globals(), mark


def program_builtins_module():
    """The builtins module holds what bare names give."""
    import builtins

    return (
        builtins.len is len,
        builtins.dict(a=1),
        hasattr(builtins, "nothing"),
        builtins.isinstance(3, int),
    )
