"""Functions that a worker must not be trusted with; in a module of their own, since every worker imports it."""

import os
import resource
import signal
import time
from pathlib import Path


def ready() -> None:
    """Loaded before the worker is shut in: the tests lie where no worker may read."""


class Odd(Exception):
    """Pickles, and cannot be unpickled, as exceptions of several libraries do."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"odd by {one - two}")


def spin() -> None:
    while True:
        pass


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def swell() -> int:
    return len(bytearray(1 << 30))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_unless(ready: str) -> None:
    """Die as long as a file is not there."""
    if not Path(ready).exists():
        die()


def raise_oddly() -> None:
    raise Odd(2, 1)


def write_much(path: str) -> int:
    with Path(path).open("wb") as file:
        return file.write(b"x" * (2 << 20))


def core_limit() -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_CORE)
