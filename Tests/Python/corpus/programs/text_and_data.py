"""Text, numbers, encodings and formats."""

import base64
import binascii
import bisect
import bz2
import codecs
import configparser
import csv
import decimal
import difflib
import email
import email.message
import email.policy
import fractions
import gzip
import hashlib
import heapq
import hmac
import html
import html.parser
import io
import json
import lzma
import math
import random
import re
import shlex
import sqlite3
import statistics
import string
import struct
import tarfile
import textwrap
import urllib.parse
import xml.etree.ElementTree as ET
import zlib
from decimal import Decimal
from fractions import Fraction
from xml.sax.saxutils import escape


class Encoder(json.JSONEncoder):
    def default(self, value):
        if isinstance(value, (Decimal, Fraction)):
            return {"number": str(value)}
        return super().default(value)


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.found.append(dict(attributes).get("href"))


class Percent(string.Template):
    delimiter = "%"


class Table(string.Formatter):
    def get_value(self, key, arguments, keywords):
        return keywords.get(key, f"<{key}>") if isinstance(key, str) else arguments[key]


def program_format_strings():
    """Format specifications, conversions and nested fields."""
    width, value = 9, 1234.5678
    return [
        f"{value:>{width}.2f}|{value!r:<12}|{'x':^5}|{-7:+05d}|{255:#x}|{0.256:.1%}|{10**6:_}",
        "{0[1]} {1.real} {k!s:.2}".format([1, 2], 3, k="text"),
        "%-5s|%05.1f|%(n)s" % {"n": 1} if False else "%-5s|%05.1f" % ("ab", 2.25),
        "{:%d/%m}".format(__import__("datetime").date(2020, 3, 4)),
        format(Decimal("3.14159"), ".3"),
    ]


def program_templates():
    """Template and Formatter with classes of one's own."""
    return Percent("%a and %{b}").safe_substitute(a=1), Table().format(
        "{0} {name} {miss}", 5, name="n"
    )


def program_text_wrapping():
    """wrap, fill, shorten, dedent, indent."""
    text = "The quick brown fox jumps over the lazy dog, twice a day."
    return textwrap.wrap(text, 20), textwrap.shorten(text, 25), textwrap.indent("a\n\nb", "> ")


def program_regular_expressions():
    """Groups, substitution by a function, splitting, flags, lookarounds."""
    pattern = re.compile(
        r"(?P<key>\w+)\s*=\s*(?P<value>\"[^\"]*\"|\S+)", re.VERBOSE | re.IGNORECASE
    )
    return [
        [match.groupdict() for match in pattern.finditer('a = 1 B="two words"')],
        re.sub(r"\d+", lambda match: str(int(match[0]) * 2), "3 apples, 10 pears"),
        re.split(r"[;,]\s*", "a, b;c"),
        re.findall(r"(?<=\$)\d+(?!\d|\.)", "$15 $7.5 $200"),
        re.fullmatch(r"a(b)?c", "ac").groups(),
        re.escape("a.b*c"),
    ]


def program_json_hooks():
    """An encoder class, object hooks, separators and sorted keys."""
    text = json.dumps(
        {"z": Decimal("1.10"), "a": [Fraction(1, 3), None, True, 1e100]},
        cls=Encoder,
        sort_keys=True,
    )
    back = json.loads(
        text,
        object_hook=lambda d: (
            Decimal(d["number"]) if set(d) == {"number"} and "/" not in d["number"] else d
        ),
    )
    return (
        text,
        back["z"],
        json.loads("[1.5]", parse_float=Decimal),
        json.dumps("ä", ensure_ascii=False),
    )


