"""Shuts a worker in: whoever takes it over through a decoder's fault finds no secret, no file, no network, no program.

Stock means of Linux: the environment is wiped, Landlock leaves only the libraries readable (landlock(7); its main
thread and whatever that starts), and a seccomp filter (seccomp(2)) refuses sockets, new processes, programs and other
processes' memory to every thread. Where the system has one of them not, the others hold.
"""

from __future__ import annotations

import ctypes
import errno
import importlib.util
import os
import platform
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

#: Of the environment only this is kept: where libraries find things, and how many threads they start.
_KEPT: Final = ("PATH", "LANG", "LC_", "TZ", "TESSDATA_PREFIX", "OMP_", "OPENBLAS_", "MKL_", "PYTHON", "MPL")
_PACKAGES: Final = ("bot", "detection", "handlers")
_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/opt/homebrew", "/etc/ld.so.cache", "/dev/null", "/dev/urandom")

_NO_NEW_PRIVS: Final = 38
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_READ: Final = (1 << 0) | (1 << 2) | (1 << 3)  # execute (a library is mapped so), read a file, read a folder
_READ_FILE: Final = (1 << 0) | (1 << 2)
#: Rights on files that each version of Landlock knows: all are denied but for reading the libraries.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}

# Denied: socket, connect, bind, listen, accept, accept4, execve, execveat, ptrace, process_vm_readv, process_vm_writev,
# mount, unshare, setns, bpf, perf_event_open, userfaultfd, add_key, request_key, keyctl, open_by_handle_at, pidfd_open,
# io_uring_setup.
_NEW: Final = (434, 425)
_DENIED: Final = {
    "x86_64": (
        41,
        42,
        49,
        50,
        43,
        288,
        59,
        322,
        101,
        310,
        311,
        165,
        272,
        308,
        321,
        298,
        323,
        248,
        249,
        250,
        304,
        *_NEW,
    ),
    "aarch64": (
        *(198, 203, 200, 201, 202, 242, 221, 281, 117, 270, 271, 40, 97, 268, 280, 241, 282, 217, 218, 219, 265),
        *_NEW,
    ),
}
_FORKS: Final = {"x86_64": (57, 58), "aarch64": ()}
_CLONE: Final = {"x86_64": 56, "aarch64": 220}
_CLONE3: Final = 435
#: kill, tgkill, tkill: to itself alone. prlimit64: of itself alone.
_KILLS: Final = {"x86_64": (62, 234), "aarch64": (129, 131)}
_PRLIMIT: Final = {"x86_64": 302, "aarch64": 261}
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32: Final = 0x40000000
_CLONE_THREAD: Final = 0x00010000
_LOAD, _EQUAL, _AT_LEAST, _HAS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000
_NUMBER, _ARCH, _FIRST_ARGUMENT = 0, 4, 16

Instruction = tuple[int, int, int, int]


def seal(scratch: str | None = None) -> frozenset[str]:
    """Shut this process in, but for a folder in which it may write; says which walls hold.

    They are "environment", "files" and "calls".
    """
    _wipe_environment()
    held = {"environment"}
    if sys.platform != "linux":
        return frozenset(held)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return frozenset(held)
    if _wall_off_files(libc, scratch):
        held.add("files")
    if _refuse_calls(libc):
        held.add("calls")
    return frozenset(held)


def _wipe_environment() -> None:
    """Forget what the environment says, also where /proc shows it as it was at the start."""
    for name in [name for name in os.environ if not name.startswith(_KEPT)]:
        with suppress(AttributeError, ValueError):
            libc = ctypes.CDLL(None)
            libc.getenv.restype = ctypes.c_void_p
            place = libc.getenv(os.fsencode(name))
            if place:
                ctypes.memset(place, 0, len(os.fsencode(os.environ[name])))
        del os.environ[name]


