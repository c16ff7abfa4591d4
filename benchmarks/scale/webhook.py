"""What comes by webhook: from the post to its 200, which is said after the commit; and what handling it costs.

A real installation of role processes on PostgreSQL, the simulated Bot API in a process of its own, and the poster in
another. Everything shares this machine's cores.
"""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from benchmarks.forwards import FIRST_SENDER
from benchmarks.process_cpu import cpu_of_tree
from benchmarks.scale.ground import House, on_postgres
from benchmarks.scale.measuring import Waits
from benchmarks.throughput import TOKEN
from bot.config import Settings
from bot.services.keys import read_or_make_key
from tests.postgres import PostgresServer, free_port

#: Chats that write; members forward faster than a person can, and the limits are lifted.
SENDERS: Final = 1_000
_READY_SECONDS: Final = 120.0
_MEMBER: Final = (
    "INSERT INTO members (id, newsroom_id, telegram_id, name, roles, status, language, joined_at)"
    " SELECT n, (SELECT id FROM newsrooms), $1 + n - 1, 'Member ' || n, 'journalist', 'active', 'ru', $2"
    " FROM generate_series(1, $3) AS n"
)
_STATES: Final = "SELECT state, count(*) FROM inbox_updates GROUP BY state"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """One stream through an installation; CPU in milliseconds an update, by what used it."""

    workers: int
    rate: int
    posted: int
    refused: int
    waits: Waits
    #: Updates handled while it ran, and how many waited at its end.
    handled: int
    behind: int
    receiver: float
    #: Of the workers, an update handled.
    worker: float
    scheduler: float
    database: float
    poster: float


class Crew:
    """The processes of an installation."""

    def __init__(self, house: House, running: PostgresServer, url: str, secret: str) -> None:
        self._house = house
        self._server = running
        self._url = url
        self._secret = secret
        self._processes: dict[str, list[subprocess.Popen[Any]]] = {}

    def start(self, role: str, count: int) -> None:
        """Start processes of a role."""
        with (self._house.folder / f"{role}.log").open("ab") as log:
            started = [self._house.start("serve", "--role", role, stdout=log, stderr=log) for _ in range(count)]
        self._processes.setdefault(role, []).extend(started)

    def wait(self) -> None:
        """Wait until all have said that they live. Raises TimeoutError."""
        wanted = sum(map(len, self._processes.values()))
        end = time.monotonic() + _READY_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(Exception):
                if self._house.ask("SELECT count(*) FROM processes")[0][0] == wanted:
                    return
            time.sleep(0.3)
        raise TimeoutError(f"not all of {wanted} processes came up: {self._house.folder}")

    def stop(self) -> None:
        """Stop all of them."""
        every = [each for some in self._processes.values() for each in some]
        for each in every:
            each.terminate()
        for each in every:
            each.wait(30)

    def cpu(self, role: str) -> float:
        """Seconds that the processes of a role have used."""
        return sum(cpu_of_tree(each.pid) for each in self._processes.get(role, ()))

    def _spent(self) -> dict[str, float]:
        roles = {role: self.cpu(role) for role in ("web", "worker", "scheduler")}
        return {**roles, "database": cpu_of_tree(self._server.pid)}

    def _states(self) -> dict[str, int]:
        return dict(self._house.ask(_STATES))

    def post(self, rate: int, seconds: int, first: int = 0, settle: float = 0.0) -> Stream:
        """Let a stream through; for so many seconds afterwards what is left is waited for."""
        before, done = self._spent(), self._states().get("done", 0)
        posted = _posted(self._url, self._secret, rate, seconds, first)
        end = time.monotonic() + settle
        while time.monotonic() < end and self._waiting():
            time.sleep(0.2)
        spent, states = self._spent(), self._states()
        count, handled = len(posted["waits"]), states.get("done", 0) - done
        each = {name: 1000 * (spent[name] - before[name]) for name in spent}
        return Stream(
            workers=len(self._processes.get("worker", ())),
            rate=rate,
            posted=count,
            refused=posted["refused"],
            waits=Waits.of(posted["waits"]),
            handled=handled,
            behind=states.get("new", 0) + states.get("working", 0),
            receiver=each["web"] / count,
            worker=each["worker"] / max(1, handled),
            scheduler=each["scheduler"] / count,
            database=each["database"] / count,
            poster=1000 * posted["cpu"] / count,
        )

    def _waiting(self) -> int:
        states = self._states()
        return states.get("new", 0) + states.get("working", 0)

    def rest(self, seconds: float) -> float:
        """Milliseconds of CPU that each worker uses in a second without an update."""
        before = self.cpu("worker")
        time.sleep(seconds)
        return 1000 * (self.cpu("worker") - before) / seconds / len(self._processes["worker"])


def _posted(url: str, secret: str, rate: int, seconds: int, first: int) -> dict[str, Any]:
    numbers = {"rate": rate, "seconds": seconds, "senders": SENDERS, "first": first}
    flags = [word for name, value in numbers.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "benchmarks.scale.poster", "--url", url, "--secret", secret, *flags]
    found: dict[str, Any] = json.loads(subprocess.check_output(command, text=True))
    return found


@contextmanager
def crew(running: PostgresServer, workers: int, *, scheduler: bool = True) -> Iterator[Crew]:
    """An installation with one receiver, so many workers and a scheduler."""
    with ExitStack() as stack:
        root = stack.enter_context(_stage())
        port = free_port()
        url = f"http://127.0.0.1:{port}/from-telegram"
        house = stack.enter_context(on_postgres(running))
        given = {
            "KALKAN_TELEGRAM_BASE_URL": root,
            "KALKAN_WEBHOOK_URL": url,
            "KALKAN_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
        }
        house = replace(house, given=given)
        house.run("export", "accounts")
        house.ask(_MEMBER, FIRST_SENDER, datetime.now(UTC), SENDERS)
        key = read_or_make_key(Settings(data_dir=house.folder / "data").key_path, None)
        made = Crew(house, running, url, key.webhook)
        stack.callback(made.stop)
        made.start("web", 1)
        made.start("worker", workers)
        made.start("scheduler", int(scheduler))
        made.wait()
        yield made


@contextmanager
def _stage() -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.stage", "--token", TOKEN, "--senders", str(SENDERS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def to_committed(running: PostgresServer, rate: int, seconds: int, workers: int = 4) -> Stream:
    """The bar's stream, after one of five seconds that is not counted."""
    with crew(running, workers) as made:
        made.post(20, 5, first=10_000_000, settle=20)
        return made.post(rate, seconds)


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """What an update costs with so many workers, and what a worker costs in a second without any."""

    stream: Stream
    idle: float


def over_workers(running: PostgresServer, counts: Sequence[int], rate: int, seconds: int) -> list[Share]:
    """The same stream through installations of so many workers each."""
    found = []
    for workers in counts:
        with crew(running, workers, scheduler=False) as made:
            made.post(20, 5, first=10_000_000, settle=20)
            idle = made.rest(10)
            found.append(Share(stream=made.post(rate, seconds, settle=60), idle=idle))
    return found
