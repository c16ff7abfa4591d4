"""What somebody tries who has taken over a worker; a module of its own, imported before the worker is shut in."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path


def ready() -> None:
    """Loads this module."""


def environment() -> dict[str, str]:
    """What the worker knows of its environment."""
    return dict(os.environ)


def descriptors() -> list[str]:
    """What is open in a worker, as far as it can be told without /proc."""
    found = []
    for number in range(128):
        try:
            found.append(f"{number}:{os.fstat(number).st_mode:o}")
        except OSError:
            continue
    return found


def tried(acts: dict[str, str]) -> dict[str, str]:
    """What came of each act: the name of the error, or "done"."""
    return {name: _outcome(_ACTS[name], argument) for name, argument in acts.items()}


def _outcome(act: Callable[[str], object], argument: str) -> str:
    try:
        act(argument)
    except BaseException as error:
        return type(error).__name__
    return "done"


def _socket(_: str) -> None:
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def _unix(_: str) -> None:
    socket.socket(socket.AF_UNIX)


def _program(_: str) -> None:
    subprocess.run(["/bin/true"], check=True)


def _replace(_: str) -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606


def _fork(_: str) -> None:
    if os.fork() == 0:
        os._exit(0)


def _read(path: str) -> None:
    Path(path).read_bytes()


def _list(path: str) -> None:
    list(Path(path).iterdir())


def _write(path: str) -> None:
    Path(path).write_bytes(b"x")


def _remove(path: str) -> None:
    Path(path).unlink()


def _kill(process: str) -> None:
    os.kill(int(process), signal.SIGTERM)


def _trace(process: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, int(process), 0, 0) != 0:
        raise PermissionError(ctypes.get_errno())


def _thread(_: str) -> None:
    thread = threading.Thread(target=sys.getallocatedblocks)
    thread.start()
    thread.join()


def _other_thread_socket(argument: str) -> None:
    told: list[str] = []
    thread = threading.Thread(target=lambda: told.append(_outcome(_unix, argument)))
    thread.start()
    thread.join()
    if told != ["done"]:
        raise PermissionError(told)


_ACTS: dict[str, Callable[[str], object]] = {
    "connect": _socket,
    "unix socket": _unix,
    "unix socket of a thread": _other_thread_socket,
    "run a program": _program,
    "become a program": _replace,
    "fork": _fork,
    "read": _read,
    "read the parent's memory": _read,
    "read the parent's environment": _read,
    "read its own first environment": _read,
    "list": _list,
    "write": _write,
    "remove": _remove,
    "end the parent": _kill,
    "trace the parent": _trace,
    "start a thread": _thread,
}
