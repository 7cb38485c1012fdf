"""Generators, coroutines driven by hand, contexts and context managers."""

import asyncio
import collections
import contextlib
import contextvars
import functools
import itertools
import types

REQUEST = contextvars.ContextVar("request", default="none")


@types.coroutine
def pause(value):
    answer = yield value
    return answer


class Ask:
    """Something that can be awaited."""

    def __init__(self, question):
        self.question = question

    def __await__(self):
        answer = yield self.question
        return f"{self.question}={answer}"


def drive(coroutine, answers):
    """Runs a coroutine to its end with the answers that are given."""
    asked = []
    try:
        question = coroutine.send(None)
        while True:
            asked.append(question)
            question = coroutine.send(answers[question])
    except StopIteration as stop:
        return asked, stop.value


def program_coroutine_by_hand():
    """await on objects and on generator-based coroutines."""

    async def inner(name):
        first = await Ask(name)
        return first, await pause(name * 2)

    async def outer():
        return [await inner("a"), await inner("b")]

    return drive(outer(), {"a": 1, "aa": 2, "b": 3, "bb": 4})


def program_async_generator():
    """async for, async comprehensions and aclose."""
    log = []

    async def numbers():
        try:
            for number in range(5):
                await pause("tick")
                yield number
        finally:
            log.append("closed")

    async def main():
        doubled = [n * 2 async for n in numbers() if n % 2]
        source = numbers()
        async for n in source:
            if n == 1:
                break
        await source.aclose()
        return doubled

    return drive(main(), {"tick": None}), log


def program_async_context():
    """async with, with an exit stack and an exception."""
    log = []

    @contextlib.asynccontextmanager
    async def step(name):
        log.append("in " + name)
        try:
            yield await Ask(name)
        except KeyError:
            log.append("caught in " + name)
        finally:
            log.append("out " + name)

    async def main():
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(step("a"))
            stack.push_async_callback(pause, "late")
            got = await stack.enter_async_context(step("b"))
            log.append(got)
            raise KeyError("x")

    return drive(main(), {"a": 1, "b": 2, "late": 3}), log


def program_coroutine_throw():
    """throw and close on a coroutine."""

    async def patient():
        try:
            await Ask("wait")
        except TimeoutError as error:
            return f"late: {error}"

    one, other = patient(), patient()
    one.send(None), other.send(None)
    other.close()
    try:
        one.throw(TimeoutError("5 s"))
    except StopIteration as stop:
        return stop.value, other.cr_frame is None


def program_generator_protocol():
    """send, throw, close, yield from and the value of a generator."""

    def average():
        total = count = 0
        value = None
        while True:
            try:
                value = yield total / count if count else None
            except ValueError:
                total = count = 0
                continue
            if value is None:
                return count
            total, count = total + value, count + 1

    def delegate(results):
        results.append((yield from average()))
        yield "end"

    results = []
    generator = delegate(results)
    out = [
        next(generator),
        generator.send(4),
        generator.send(8),
        generator.throw(ValueError()),
        generator.send(1),
    ]
    return out, generator.send(None), results


def program_context_variables():
    """Context variables: set, reset, copied contexts."""

    def handle(name):
        token = REQUEST.set(name)
        inner = REQUEST.get()
        REQUEST.reset(token)
        return inner, REQUEST.get()

    context = contextvars.copy_context()
    context.run(REQUEST.set, "in the copy")
    return handle("r1"), context[REQUEST], REQUEST.get(), REQUEST in context


def program_context_in_generators():
    """Each step of a generator runs in the context of its caller."""

    def steps():
        yield REQUEST.get()
        yield REQUEST.get()

    generator = steps()
    first = next(generator)
    context = contextvars.copy_context()
    context.run(REQUEST.set, "other")
    return first, context.run(next, generator)


def program_exit_stack():
    """Callbacks in reverse order, a suppressed error and pop_all."""
    log = []
    with contextlib.ExitStack() as stack:
        stack.callback(log.append, "last")
        stack.enter_context(contextlib.suppress(ZeroDivisionError))
        stack.push(lambda *error: log.append(error[0].__name__ if error[0] else None))
        kept = contextlib.ExitStack()
        kept.callback(log.append, "kept")
        saved = kept.pop_all()
        1 / 0
    saved.close()
    return log


def program_context_manager_decorator():
    """A context manager used as a decorator, and nullcontext, closing, redirect_stdout."""
    import io

    log = []

    class Tracked(contextlib.ContextDecorator):
        def __enter__(self):
            log.append("in")
            return self

        def __exit__(self, *error):
            log.append("out")

    @Tracked()
    def work(x):
        log.append(x)
        return x

    class Door:
        def close(self):
            log.append("closed")

    with contextlib.closing(Door()), contextlib.nullcontext(5) as five:
        work(five)
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        print("inside", end="!")
    return log, stream.getvalue()


def program_comprehension_scopes():
    """Scopes of comprehensions, of class bodies and of assignment expressions."""

    class Body:
        base = 3
        rows = [n for n in range(base)]
        factor = (lambda x: x * 2)(base)

    found = [y for x in range(6) if (y := x * x) > 8]
    return Body.rows, Body.factor, found, y, {k: v for k, v in zip("ab", itertools.count())}