def program_csv_dialects():
    """Dictionaries to CSV and back, a dialect, quoting."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["name", "n"], dialect="unix", quoting=csv.QUOTE_MINIMAL)
    writer.writeheader()
    writer.writerows([{"name": 'say "hi", you', "n": 1}, {"name": "x", "n": 2.5}])
    text = stream.getvalue()
    return (
        text,
        list(csv.DictReader(io.StringIO(text))),
        csv.Sniffer().sniff("a;b;c\n1;2;3\n").delimiter,
    )


def program_struct_packing():
    """pack, unpack, iter_unpack and calcsize."""
    packed = struct.pack(">hIq3sx?", -2, 7, -(2**40), b"abc", True)
    return (
        packed.hex(),
        struct.unpack(">hIq3sx?", packed),
        [n for (n,) in struct.iter_unpack("<H", b"\1\0\2\0")],
        struct.calcsize("!IH"),
    )


def program_digests():
    """hashlib and hmac."""
    return [
        hashlib.sha256(b"payload").hexdigest()[:16],
        hashlib.new("md5", b"x", usedforsecurity=False).hexdigest()[:8],
        hashlib.blake2b(b"x", digest_size=4, key=b"k").hexdigest(),
        hmac.new(b"key", b"message", "sha1").hexdigest()[:12],
        hmac.compare_digest("a", "a"),
        hashlib.pbkdf2_hmac("sha256", b"p", b"salt", 10).hex()[:8],
        zlib.crc32(b"abc"),
    ]


def program_binary_text():
    """base64 and its relatives."""
    data = bytes(range(250, 256)) + b"~~"
    return (
        base64.b64encode(data),
        base64.urlsafe_b64decode("-_8="),
        base64.b85encode(b"hi"),
        binascii.hexlify(data, "-"),
        base64.b32encode(b"q"),
    )


def program_compression():
    """zlib, gzip, bz2 and lzma in memory."""
    data = b"repeat " * 200
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as file:
        file.write(data)
    return [
        zlib.decompress(zlib.compress(data, 9)) == data,
        gzip.decompress(stream.getvalue()) == data,
        bz2.decompress(bz2.compress(data)) == data,
        lzma.decompress(lzma.compress(data)) == data,
        len(zlib.compress(data)) < 60,
    ]


def program_gzip_stream():
    """GzipFile over BytesIO reads lines."""
    packed = gzip.compress(b"one\ntwo\n", mtime=0)
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        return [line.decode().strip() for line in file]


def program_tar_in_memory():
    """TarFile over BytesIO: members are added and read."""
    stream = io.BytesIO()
    with tarfile.TarFile(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"abc"))
    stream.seek(0)
    with tarfile.TarFile(fileobj=stream) as archive:
        return archive.getnames(), archive.extractfile("a.txt").read()


def program_xml_tree():
    """Elements, paths, namespaces and serialisation."""
    root = ET.fromstring('<a xmlns:n="u:n"><b k="1">t</b><n:c/><b k="2"/></a>')
    ET.SubElement(root, "d", {"x": "<&>"}).text = "é"
    return [
        [b.get("k") for b in root.iterfind("b")],
        root.find("{u:n}c").tag,
        ET.tostring(root, encoding="unicode"),
        root.findtext("b[@k='1']"),
        escape("<a&b>"),
    ]


def program_html():
    """Escaping, and a parser of one's own."""
    links = Links()
    links.feed('<p><a href="/x?a=1&amp;b=2">x</a><A HREF=y>y</A></p>')
    return links.found, html.escape("<'\">"), html.unescape("&eacute;&#33;")


def program_url_parsing():
    """urllib.parse is pure, though urllib.request is not."""
    parts = urllib.parse.urlsplit("https://user:pw@example.org:8443/p/a?q=1&q=2#frag")
    return [
        (parts.hostname, parts.port, parts.username, parts.fragment),
        urllib.parse.parse_qs(parts.query),
        urllib.parse.urlencode({"a b": "ü&"}, quote_via=urllib.parse.quote),
        urllib.parse.urljoin("http://h/a/b", "../c"),
        urllib.parse.unquote_plus("a%20b+c"),
        parts._replace(netloc="h").geturl(),
    ]


