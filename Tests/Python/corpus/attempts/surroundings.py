"""Ways to chance, to the environment, to the network, to threads and to processes."""

import os
import random
import secrets
import threading
import uuid
from os import environ, getenv
from random import randint


class Worker(threading.Thread):
    """Notes that it ran."""

    def __init__(self, note):
        super().__init__(daemon=True)
        self.note = note

    def run(self):
        self.note()


def attempt_random_function(ctx):
    """random.random | target: random | realism: accident"""
    return random.random()


def attempt_random_from_import(ctx):
    """randint of a from-import | target: random | realism: accident"""
    return randint(0, 10**12)


def attempt_random_bound_self(ctx):
    """__self__ of a function of random is the shared generator | target: random | realism: deliberate"""
    return random.choice.__self__.random()


def attempt_random_instance(ctx):
    """random._inst is the shared generator | target: random | realism: deliberate"""
    return random._inst.random()


def attempt_random_unseeded(ctx):
    """random.Random without a seed | target: random | realism: accident"""
    return random.Random().random()


def attempt_random_seed_none(ctx):
    """a seeded generator that is seeded again with None | target: random | realism: accident"""
    generator = random.Random(5)
    generator.seed()
    return generator.random()


def attempt_random_subclass(ctx):
    """an unseeded subclass of Random | target: random | realism: accident"""

    class Mine(random.Random):
        pass

    return Mine().random()


def attempt_c_random(ctx):
    """_random.Random without a seed | target: random | realism: deliberate"""
    import _random

    return _random.Random().random()


def attempt_system_random(ctx):
    """random.SystemRandom | target: random | realism: accident"""
    return random.SystemRandom().random()


def attempt_shuffle(ctx):
    """random.shuffle | target: random | realism: accident"""
    cards = list(range(60))
    random.shuffle(cards)
    return cards


def attempt_random_as_key(ctx):
    """sorted with a key that draws | target: random | realism: accident"""
    return sorted(range(60), key=lambda _: random.random())


def attempt_random_methodcaller(ctx):
    """getattr with a computed name on random | target: random | realism: accident"""
    return getattr(random, "get" + "randbits")(64)


def attempt_secrets(ctx):
    """secrets.token_hex | target: random | realism: accident"""
    return secrets.token_hex(8)


def attempt_secrets_alias(ctx):
    """secrets._sysrand | target: random | realism: deliberate"""
    return secrets._sysrand.random()


def attempt_urandom(ctx):
    """os.urandom | target: random | realism: accident"""
    return os.urandom(8).hex()


def attempt_urandom_alias(ctx):
    """random._urandom | target: random | realism: deliberate"""
    return random._urandom(8).hex()


def attempt_uuid4(ctx):
    """uuid.uuid4 | target: random | realism: accident"""
    return str(uuid.uuid4())


def attempt_uuid1(ctx):
    """uuid.uuid1 | target: random | realism: accident"""
    return str(uuid.uuid1())


def attempt_uuid7(ctx):
    """uuid.uuid7 and uuid6 | target: random | realism: accident | python: >=3.14"""
    return str(uuid.uuid7()) + str(uuid.uuid6())


def attempt_uuid8(ctx):
    """uuid.uuid8 | target: random | realism: accident | python: >=3.14"""
    return str(uuid.uuid8())


def attempt_uuid_field(ctx):
    """uuid4 as the default of a dataclass field | target: random | realism: accident"""
    import dataclasses

    made = dataclasses.make_dataclass(
        "Made", [("id", uuid.UUID, dataclasses.field(default_factory=uuid.uuid4))]
    )
    return str(made().id)


def attempt_uuid_os(ctx):
    """uuid.os.urandom | target: random | realism: deliberate"""
    return uuid.os.urandom(8).hex()


def attempt_ssl_random(ctx):
    """ssl.RAND_bytes | target: random | realism: accident"""
    import ssl

    return ssl.RAND_bytes(8).hex()