def program_structural_patterns():
    """Sequences, mappings, guards, alternatives, captures and stars."""

    def act(command):
        match command:
            case ["go", ("north" | "south") as where, *rest]:
                return where, rest
            case {"kind": "point", "at": (x, y), **others} if x == y:
                return "diagonal", x, others
            case {"kind": str(kind)}:
                return kind
            case [] | None:
                return "nothing"
            case int(n) | float(n) if n > 10:
                return "big"
            case _:
                return "?"

    return [
        act(one)
        for one in (
            ["go", "north", 1, 2],
            {"kind": "point", "at": (2, 2), "z": 0},
            {"kind": "line"},
            [],
            11.5,
            3,
        )
    ]


def program_closures_late_binding():
    """Closures see the variable, default arguments the value."""
    late = [lambda: n for n in range(3)]
    early = [lambda n=n: n for n in range(3)]
    return [f() for f in late], [f() for f in early]


def program_asyncio_primitives_without_loop():
    """Classes of asyncio that need no loop: exceptions, queues as types, iscoroutinefunction."""

    async def nothing():
        return None

    coroutine = nothing()
    seen = asyncio.iscoroutine(coroutine)
    coroutine.close()
    return (
        seen,
        issubclass(asyncio.CancelledError, BaseException),
        asyncio.QueueEmpty.__name__,
        isinstance(asyncio.Lock, type),
    )


def program_small_scheduler():
    """A scheduler of generators with priorities, as an event loop in small."""
    import heapq

    log, ready, order = [], [], itertools.count()

    def task(name, delays):
        for delay in delays:
            log.append((name, delay))
            yield delay

    for name, delays in (("a", [3, 1]), ("b", [1, 1, 1])):
        heapq.heappush(ready, (0, next(order), task(name, delays)))
    while ready:
        when, _, generator = heapq.heappop(ready)
        delay = next(generator, None)
        if delay is not None:
            heapq.heappush(ready, (when + delay, next(order), generator))
    return log


def program_decorators():
    """Decorators with arguments, on classes and on methods, that keep the metadata."""

    def traced(log):
        def decorate(function):
            @functools.wraps(function)
            def wrapper(*arguments, **keywords):
                log.append(function.__name__)
                return function(*arguments, **keywords)

            return wrapper

        return decorate

    log = []

    def singleton(cls):
        return cls()

    @singleton
    class Service:
        @traced(log)
        def call(self, a: int) -> int:
            "calls"
            return a + 1

    return Service.call(1), log, Service.call.__doc__, Service.call.__wrapped__.__name__


def program_recursion_limit():
    """Too deep a recursion raises RecursionError and the program goes on."""

    def down(n):
        return down(n + 1)

    try:
        down(0)
    except RecursionError as error:
        return type(error).__name__, "recursion" in str(error)


def program_memoized_recursion():
    """lru_cache on a recursion, its statistics, and a cached property."""

    @functools.lru_cache(maxsize=None)
    def ways(n):
        return 1 if n < 2 else ways(n - 1) + ways(n - 2)

    class Report:
        computed = 0

        @functools.cached_property
        def total(self):
            Report.computed += 1
            return ways(30)

    report = Report()
    return (
        report.total,
        report.total,
        Report.computed,
        ways.cache_info()._asdict(),
        "total" in vars(report),
    )


def program_partials():
    """partial, partialmethod, reduce and cmp_to_key."""

    class Cell:
        def set(self, state):
            self.state = state
            return self

        on = functools.partialmethod(set, True)

    power = functools.partial(pow, 2)
    return [
        power(10),
        Cell().on().state,
        functools.reduce(lambda a, b: a * b, range(1, 6), 1),
        sorted(["bb", "a", "ccc"], key=functools.cmp_to_key(lambda a, b: len(b) - len(a))),
        functools.partial(power, 3).func is pow,
    ]


def program_chained_counters():
    """Counter, ChainMap, deque, defaultdict, OrderedDict and UserDict."""

    class Strict(collections.UserDict):
        def __setitem__(self, key, value):
            super().__setitem__(str(key), value)

    words = collections.Counter("the cat the hat the end".split())
    chain = collections.ChainMap({"a": 1}, {"a": 2, "b": 3})
    ring = collections.deque(range(5), maxlen=3)
    ring.rotate(1)
    groups = collections.defaultdict(list)
    for word in words:
        groups[len(word)].append(word)
    ordered = collections.OrderedDict(a=1, b=2)
    ordered.move_to_end("a")
    return (
        words.most_common(1),
        dict(chain),
        list(ring),
        dict(groups),
        list(ordered),
        Strict({1: 2}).data,
    )


def program_iterator_algebra():
    """groupby, accumulate, product, islice, tee, zip_longest, starmap."""
    first, second = itertools.tee(iter("aabccc"))
    return [
        [(key, len(list(group))) for key, group in itertools.groupby(first)],
        list(itertools.accumulate([1, 5, 2], max)),
        list(itertools.islice(itertools.cycle(second), 4, 8)),
        list(itertools.starmap(pow, [(2, 3), (3, 2)])),
        list(itertools.zip_longest("ab", "c", fillvalue="-")),
        len(list(itertools.product("ab", repeat=3))),
        list(itertools.chain.from_iterable([[1], [2, 3]])),
    ]
