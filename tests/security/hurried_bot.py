"""The bot as a process whose day lasts minutes: `python -m tests.security.hurried_bot SPEED FOLDER`.

Its clock runs SPEED times as fast, the jobs that come every minute or hour come as much oftener, and what it holds is
written to `FOLDER/held.json` when `FOLDER/look` appears. Its connections to the database keep 1 MB of pages each
instead of 16: the caches of a bot that serves for weeks are full, and here they are after the first hours.
"""

import asyncio
import ctypes
import gc
import json
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from bot.config import Settings
from bot.storage import store
from bot.ticker import Ticker
from bot.wiring import clockwork, serving
from handlers.pacing import Pace, PaceLimits

SOON = timedelta(seconds=1)
#: A week passes at once when the file `FOLDER/later` appears.
WEEK = timedelta(days=8)
SHIFT = [timedelta()]
#: KiB of pages that a connection keeps.
PAGES = 1000


_HEAP = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")


class _Mallinfo(ctypes.Structure):
    """glibc's account of the heap: see mallinfo(3)."""

    _fields_: ClassVar = [(name, ctypes.c_size_t) for name in _HEAP]


def heap() -> dict[str, int]:
    """Bytes that are in use, of what the C library took from the system, and what of them SQLite holds; 0: unknown."""
    library = ctypes.CDLL(None)
    used = 0
    if hasattr(library, "mallinfo2"):
        library.mallinfo2.restype = _Mallinfo
        told = library.mallinfo2()
        used = told.uordblks + told.hblkhd
    try:
        sqlite = ctypes.CDLL("libsqlite3.so.0").sqlite3_memory_used
    except (OSError, AttributeError):
        return {"used": used, "sqlite": 0}
    sqlite.restype = ctypes.c_int64
    return {"used": used, "sqlite": sqlite()}


def held() -> dict[str, int]:
    """What this process holds; what nobody refers to is let go of first."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return {
        "memory": pages * os.sysconf("SC_PAGE_SIZE"),
        **heap(),
        "tasks": len(asyncio.all_tasks()),
        "threads": threading.active_count(),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "objects": len(gc.get_objects()),
    }


async def _write(path: Path) -> None:
    while True:
        await asyncio.sleep(0.2)
        asked = path.with_name("look")
        if SHIFT[0] == timedelta() and path.with_name("later").exists():
            SHIFT[0] = WEEK
        if not asked.exists():
            continue
        # Only when asked: it takes a quarter of a second, in which nothing else happens.
        asked.unlink()
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(held()), encoding="utf-8")
        fresh.replace(path)


def hurry(speed: float) -> Callable[[], datetime]:
    """Make the jobs of the clock come oftener; the clock that runs so fast."""
    began, start = datetime.now(UTC), time.monotonic()

    class Hurried(Ticker):
        """What comes at once comes as ever, what comes each hour comes each second or so."""

        def every(self, interval: timedelta, job: Callable[[], Awaitable[None]]) -> None:
            super().every(interval if interval <= SOON else max(SOON, interval / speed), job)

    clockwork.Ticker = Hurried  # type: ignore[misc, attr-defined]
    kept = [pragma for pragma in store._PRAGMAS if not pragma.startswith("cache_size")]
    store._PRAGMAS = (*kept, f"cache_size=-{PAGES}")
    limits = PaceLimits(per_second=10_000, chat_seconds=0, group_per_minute=10_000)
    serving._pace = lambda _settings: Pace(limits)
    return lambda: began + SHIFT[0] + timedelta(seconds=(time.monotonic() - start) * speed)


async def main(speed: float, folder: Path) -> None:
    """Serve until told to stop."""
    clock = hurry(speed)
    writing = asyncio.create_task(_write(folder / "held.json"))
    await serving.serve(Settings.read(), clock=clock)
    writing.cancel()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), Path(sys.argv[2])))