def readable() -> Iterator[Path]:
    """What a worker may still read: Python, its libraries, this project's code, the models of the text engine."""
    for name in _PACKAGES:
        with suppress(ImportError, ValueError):
            spec = importlib.util.find_spec(name)
            yield from (Path(place) for place in (spec and spec.submodule_search_locations) or ())
    # Libraries that lie elsewhere; never a folder of sources, in which settings and data may lie as well.
    yield from (Path(place) for place in sys.path if place.endswith(("site-packages", "dist-packages")))
    yield from (Path(place) for place in (sys.prefix, sys.base_prefix, os.environ.get("TESSDATA_PREFIX", ""), *_SYSTEM))


def _wall_off_files(libc: ctypes.CDLL, scratch: str | None) -> bool:
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return False
    rights = (1 << _FILE_RIGHTS.get(version, _FILE_RIGHTS[5])) - 1
    # Behind them, from version 4 on: TCP; from 6 on: sockets of names and signals of other processes.
    wanted = struct.pack("<QQQ", rights, 3 if version >= 4 else 0, 3 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = libc.syscall(_LANDLOCK_CREATE, wanted, size, 0)
    if rules < 0:
        return False
    try:
        for place in readable():
            _allow(libc, rules, place, _READ)
        if scratch is not None:
            _allow(libc, rules, Path(scratch), rights & ~1)
        return bool(libc.syscall(_LANDLOCK_RESTRICT, rules, 0) == 0)
    finally:
        os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, place: Path, rights: int) -> None:
    """Allow these rights in a folder, or to read a file; what is not there needs none."""
    if place == Path() or not place.exists():
        return
    descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = rights if place.is_dir() else _READ_FILE
        libc.syscall(_LANDLOCK_ADD, rules, 1, struct.pack("<Qi", allowed, descriptor), 0)
    finally:
        os.close(descriptor)


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _refuse_calls(libc: ctypes.CDLL) -> bool:
    machine = platform.machine()
    if machine not in _SECCOMP:
        return False
    code = b"".join(struct.pack("<HBBI", *each) for each in _filter(machine, os.getpid()))
    program = _Program(len(code) // 8, code)
    # 1, 1: a filter, for every thread.
    return bool(libc.syscall(_SECCOMP[machine], 1, 1, ctypes.byref(program)) == 0)


def _filter(machine: str, own: int) -> Iterator[Instruction]:
    """The filter: what is named is refused, or allowed upon this process alone; the rest is allowed."""
    yield _LOAD, 0, 0, _ARCH
    yield from _unless(_EQUAL, _AUDIT_ARCH[machine], errno.EPERM)
    yield _LOAD, 0, 0, _NUMBER
    if machine == "x86_64":
        yield _AT_LEAST, 0, 1, _X32
        yield _RETURN, 0, 0, _REFUSE | errno.EPERM
    for number in (*_DENIED[machine], *_FORKS[machine]):
        yield _EQUAL, 0, 1, number
        yield _RETURN, 0, 0, _REFUSE | errno.EPERM
    # Its flags lie in memory that a filter cannot see; without it libraries take clone.
    yield _EQUAL, 0, 1, _CLONE3
    yield _RETURN, 0, 0, _REFUSE | errno.ENOSYS
    yield from _only(_CLONE[machine], _HAS, _CLONE_THREAD)
    for number in _KILLS[machine]:
        yield from _only(number, _EQUAL, own)
    yield from _only(_PRLIMIT[machine], _EQUAL, 0)
    yield _RETURN, 0, 0, _ALLOW


def _unless(test: int, value: int, refusal: int) -> Iterator[Instruction]:
    yield test, 1, 0, value
    yield _RETURN, 0, 0, _REFUSE | refusal


def _only(number: int, test: int, value: int) -> Iterator[Instruction]:
    """A call that is allowed only where its first argument passes the test."""
    yield _EQUAL, 0, 4, number
    yield _LOAD, 0, 0, _FIRST_ARGUMENT
    yield test, 0, 1, value
    yield _RETURN, 0, 0, _ALLOW
    yield _RETURN, 0, 0, _REFUSE | errno.EPERM
