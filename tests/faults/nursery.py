"""A process that has loaded the bot's code, and forks a bot of it on demand: hundreds of restarts in minutes.

Two thirds of a start are spent on importing. What comes after is the path of `python -m bot serve`; its workers are
forked as well (`worker_forks`), unless they are to be the bot's `own` children, started as always. A child may wait
for its start, so that a tracer takes hold of it before its first deed.

`Nursery` runs it; `python -m tests.faults.nursery FD [own]` stands behind it.
"""

from __future__ import annotations

import ctypes
import faulthandler
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import process as multiprocess
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tests.faults.worker_forks import join_server, open_server

_ROOT: Final = Path(__file__).parents[2]
_LOOK: Final = 0.01
_PR_SET_PDEATHSIG: Final = 1


@dataclass(kw_only=True)
class Born:
    """A bot that the nursery forked; used as a `subprocess.Popen` is."""

    nursery: Nursery
    pid: int
    returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code; None while it runs."""
        if self.returncode is None:
            self.returncode = self.nursery.ask(poll=self.pid)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("bot", timeout)
            time.sleep(_LOOK)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def begin(self) -> None:
        """Let one begin that was to wait."""
        self.nursery.ask(begin=self.pid)


class Nursery:
    """The process that forks; one of them serves a whole test."""

    def __init__(self, *, own_workers: bool = False) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            how = ("own",) if own_workers else ()
            command = (sys.executable, "-m", "tests.faults.nursery", str(theirs.fileno()), *how)
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=_ROOT, env=os.environ)
        self._socket, self._answers = ours, ours.makefile("r", encoding="utf-8")

    def birth(self, environment: Mapping[str, str], folder: Path, log: Path, *, waits: bool = False) -> Born:
        """A bot with this environment, which says what it says to `log`; one that `waits` is told to begin."""
        given = {"environment": dict(environment), "folder": str(folder), "log": str(log), "waits": waits}
        return Born(nursery=self, pid=self.ask(birth=given))

    def ask(self, **asked: Any) -> Any:
        """Raises RuntimeError when the nursery is gone."""
        self._socket.sendall(json.dumps(asked).encode() + b"\n")
        if not (line := self._answers.readline()):
            raise RuntimeError("the nursery is gone")
        return json.loads(line)

    def close(self) -> None:
        """End it; whoever it forked is the caller's to end."""
        self._answers.close()
        self._socket.close()
        self._process.wait(20)


@contextmanager
def nursery(*, own_workers: bool = False) -> Iterator[Nursery]:
    """One that is closed at the end."""
    here = Nursery(own_workers=own_workers)
    try:
        yield here
    finally:
        here.close()


class _Matron:
    """The process itself."""

    def __init__(self, *, own_workers: bool) -> None:
        self._own_workers = own_workers
        self._gates: dict[int, int] = {}
        self._codes: dict[int, int] = {}

    def birth(self, given: Mapping[str, Any]) -> int:
        inner, outer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(outer)
            _live(given, inner, own_workers=self._own_workers)
        os.close(inner)
        self._gates[pid] = outer
        if not given["waits"]:
            self.begin(pid)
        return pid

    def begin(self, pid: int) -> bool:
        os.close(self._gates.pop(pid))
        return True

    def poll(self, pid: int) -> int | None:
        if pid not in self._codes:
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone == 0:
                return None
            self._codes[pid] = os.waitstatus_to_exitcode(status)
        return self._codes[pid]


def _live(given: Mapping[str, Any], gate: int, *, own_workers: bool) -> None:
    """The child: what a fresh interpreter would do, without its imports."""
    try:
        # Whoever ends the nursery, however, ends its bots.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.setsid()
        # The other end is closed when it is time, and also when the nursery is gone.
        os.read(gate, 1)
        with Path(given["log"]).open("ab") as log, Path(os.devnull).open("rb") as nothing:
            for file, descriptor in ((nothing, 0), (log, 1), (log, 2)):
                os.dup2(file.fileno(), descriptor)
        os.closerange(3, 256)
        if not own_workers:
            join_server()
        os.environ.clear()
        os.environ.update(given["environment"])
        os.chdir(given["folder"])
        time.tzset()
        faulthandler.enable()
        _program()
    except SystemExit as done:
        # Words instead of a code are said at the end of a program, and its code is 1.
        if not isinstance(done.code, int | None):
            print(done.code, file=sys.stderr, flush=True)
        os._exit(done.code if isinstance(done.code, int) else int(done.code is not None))
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(70)
    finally:
        os._exit(0)


def _program() -> None:
    import bot.__main__ as program

    # Workers start anew what stands here: it must be the bot's program, in its folder.
    main: ModuleType = program
    sys.modules["__main__"], sys.argv = main, ["bot", "serve"]
    multiprocess.ORIGINAL_DIR = os.getcwd()  # type: ignore[attr-defined]  # noqa: PTH109 - as multiprocessing has it
    program.main()


def _load() -> None:
    import bot.cli.runs.bot  # noqa: F401
    from bot.i18n import Catalogs
    from handlers.connections import trusted

    # Kept by the content of their files, as within one process.
    Catalogs.load()
    trusted()
    for name in ("sqlalchemy.dialects.sqlite.aiosqlite", "bot.cli.application", "anyio._backends._asyncio"):
        with suppress(ImportError):
            __import__(name)


def main(descriptor: int, *, own_workers: bool) -> None:
    """Answer until the other end is closed."""
    if not own_workers:
        open_server()
    _load()
    matron = _Matron(own_workers=own_workers)
    answers: dict[str, Callable[[Any], Any]] = {"birth": matron.birth, "begin": matron.begin, "poll": matron.poll}
    with socket.socket(fileno=descriptor) as joined, joined.makefile("r", encoding="utf-8") as asked:
        for line in asked:
            ((name, given),) = json.loads(line).items()
            joined.sendall(json.dumps(answers[name](given)).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), own_workers="own" in sys.argv[2:])
