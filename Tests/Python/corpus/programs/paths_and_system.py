"""Paths, identifiers and constants of the system that have no effect outside."""

import copy
import errno
import fnmatch
import ipaddress
import ntpath
import os
import os.path
import pickle
import posixpath
import signal
import socket
import stat
import uuid
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

EXTENSION = Path(__file__).suffix


class Resource:
    """A thing with a path of its own."""

    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return self.path


def program_pure_path_parts():
    """The parts of POSIX and Windows paths."""
    posix, windows = PurePosixPath("/srv/www/site.tar.gz"), PureWindowsPath(r"C:\Users\Ann\a.TXT")
    return [
        posix.parts,
        posix.suffixes,
        posix.stem,
        [str(parent) for parent in posix.parents],
        windows.drive,
        windows.as_posix(),
        windows == PureWindowsPath("c:/users/ann/A.txt"),
        windows.with_name("b.md").name,
    ]


def program_path_join_results():
    """Results of joins, of parents and of relative_to are paths of the same class."""
    base = Path("data") / "2023"
    joined = base.joinpath("05", "in.csv")
    return [
        str(joined),
        str(joined.relative_to("data")),
        joined.parent.name,
        joined.match("*/in.*"),
        type(joined) is type(base),
        str("x" / Path("y")),
        joined.is_relative_to(base),
        sorted([Path("b"), Path("a/z"), Path("a")])[1].as_posix(),
    ]


def program_path_pickle_and_copy():
    """Paths through pickle, copy and deepcopy, and in sets."""
    paths = [Path("a/b"), PurePosixPath("/c"), PureWindowsPath("d:/e"), PurePath("f")]
    again = [pickle.loads(pickle.dumps(one)) for one in paths]
    return (
        again == paths,
        [type(one) is type(other) for one, other in zip(again, paths)],
        copy.deepcopy({"p": paths[0]})["p"] == Path("a/b"),
        len({Path("a/b"), Path("a") / "b", Path("a/./b")}),
    )


def program_path_at_import_time():
    """The suffix of __file__ was taken while the module was imported."""
    return EXTENSION, Path(__file__).name


def program_os_path_join():
    """os.path.join, split, splitext, basename, normpath at run time."""
    joined = os.path.join("etc", "conf.d", "main.cfg")
    return [
        joined,
        os.path.split(joined),
        os.path.splitext(joined)[1],
        os.path.basename(joined),
        os.path.dirname(joined),
        os.path.normpath("a/../b/./c"),
        os.path.commonpath(["/usr/lib", "/usr/lib64"]),
        os.path.isabs("/x"),
    ]


def program_os_fspath():
    """os.fspath of text, of bytes and of an object with __fspath__."""
    return os.fspath("a"), os.fspath(b"b"), os.fspath(Resource("c")), os.fspath(PurePosixPath("d"))


def program_path_like_protocol():
    """os.PathLike is an abstract class: the user's path is one of it."""
    return isinstance(Resource("r"), os.PathLike), issubclass(int, os.PathLike)


def program_posixpath_directly():
    """posixpath and ntpath by their own names."""
    return [
        posixpath.join("a", "/b", "c"),
        ntpath.join("C:\\", "x", "y"),
        ntpath.splitdrive("D:\\z"),
        posixpath.relpath("/a/b/c", "/a/d"),
    ]


def program_os_constants():
    """Separators and flags of os."""
    return os.sep, os.linesep, os.pardir, os.O_RDONLY, os.SEEK_END, os.path.sep


def program_errno_names():
    """errno's constants and names at run time."""
    return errno.ENOENT, errno.errorcode[errno.EPERM], errno.EAGAIN == errno.EWOULDBLOCK


def program_signal_constants():
    """Signals are enumerators that compare as numbers."""
    return signal.SIGKILL.value, signal.SIGTERM.name, signal.SIGINT == 2, f"{signal.SIGHUP:d}"


def program_socket_constants():
    """Families and kinds of sockets."""
    return socket.AF_INET.name, int(socket.SOCK_STREAM), socket.SOL_SOCKET > 0


def program_byte_order_helpers():
    """Byte order helpers of socket are pure."""
    return socket.htons(258) == 513 or socket.htons(258), socket.inet_ntoa(b"\x7f\0\0\1")


def program_stat_bits():
    """Modes are told as text."""
    return stat.filemode(0o100755), stat.S_ISDIR(0o040000), stat.S_IMODE(0o100644)


def program_uuid_from_names():
    """uuid3 and uuid5 are functions of their arguments."""
    return [
        str(uuid.uuid5(uuid.NAMESPACE_URL, "https://example.org/orders/1")),
        str(uuid.uuid3(uuid.NAMESPACE_DNS, "example.org")),
        uuid.UUID("{12345678123456781234567812345678}").urn,
        uuid.UUID(bytes=bytes(range(16))).fields[:3],
        sorted([uuid.UUID(int=3), uuid.UUID(int=1)])[0].int,
    ]


def program_uuid_copies():
    """UUIDs are hashable, immutable, and pickle to themselves."""
    one = uuid.UUID(int=77, version=4)
    try:
        one.int = 5
    except TypeError as error:
        refusal = str(error)
    return pickle.loads(pickle.dumps(one)) == one, copy.copy(one) == one, len({one, one}), refusal


def program_ip_networks():
    """Addresses, networks and their arithmetic."""
    network = ipaddress.ip_network("10.1.0.0/22")
    return [
        network.num_addresses,
        ipaddress.ip_address("10.1.3.9") in network,
        [str(part) for part in network.subnets(new_prefix=24)],
        str(ipaddress.IPv6Address("2001:db8::1").exploded),
        ipaddress.ip_address("127.0.0.1").is_loopback,
        [
            str(n)
            for n in ipaddress.collapse_addresses(
                map(ipaddress.ip_network, ["0.0.0.0/1", "128.0.0.0/1"])
            )
        ],
    ]


def program_fnmatch_filter():
    """Patterns of file names without files."""
    names = ["a.py", "b.txt", "c.PY", "test_d.py"]
    return fnmatch.filter(names, "*.py"), fnmatch.fnmatchcase("c.PY", "*.py")
