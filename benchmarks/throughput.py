"""Distinct text forwards of 50 senders, received to card queued, beside the same application with an empty handler.

All are fed by the same simulated Bot API in a process of its own, one after the other, in one run:

- Kalkan: stores each update, runs its detectors, files the case with its comment and queues the card and the
  acknowledgement, durably (SQLite, synchronous=FULL), while its sender works at Telegram's pace;
- the same PTB application with an empty handler (benchmarks/empty_handler.py): poll loop, sieve, inbox and worker as
  they are, and nothing done;
- for comparison python-telegram-bot as it comes, with its own updater and an empty handler: it stores nothing, and
  loses what it has in hand when it is killed.
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.forwards import FIRST_SENDER, distinct_text, forward

TOKEN = "123456789:benchmarkbenchmarkbenchmarkbench"  # noqa: S105 - a made-up token for a simulated server
SENDERS = 50
_STORED_BASE = 5_000_000


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
    """`kalkan serve` on a fresh data folder, with members already in."""

    def __init__(self, root: str, folder: Path, module: Sequence[str] = ("bot", "serve")) -> None:
        self._module = module
        self.database = folder / "kalkan.sqlite"
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("KALKAN_")},
            "KALKAN_TELEGRAM_TOKEN": TOKEN,
            "KALKAN_TELEGRAM_BASE_URL": root,
            "KALKAN_DATA_DIR": str(folder),
            "KALKAN_PLAIN_DATABASE": "yes",
            "KALKAN_LOG_LEVEL": "WARNING",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def prepare(self, stored: int) -> None:
        """Migrate, let the senders in, and store comments."""
        self._kalkan("export", "accounts")  # first use makes the database
        with closing(sqlite3.connect(self.database)) as conn, conn:
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
        with closing(sqlite3.connect(self.database)) as conn:
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
        kalkan = Kalkan(root, Path(folder), module)
        kalkan.prepare(stored)
        with kalkan:
            post(root, forwards(0, SENDERS))  # warm: workers started, catalogues compiled
            kalkan.wait_for(SENDERS)
            post(root, forwards(SENDERS, count))
            times = kalkan.wait_for(SENDERS + count)[SENDERS:]
    return count / (max(done for _, done in times) - min(received for received, _ in times))


def latency(per_second: int, seconds: int, stored: int) -> float:
    """p95 in milliseconds from update to card queued at a steady rate."""
    with stage() as root, tempfile.TemporaryDirectory() as folder:
        kalkan = Kalkan(root, Path(folder))
        kalkan.prepare(stored)
        with kalkan:
            post(root, forwards(0, SENDERS))
            kalkan.wait_for(SENDERS)
            updates = forwards(SENDERS, per_second * seconds)
            for number, update in enumerate(updates):
                post(root, [update])
                time.sleep(max(0.0, 1 / per_second - 0.003 * (number > 0)))
            times = kalkan.wait_for(SENDERS + len(updates))[SENDERS:]
    waits = sorted(1000 * (done - received) for received, done in times)
    return statistics.quantiles(waits, n=20)[-1]


def main() -> None:
    """Print the figures as ratios of one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--stored", type=int, default=1000)
    options = parser.parse_args()
    unstored = plain(options.count)
    base = rate(options.count, 0, ("benchmarks.empty_handler",))
    empty = rate(options.count, 0)
    filled = rate(options.count, options.stored)
    p95 = latency(20, 15, options.stored)
    rows = [
        ("same application, empty handler", f"{base:.0f}/s", "1"),
        ("Kalkan, empty store", f"{empty:.0f}/s", f"{empty / base:.3f} (bar 0.333)"),
        (f"Kalkan, {options.stored} comments stored", f"{filled:.0f}/s", f"{filled / base:.3f} (bar 0.100)"),
        ("PTB's own updater, nothing stored", f"{unstored:.0f}/s", f"Kalkan is {empty / unstored:.3f} of it"),
        ("p95, update to card queued at 20/s", f"{p95:.0f} ms", "(bar 300 ms)"),
    ]
    for name, figure, ratio in rows:
        print(f"{name:38s} {figure:>10s}   {ratio}")


if __name__ == "__main__":
    main()