def program_email_messages():
    """A message is built, serialised and parsed."""
    message = email.message.EmailMessage()
    message["Subject"] = "Grüße"
    message["To"] = "Ann <ann@example.org>, bob@example.org"
    message.set_content("Body text\n")
    message.add_attachment(
        b"data", maintype="application", subtype="octet-stream", filename="f.bin"
    )
    message.set_boundary("fixed")
    again = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    return [
        again["subject"],
        [address.addr_spec for address in again["to"].addresses],
        [part.get_content_type() for part in again.walk()],
        next(again.iter_attachments()).get_filename(),
    ]


def program_decimal_context():
    """Local contexts, signals, rounding and quantize."""
    with decimal.localcontext() as context:
        context.prec = 6
        context.rounding = decimal.ROUND_HALF_EVEN
        third = Decimal(1) / 3
        rounded = Decimal("2.675").quantize(Decimal("0.01"))
    try:
        Decimal(1) / 0
    except decimal.DivisionByZero as error:
        kind = type(error).__name__
    return (
        third,
        rounded,
        Decimal(1) / 3,
        kind,
        Decimal("1E+3").normalize(),
        decimal.getcontext().prec,
    )


def program_fractions():
    """Exact arithmetic."""
    total = sum(Fraction(1, n) for n in range(1, 11))
    return (
        total,
        Fraction("3.25"),
        Fraction(math.pi).limit_denominator(1000),
        round(total, 3),
        divmod(Fraction(7, 2), 1),
    )


def program_statistics():
    """Means, medians, quantiles and a normal distribution."""
    data = [2.5, 3.25, 5.5, 11.25, 11.75]
    return [
        statistics.mean(data),
        statistics.median_grouped([1, 3, 3, 5]),
        statistics.quantiles(data, n=4),
        round(statistics.stdev(data), 6),
        statistics.multimode("aabbc"),
        round(statistics.NormalDist(100, 15).cdf(115), 6),
    ]


def program_seeded_random():
    """Random with a seed, its state, and a subclass."""

    class Dice(random.Random):
        def roll(self):
            return self.randint(1, 6)

    one, other = Dice(42), random.Random(42)
    state = other.getstate()
    first = [other.random() for _ in range(2)]
    other.setstate(state)
    return (
        [one.roll() for _ in range(5)],
        first == [other.random() for _ in range(2)],
        random.Random("s").sample(range(50), 4),
        random.Random(7).choices("ab", k=3),
    )


def program_shuffled_with_seed():
    """shuffle, choice, gauss and randbytes of an own generator."""
    generator = random.Random(2023)
    cards = list(range(8))
    generator.shuffle(cards)
    return (
        cards,
        generator.choice("xyz"),
        round(generator.gauss(0, 1), 9),
        generator.randbytes(3).hex(),
        generator.getrandbits(70),
    )


def program_differences():
    """ndiff, unified_diff, close matches and ratios."""
    first, second = ["one\n", "two\n", "three\n"], ["one\n", "too\n", "three\n", "four\n"]
    return [
        list(difflib.unified_diff(first, second, "a", "b")),
        difflib.get_close_matches("appel", ["ape", "apple", "peach"]),
        round(difflib.SequenceMatcher(None, "kitten", "sitting").ratio(), 4),
        list(difflib.ndiff(["x"], ["y"])),
    ]


def program_heaps_and_bisection():
    """heapq and bisect with keys."""
    heap = []
    for number in (5, 1, 4, 1):
        heapq.heappush(heap, number)
    ages = [1, 3, 3, 7]
    bisect.insort(ages, 4)
    return (
        [heapq.heappop(heap) for _ in range(4)],
        heapq.nlargest(2, "abc", key=ord),
        ages,
        bisect.bisect_left([(1, "a"), (5, "b")], 4, key=lambda p: p[0]),
        list(heapq.merge([1, 4], [2, 3])),
    )


