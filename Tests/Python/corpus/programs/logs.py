"""Logging as programs use it: what they configure works for them."""

import copy
import io
import logging
import pickle

TEXT = "%(levelname)s:%(name)s:%(funcName)s:%(message)s"


class Kept(logging.Handler):
    """Keeps what it is given as text."""

    def __init__(self, level=logging.NOTSET):
        super().__init__(level)
        self.lines = []
        self.setFormatter(logging.Formatter(TEXT))

    def emit(self, record):
        self.lines.append(self.format(record))


def program_handler_of_a_logger():
    """a handler, a level and no propagation"""
    logger = logging.getLogger("corpus.logs.one")
    kept = Kept()
    logger.addHandler(kept)
    logger.setLevel("INFO")
    logger.propagate = False
    logger.debug("not said")
    logger.info("said %s", "once")
    return kept.lines, logger.level, logger.handlers == [kept], logger.propagate


def program_if_it_has_no_handlers():
    """the idiom that adds a handler once"""
    lines = []
    for _ in range(2):
        logger = logging.getLogger("corpus.logs.two")
        if not logger.handlers:
            logger.addHandler(Kept())
        logger.warning("hello")
        lines = logger.handlers[0].lines
    return len(logger.handlers), lines


def program_tree():
    """levels and handlers are inherited by name"""
    above, below = logging.getLogger("corpus.tree"), logging.getLogger("corpus.tree.a.b")
    kept = Kept()
    above.addHandler(kept)
    above.setLevel(logging.ERROR)
    below.warning("no")
    below.error("yes")
    child = above.getChild("a").getChild("b")
    return (
        kept.lines,
        child is below,
        below.parent is above,
        below.getEffectiveLevel(),
        below.isEnabledFor(logging.WARNING),
        above.parent is logging.getLogger(),
        below.hasHandlers(),
    )


def program_root_without_its_handlers():
    """every handler of the root logger is removed, and one put in their place"""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    before = list(root.handlers)
    kept = Kept()
    root.addHandler(kept)
    logging.getLogger("corpus.logs.three").error("up")
    logging.error("module")
    return before, kept.lines, logging.root is root, logging.root.handlers == [kept]


def program_basic_config():
    """basicConfig with a stream"""
    stream = io.StringIO()
    logging.basicConfig(stream=stream, level=logging.DEBUG, format=TEXT, force=True)
    logging.debug("a")
    logging.getLogger("corpus.logs.four").info("b")
    logging.basicConfig(level=logging.CRITICAL)
    logging.info("c")
    return stream.getvalue().splitlines()


def program_level_names():
    """a level of one's own, by name"""
    logging.addLevelName(25, "NOTICE")
    logger = logging.getLogger("corpus.logs.five")
    kept = Kept()
    kept.setLevel("NOTICE")
    logger.addHandler(kept)
    logger.setLevel("NOTICE")
    logger.log(25, "x")
    return kept.lines, logging.getLevelName(25), logging.getLevelName("NOTICE"), kept.level


def program_logger_class():
    """a class of loggers with a method of its own"""

    class Loud(logging.Logger):
        def __init__(self, name):
            super().__init__(name)
            self.count = 0

        def shout(self, text):
            self.count += 1
            self.warning(text.upper())

    logging.setLoggerClass(Loud)
    logger = logging.getLogger("corpus.logs.six")
    kept = Kept()
    logger.addHandler(kept)
    logger.shout("hey")
    same = logging.getLoggerClass() is Loud
    return kept.lines, logger.count, same, isinstance(logger, Loud), type(logger).__name__


def program_record_factory():
    """a factory of records, and extra attributes"""

    def factory(*arguments, **keywords):
        record = logging.LogRecord(*arguments, **keywords)
        record.place = "here"
        return record

    logging.setLogRecordFactory(factory)
    logger = logging.getLogger("corpus.logs.seven")
    kept = Kept()
    kept.setFormatter(logging.Formatter("%(place)s %(extra)s %(message)s"))
    logger.addHandler(kept)
    logger.warning("m", extra={"extra": 1})
    return kept.lines, logging.getLogRecordFactory() is factory


def program_disabled():
    """logging.disable and a logger that is disabled"""
    logger = logging.getLogger("corpus.logs.eight")
    kept = Kept()
    logger.addHandler(kept)
    logging.disable(logging.ERROR)
    logger.error("no")
    logging.disable(logging.NOTSET)
    logger.error("yes")
    logger.disabled = True
    logger.error("no")
    return kept.lines, logging.root.manager.disable


def program_filters():
    """filters of loggers and handlers"""
    logger = logging.getLogger("corpus.logs.nine")
    kept = Kept()
    kept.addFilter(lambda record: "b" in record.getMessage())
    logger.addFilter(lambda record: "a" in record.getMessage())
    logger.addHandler(kept)
    for text in ("a", "b", "ab"):
        logger.warning(text)
    return kept.lines, len(logger.filters), len(kept.filters)


def program_adapter_and_exception():
    """an adapter, and a traceback"""
    logger = logging.getLogger("corpus.logs.ten")
    kept = Kept()
    logger.addHandler(kept)
    adapter = logging.LoggerAdapter(logger, {"a": 1})
    try:
        1 / 0
    except ZeroDivisionError:
        adapter.exception("failed")
    adapter.setLevel(logging.CRITICAL)
    adapter.error("no")
    first, *_, last = kept.lines[0].splitlines()
    return first, last, len(kept.lines)


def program_identity():
    """a logger is one object by its name, copied and pickled or not"""
    logger = logging.getLogger("corpus.logs.eleven")
    return (
        logging.getLogger("corpus.logs.eleven") is logger,
        copy.copy(logger) is logger,
        copy.deepcopy([logger])[0] is logger,
        pickle.loads(pickle.dumps(logger)) is logger,
        type(logger).__name__,
        isinstance(logger, logging.Logger),
        logging.getLogger("") is logging.getLogger(),
        logging.getLogger("root") is logging.getLogger() or "3.8",
        repr(logger),
    )


def program_caller():
    """the line that a record names is that of its caller"""
    kept = Kept()
    kept.setFormatter(logging.Formatter("%(filename)s %(funcName)s"))
    logging.getLogger().addHandler(kept)

    def helper():
        logging.warning("outer", stacklevel=2)

    logging.warning("direct")
    helper()
    return kept.lines[0]


def program_mistakes():
    """what is refused is refused in the same words"""
    found = []
    for call in (
        lambda: logging.getLogger(5),
        lambda: logging.getLogger("corpus.logs").setLevel("LOUD"),
        lambda: logging.setLoggerClass(int),
        lambda: logging.getLogger("corpus.logs").error("x", extra={"message": 1}),
    ):
        try:
            call()
        except Exception as error:
            found.append((type(error).__name__, str(error)))
    return found