def attempt_object_address(ctx):
    """tempfile's generator of names | target: random | realism: accident"""
    import tempfile

    return next(tempfile._get_candidate_names())


def attempt_email_boundary(ctx):
    """the boundary of a multipart message | target: random | realism: accident"""
    import email.mime.multipart

    message = email.mime.multipart.MIMEMultipart()
    message.as_string()
    return message.get_boundary()


def attempt_environ_item(ctx):
    """os.environ[...] | target: env | realism: accident"""
    return os.environ[ctx.env]


def attempt_environ_from_import(ctx):
    """environ of a from-import | target: env | realism: accident"""
    return environ.get(ctx.env)


def attempt_getenv(ctx):
    """getenv of a from-import | target: env | realism: accident"""
    return getenv(ctx.env)


def attempt_environ_dict(ctx):
    """dict(os.environ) | target: env | realism: accident"""
    return dict(os.environ)[ctx.env]


def attempt_environ_repr(ctx):
    """the text of os.environ | target: env | realism: accident"""
    return f"{os.environ}"


def attempt_environ_data(ctx):
    """os.environ._data | target: env | realism: deliberate"""
    return os.environ._data[ctx.env.encode()].decode()


def attempt_environ_unpack(ctx):
    """{**os.environ} | target: env | realism: accident"""
    return {**environ}[ctx.env]


def attempt_environ_match(ctx):
    """a mapping pattern on os.environ | target: env | realism: deliberate"""
    match os.environ:
        case {"CORPUS_TOKEN": found}:
            return found


def attempt_posix_environ(ctx):
    """os.environb | target: env | realism: deliberate"""
    return os.environb[ctx.env.encode()].decode()


def attempt_expandvars(ctx):
    """posixpath.expandvars | target: env | realism: accident"""
    import posixpath

    return posixpath.expandvars("$" + ctx.env)


def attempt_string_template(ctx):
    """a Template filled from os.environ | target: env | realism: accident"""
    import string

    return string.Template("$" + ctx.env).substitute(os.environ)


def attempt_config_environ(ctx):
    """a ConfigParser with os.environ for defaults | target: env | realism: accident"""
    import configparser

    parser = configparser.ConfigParser(
        {k: v for k, v in os.environ.items() if k == ctx.env}, interpolation=None
    )
    return parser["DEFAULT"][ctx.env]


def attempt_chain_map(ctx):
    """a ChainMap over os.environ | target: env | realism: accident"""
    import collections

    return collections.ChainMap({}, os.environ)[ctx.env]


def attempt_platform_node(ctx):
    """locale and platform read the machine: os.uname of it | target: env | realism: accident"""
    import platform

    return environ[ctx.env] if platform.node() else None


def attempt_locale(ctx):
    """locale reads the environment | target: env | realism: accident"""
    import locale

    return environ[ctx.env] if locale.getlocale() else None


def attempt_socket_connect(ctx):
    """a socket connects | target: network | realism: accident"""
    import socket

    with socket.create_connection(("127.0.0.1", ctx.port), 5) as connection:
        return connection.recv(999).decode()


def attempt_socket_class(ctx):
    """socket.socket connects | target: network | realism: accident"""
    import socket

    connection = socket.socket()
    connection.connect(("127.0.0.1", ctx.port))
    return connection.recv(999).decode()


def attempt_socket_subclass(ctx):
    """an inherited connect of a subclass of socket | target: network | realism: deliberate"""
    import socket

    class Mine(socket.socket):
        pass

    connection = Mine(socket.AF_INET, socket.SOCK_STREAM)
    connection.connect(("127.0.0.1", ctx.port))
    return connection.recv(999).decode()


def attempt_c_socket(ctx):
    """_socket.socket | target: network | realism: deliberate"""
    import _socket

    connection = _socket.socket()
    connection.connect(("127.0.0.1", ctx.port))
    return connection.recv(999).decode()