def program_codecs():
    """Encodings, error handlers and incremental decoders."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    parts = [decoder.decode(bytes([byte])) for byte in "é€".encode()]
    return (
        parts,
        "naïve".encode("ascii", "xmlcharrefreplace"),
        codecs.encode("hello", "rot13"),
        b"\xff".decode("utf-8", "backslashreplace"),
        codecs.lookup("latin1").name,
    )


def program_memory_streams():
    """StringIO, BytesIO, TextIOWrapper, BufferedReader over memory."""
    wrapper = io.TextIOWrapper(
        io.BytesIO("ä\r\nb".encode("utf-16")), encoding="utf-16", newline=None
    )
    buffer = io.BytesIO(b"0123456789")
    buffer.seek(-3, io.SEEK_END)
    return (
        wrapper.read(),
        buffer.read(),
        io.BufferedReader(io.BytesIO(b"xyz")).peek()[:1],
        io.StringIO("a\nb").readlines(),
    )


def program_config_from_text():
    """configparser reads text with interpolation."""
    parser = configparser.ConfigParser()
    parser.read_string("[paths]\nroot = /srv\nlogs = %(root)s/logs\n[flags]\non = yes\n")
    parser.read_dict({"more": {"n": 3}})
    return (
        parser["paths"]["logs"],
        parser.getboolean("flags", "on"),
        parser.getint("more", "n"),
        parser.sections(),
    )


def program_database_in_memory():
    """sqlite3 in memory: tables, parameters, rows, functions."""
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    connection.create_function("twice", 1, lambda value: value * 2)
    connection.execute("create table t(a integer primary key, b text)")
    connection.executemany("insert into t(b) values(?)", [("x",), ("y",)])
    rows = connection.execute("select a, twice(b) as bb from t order by a desc").fetchall()
    try:
        connection.execute("select nothing from t")
    except sqlite3.OperationalError as error:
        message = str(error)
    return [dict(row) for row in rows], message


def program_shell_words():
    """shlex splits and quotes; nothing is run."""
    return (
        shlex.split('a \'b c\' "d\\"e" # no', comments=True),
        shlex.quote("it's"),
        shlex.join(["x y", "z"]),
    )


def program_numbers():
    """Integers and floats: bases, bytes, bits, hex, rounding."""
    return [
        int("zz", 36),
        (1023).to_bytes(2, "big"),
        int.from_bytes(b"\x01\x00", "little", signed=True),
        (0.1).hex(),
        float.fromhex("0x1.8p1"),
        (0.1).as_integer_ratio()[1],
        math.isclose(0.1 + 0.2, 0.3),
        round(2.5),
        round(-1234, -2),
        math.comb(10, 3),
        math.prod([1, 2, 3]),
        complex(1, -2).conjugate(),
        (37).bit_count(),
        -7 // 2,
        -7 % 3,
    ]


def program_strings():
    """Methods of str and bytes whose names rules use too."""
    table = str.maketrans({"a": "1", "b": None})
    return [
        "abba".translate(table),
        "a,b,,c".split(","),
        "Straße".casefold(),
        "prefix-body".removeprefix("prefix-"),
        "a\tb".expandtabs(4),
        "x".join(["1", "2"]),
        "title case".title(),
        "%s" % (1,),
        "k=v=w".partition("="),
        bytes.fromhex("00ff").hex(":"),
        bytearray(b"abc").replace(b"b", b"--"),
        memoryview(b"abcd")[1:3].tobytes(),
        "12".zfill(5),
        "ⅷ".isnumeric(),
    ]


def program_unicode():
    """Normalisation, names and widths."""
    import unicodedata

    text = "e\u0301"
    return (
        unicodedata.normalize("NFC", text),
        unicodedata.name("€"),
        unicodedata.category("A"),
        len(text),
        ascii("ü"),
    )


def program_sorting():
    """Stable sorts with several keys, min and max with keys and defaults."""
    import operator

    people = [("Bo", 30), ("Al", 25), ("Cy", 30)]
    return [
        sorted(people, key=operator.itemgetter(1)),
        sorted(people, key=lambda p: (-p[1], p[0])),
        min(people, key=lambda p: p[1])[0],
        max([], default="none"),
        list(map(operator.methodcaller("upper"), "ab")),
        sorted("bca", reverse=True),
        operator.attrgetter("real", "imag")(3 + 4j),
    ]
