"""Distinct text forwards of 50 senders, received to card queued, beside the same application with an empty handler.

All are fed by the same simulated Bot API in a process of its own, one after the other, in one run:

- Kalkan: stores each update, runs its detectors, files the case with its comment and queues the card and the
  acknowledgement, durably (SQLite, synchronous=FULL), while its sender works at Telegram's pace;
- the same PTB application with an empty handler (benchmarks/empty_handler.py): poll loop, sieve, inbox and worker as
  they are, and nothing done;
- for comparison python-telegram-bot as it comes, with its own updater and an empty handler: it stores nothing, and
  loses what it has in hand when it is killed.

A steady stream of 20 a second is taken turn by turn by a plain bot and by one that encrypts, as `serve` does by
default.
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request  # the simulator speaks plain HTTP on loopback
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.forwards import FIRST_SENDER, distinct_text, forward
from benchmarks.process_cpu import cpu_of_tree
from bot.config import Settings
from bot.storage.cipher import open_sealed
from bot.wiring.master_key import house_keys

TOKEN = "123456789:benchmarkbenchmarkbenchmarkbench"  # noqa: S105 - a made-up token for a simulated server
SENDERS = 50
_STORED_BASE = 5_000_000
# What is measured is the bot, not its patience with members who forward more than a person can.
WIDE_LIMITS = ", ".join(f"{name}=100000000/0.001" for name in ("forwards", "texts", "pictures", "bytes"))


@contextmanager
def stage() -> Iterator[str]:
    """The simulator's address while its process runs."""
    command = [sys.executable, "-m", "benchmarks.stage", "--token", TOKEN, "--senders", str(SENDERS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def post(root: str, updates: list[dict[str, Any]]) -> None:
    """Hand updates to the simulator."""
    for start in range(0, len(updates), 500):
        data = json.dumps({"updates": updates[start : start + 500]}).encode()
        request = urllib.request.Request(f"{root}/sim/inject", data, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=60).read()


def forwards(first: int, count: int) -> list[dict[str, Any]]:
    """Updates numbered from `first`."""
    started = int(time.time()) - 100_000
    return [forward(number, SENDERS, started) for number in range(first, first + count)]


def plain(count: int) -> float:
    """Updates a second through plain PTB."""
    with stage() as root:
        command = [
            sys.executable,
            "-m",
            "benchmarks.plain_ptb",
            "--root",
            root,
            "--token",
            TOKEN,
            "--count",
            str(count),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            post(root, forwards(0, count))
            return float(process.stdout.readline())


class Kalkan:
    """`kalkan serve` on a fresh data folder, with members already in; plain, or encrypted as it is by default."""

    def __init__(
        self, root: str, folder: Path, module: Sequence[str] = ("bot", "serve"), *, encrypted: bool = False
    ) -> None:
        self._module = module
        self._key = folder.with_name(f"{folder.name}.key") if encrypted else None
        self.database = folder / "kalkan.sqlite"
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("KALKAN_")},
            "KALKAN_TELEGRAM_TOKEN": TOKEN,
            "KALKAN_TELEGRAM_BASE_URL": root,
            "KALKAN_DATA_DIR": str(folder),
            "KALKAN_LIMITS": WIDE_LIMITS,
            "KALKAN_LOG_LEVEL": "WARNING",
        }
        if self._key is None:
            self._environment["KALKAN_PLAIN_DATABASE"] = "yes"
        else:
            self._kalkan("key", "new", str(self._key))
            self._environment["KALKAN_MASTER_KEY_FILE"] = str(self._key)
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self, stored: int) -> None:
        """Migrate, let the senders in, and store comments."""
        self._kalkan("export", "accounts")  # first use makes the database
        with closing(self._opened()) as conn, conn:
            newsroom = conn.execute("SELECT id FROM newsrooms").fetchone()[0]
            now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
            rows = [
                (n + 1, newsroom, FIRST_SENDER + n, f"Member {n}", "journalist", "active", "ru", now)
                for n in range(SENDERS)
            ]
            conn.executemany(
                "INSERT INTO members (id, newsroom_id, telegram_id, name, roles, status, language, joined_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
        if stored:
            lines = [json.dumps({"id": f"c{n}", "text": distinct_text(_STORED_BASE + n)}) for n in range(stored)]
            file = self.database.with_name("stored.jsonl")
            file.write_text("\n".join(lines), encoding="utf-8")
            self._kalkan("import", "comments", str(file))

    def _opened(self) -> Any:
        if self._key is None:
            return sqlite3.connect(self.database, timeout=15)
        keys = house_keys(Settings(data_dir=self.database.parent, master_key_file=self._key), None)
        assert keys is not None
        return open_sealed(str(self.database), keys.database)

    @property
    def cpu_seconds(self) -> float:
        """What the bot and its workers have used of the processors."""
        assert self._process is not None
        return cpu_of_tree(self._process.pid)

    def __enter__(self) -> "Kalkan":
        self._process = subprocess.Popen([sys.executable, "-m", *self._module], env=self._environment)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.wait(30)

    def _kalkan(self, *words: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "bot", *words], env=self._environment, check=True, stdout=subprocess.DEVNULL
        )

    def queued(self) -> list[tuple[float, float]]:
        """When each update was received, and when its card was queued, in seconds."""
        query = "SELECT i.received_at, i.done_at FROM inbox_updates i WHERE i.state = 'done' ORDER BY i.id"
        with closing(self._opened()) as conn:
            return [(_seconds(a), _seconds(b)) for a, b in conn.execute(query)]

    def wait_for(self, count: int, seconds: float = 300) -> list[tuple[float, float]]:
        """The times of `count` updates, once they are all done."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = self.queued()
            if len(found) >= count:
                return found
            time.sleep(0.25)
        raise TimeoutError(f"only {len(self.queued())} of {count} were done")


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def rate(count: int, stored: int, module: Sequence[str] = ("bot", "serve")) -> float:
    """Updates a second through Kalkan: from the first received to the last card queued."""
    with stage() as root, tempfile.TemporaryDirectory() as folder:
        kalkan = Kalkan(root, Path(folder) / "data", module)
        kalkan.prepare(stored)
        with kalkan:
            post(root, forwards(0, SENDERS))  # warm: workers started, catalogues compiled
            kalkan.wait_for(SENDERS)
            post(root, forwards(SENDERS, count))
            times = kalkan.wait_for(SENDERS + count)[SENDERS:]
    return count / (max(done for _, done in times) - min(received for received, _ in times))


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """A steady stream of forwards: milliseconds from update to card queued, and CPU of the whole bot for each."""

    waits: list[float]
    cpu: float

    @property
    def p50(self) -> float:
        """Half of them were faster."""
        return statistics.median(self.waits)

    @property
    def p95(self) -> float:
        """One in twenty was slower."""
        return statistics.quantiles(self.waits, n=20)[-1]


def intake(per_second: int, seconds: int, stored: int, *, encrypted: bool = False) -> Intake:
    """A steady stream into a bot of its own."""
    with stage() as root, tempfile.TemporaryDirectory() as folder:
        kalkan = Kalkan(root, Path(folder) / "data", encrypted=encrypted)
        kalkan.prepare(stored)
        with kalkan:
            post(root, forwards(0, SENDERS))
            kalkan.wait_for(SENDERS)
            updates = forwards(SENDERS, per_second * seconds)
            before = kalkan.cpu_seconds
            for number, update in enumerate(updates):
                post(root, [update])
                time.sleep(max(0.0, 1 / per_second - 0.003 * (number > 0)))
            times = kalkan.wait_for(SENDERS + len(updates))[SENDERS:]
            used = kalkan.cpu_seconds - before
    waits = [1000 * (done - received) for received, done in times]
    return Intake(waits=waits, cpu=1000 * used / len(updates))


def side_by_side(rounds: int, stored: int) -> dict[str, Intake]:
    """Plain and encrypted turn by turn, as one stream each."""
    told: dict[str, list[Intake]] = {"plain": [], "SQLCipher": []}
    for number in range(rounds):
        for name in sorted(told, reverse=bool(number % 2)):
            told[name].append(intake(20, 15, stored, encrypted=name == "SQLCipher"))
    return {
        name: Intake(waits=[w for each in turns for w in each.waits], cpu=statistics.mean(each.cpu for each in turns))
        for name, turns in told.items()
    }


def main() -> None:
    """Print the figures as ratios of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--stored", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2, help="turns of the steady stream, plain and encrypted")
    options = parser.parse_args()
    unstored = plain(options.count)
    base = rate(options.count, 0, ("benchmarks.empty_handler",))
    empty = rate(options.count, 0)
    filled = rate(options.count, options.stored)
    turns = side_by_side(options.rounds, options.stored)
    rows = [
        ("same application, empty handler", f"{base:.0f}/s", "1"),
        ("Kalkan, empty store", f"{empty:.0f}/s", f"{empty / base:.3f} (bar 0.333)"),
        (f"Kalkan, {options.stored} comments stored", f"{filled:.0f}/s", f"{filled / base:.3f} (bar 0.100)"),
        ("PTB's own updater, nothing stored", f"{unstored:.0f}/s", f"Kalkan is {empty / unstored:.3f} of it"),
        *((f"20/s, {name}: p95", f"{each.p95:.0f} ms", _told(each)) for name, each in turns.items()),
    ]
    for name, figure, ratio in rows:
        print(f"{name:38s} {figure:>10s}   {ratio}")


def _told(each: Intake) -> str:
    return f"p50 {each.p50:.0f} ms, CPU {each.cpu:.1f} ms a forward, whole bot (bar of p95 300 ms)"


if __name__ == "__main__":
    main()