def attempt_socket_base(ctx):
    """the base of socket.socket | target: network | realism: deliberate"""
    import socket

    connection = socket.socket.__mro__[1](socket.AF_INET, socket.SOCK_STREAM)
    connection.connect(("127.0.0.1", ctx.port))
    return connection.recv(999).decode()


def attempt_url_open(ctx):
    """urllib.request.urlopen | target: network | realism: accident"""
    import urllib.request

    return urllib.request.urlopen(f"http://127.0.0.1:{ctx.port}").read().decode()


def attempt_url_opener_subclass(ctx):
    """a subclass of OpenerDirector opens | target: network | realism: deliberate"""
    import urllib.request

    class Mine(urllib.request.OpenerDirector):
        pass

    opener = Mine()
    opener.add_handler(urllib.request.HTTPHandler())
    return opener.open(f"http://127.0.0.1:{ctx.port}").read().decode()


def attempt_http_connection(ctx):
    """http.client.HTTPConnection | target: network | realism: accident"""
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", ctx.port, timeout=5)
    connection.request("GET", "/")
    return connection.getresponse().read().decode()


def attempt_http_subclass(ctx):
    """inherited methods of a subclass of HTTPConnection | target: network | realism: accident"""
    import http.client

    class Mine(http.client.HTTPConnection):
        pass

    connection = Mine("127.0.0.1", ctx.port, timeout=5)
    connection.request("GET", "/")
    return connection.getresponse().read().decode()


def attempt_robots(ctx):
    """urllib.robotparser reads over the network | target: network | realism: accident"""
    import urllib.robotparser

    return urllib.robotparser.urllib.request.urlopen(f"http://127.0.0.1:{ctx.port}").read().decode()


def attempt_log_socket(ctx):
    """logging.handlers connects a socket | target: network | realism: accident"""
    import logging.handlers

    return logging.handlers.SocketHandler("127.0.0.1", ctx.port).makeSocket().recv(999).decode()


def attempt_asyncio_connection(ctx):
    """asyncio opens a connection on a loop of its own | target: network | realism: deliberate"""
    import asyncio

    async def read():
        reader, writer = await asyncio.open_connection("127.0.0.1", ctx.port)
        data = await reader.read()
        writer.close()
        return data.decode()

    return asyncio.new_event_loop().run_until_complete(read())


def attempt_thread(ctx):
    """threading.Thread | target: thread | realism: accident"""
    threading.Thread(target=ctx.note, daemon=True).start()


def attempt_thread_subclass(ctx):
    """an inherited start of a subclass of Thread | target: thread | realism: accident"""
    Worker(ctx.note).start()


def attempt_thread_module(ctx):
    """_thread.start_new_thread | target: thread | realism: deliberate"""
    import _thread

    _thread.start_new_thread(ctx.note, ())


def attempt_timer(ctx):
    """threading.Timer | target: thread | realism: accident"""
    timer = threading.Timer(0, ctx.note)
    timer.daemon = True
    timer.start()


def attempt_timer_subclass(ctx):
    """an inherited start of a subclass of Timer | target: thread | realism: deliberate"""

    class Mine(threading.Timer):
        pass

    timer = Mine(0, ctx.note)
    timer.daemon = True
    timer.start()


def attempt_executor(ctx):
    """ThreadPoolExecutor.submit | target: thread | realism: accident"""
    import concurrent.futures

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(ctx.note).result(5)


def attempt_executor_module(ctx):
    """concurrent.futures.thread.ThreadPoolExecutor | target: thread | realism: accident"""
    import concurrent.futures.thread

    with concurrent.futures.thread.ThreadPoolExecutor(1) as pool:
        pool.submit(ctx.note).result(5)


def attempt_executor_subclass(ctx):
    """an inherited submit of a subclass of ThreadPoolExecutor | target: thread | realism: accident"""
    from concurrent.futures import ThreadPoolExecutor

    class Mine(ThreadPoolExecutor):
        pass

    with Mine(1) as pool:
        pool.submit(ctx.note).result(5)


def attempt_loop_executor(ctx):
    """run_in_executor of a loop of one's own | target: thread | realism: accident"""
    import asyncio

    loop = asyncio.new_event_loop()
    loop.run_until_complete(loop.run_in_executor(None, ctx.note))


def attempt_to_thread(ctx):
    """asyncio.to_thread on a loop of one's own | target: thread | realism: accident"""
    import asyncio

    asyncio.new_event_loop().run_until_complete(asyncio.to_thread(ctx.note))


def attempt_pool_of_threads(ctx):
    """multiprocessing.pool.ThreadPool | target: thread | realism: accident"""
    import multiprocessing.pool

    with multiprocessing.pool.ThreadPool(1) as pool:
        pool.apply(ctx.note)


def attempt_dummy_pool(ctx):
    """multiprocessing.dummy | target: thread | realism: accident"""
    import multiprocessing.dummy

    multiprocessing.dummy.Process(target=ctx.note).start()


def attempt_queue_listener(ctx):
    """logging's QueueListener starts a thread | target: thread | realism: accident"""
    import logging.handlers
    import queue

    class Note(logging.Handler):
        def emit(self, record):
            ctx.note()

    things = queue.SimpleQueue()
    listener = logging.handlers.QueueListener(things, Note())
    listener.start()
    things.put(logging.makeLogRecord({}))
    listener.stop()


def attempt_threading_alias(ctx):
    """threading._start_new_thread | target: thread | realism: deliberate"""
    name = (
        "_start_new_thread" if hasattr(threading, "_start_new_thread") else "_start_joinable_thread"
    )
    start = getattr(threading, name)
    start(ctx.note, ()) if name.endswith("new_thread") else start(ctx.note, daemon=True)


def attempt_subprocess(ctx):
    """subprocess.check_output | target: process | realism: accident"""
    import subprocess

    return subprocess.check_output(["cat", ctx.file], text=True)


def attempt_popen_subclass(ctx):
    """a subclass of Popen | target: process | realism: deliberate"""
    import subprocess

    class Mine(subprocess.Popen):
        pass

    return Mine(["cat", ctx.file], stdout=subprocess.PIPE, text=True).communicate()[0]


def attempt_os_popen(ctx):
    """os.popen | target: process | realism: accident"""
    return os.popen(f"cat {ctx.file}").read()


def attempt_os_fork(ctx):
    """posix.fork and a pipe | target: process | realism: deliberate"""
    import posix

    read, write = posix.pipe()
    if posix.fork() == 0:
        posix.dup2(write, 1)
        posix.execv("/bin/cat", ["cat", ctx.file])
    posix.close(write)
    return posix.read(read, 99).decode()


def attempt_spawn(ctx):
    """_posixsubprocess and pty-like modules: platform's subprocess | target: process | realism: deliberate"""
    import platform
    import pydoc

    return (
        platform.subprocess.check_output(["cat", ctx.file], text=True)
        if hasattr(platform, "subprocess")
        else pydoc.os.popen(f"cat {ctx.file}").read()
    )


def attempt_multiprocessing(ctx):
    """multiprocessing starts a process | target: process | realism: accident"""
    import multiprocessing

    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=lambda: theirs.send(os.popen(f"cat {ctx.file}").read()))
    process.start()
    return ours.recv()


def attempt_webbrowser(ctx):
    """webbrowser starts a command | target: process | realism: accident"""
    import webbrowser

    return webbrowser.subprocess.check_output(["cat", ctx.file], text=True)


def attempt_asyncio_subprocess(ctx):
    """asyncio.create_subprocess_exec on a loop of one's own | target: process | realism: accident"""
    import asyncio

    async def cat():
        process = await asyncio.create_subprocess_exec(
            "cat", ctx.file, stdout=asyncio.subprocess.PIPE
        )
        return (await process.communicate())[0].decode()

    return asyncio.new_event_loop().run_until_complete(cat())
