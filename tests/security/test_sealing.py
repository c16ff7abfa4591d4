"""Workers are shut in: whoever takes one over through a decoder finds no secret, no file, no network, no program."""

import os
import platform
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.analysis.limits import WorkerLimits
from bot.analysis.pool import LimitedPool
from bot.analysis.sealing import readable
from tests.security import trespassing

LIMITS = WorkerLimits(cpu_seconds=10, wall_seconds=20.0, memory_bytes=300 << 20, file_bytes=1 << 20)
TOKEN = "123456:canary-of-the-environment"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="Landlock and seccomp filters are Linux's, and written for x86-64 and ARM64",
)


@pytest.fixture
async def worker(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LimitedPool]:
    """A worker as every pool starts it, from a process whose environment holds the token."""
    monkeypatch.setenv("KALKAN_TELEGRAM_TOKEN", TOKEN)
    pool = LimitedPool(workers=1, tasks_per_worker=0, warm_up=trespassing.ready, limits=LIMITS)
    pool.start()
    yield pool
    await pool.stop()


async def test_a_worker_can_do_nothing_but_think(worker: LimitedPool, tmp_path: Path) -> None:
    """No socket, no program, no process, no file of the newsroom's, no word to the parent; threads it may start."""
    secret = tmp_path / "secret.key"
    secret.write_bytes(b"canary")
    parent = os.getpid()
    acts = {
        "connect": "",
        "unix socket": "",
        "unix socket of a thread": "",
        "run a program": "",
        "become a program": "",
        "fork": "",
        "read": str(secret),
        "read the parent's memory": f"/proc/{parent}/mem",
        "read the parent's environment": f"/proc/{parent}/environ",
        "read its own first environment": "/proc/self/environ",
        "list": str(tmp_path),
        "write": str(tmp_path / "new"),
        "remove": str(secret),
        "end the parent": str(parent),
        "trace the parent": str(parent),
    }
    assert await worker.run(trespassing.tried, acts) == dict.fromkeys(acts, "PermissionError")
    assert await worker.run(trespassing.tried, {"start a thread": ""}) == {"start a thread": "done"}
    assert secret.read_bytes() == b"canary"


async def test_a_worker_holds_no_secret_and_no_open_file(worker: LimitedPool) -> None:
    """Its environment is wiped of all but where libraries lie; open are three streams and its pipes."""
    known = await worker.run(trespassing.environment)
    assert not any(name.startswith(("KALKAN", "AWS", "HOME")) for name in known)
    assert TOKEN not in str(known)
    regular = [each for each in await worker.run(trespassing.descriptors) if each.partition(":")[2].startswith("100")]
    # A test's runner gives its children files for their output; of the bot's own none is passed on.
    assert len([each for each in regular if int(each.partition(":")[0]) > 2]) == 0


def test_what_a_worker_may_read_holds_no_settings() -> None:
    """Libraries and packages only: never the folder in which somebody works, where .env and data may lie."""
    places = [place.resolve() for place in readable() if place != Path()]
    root = Path(__file__).parents[2]
    assert root / "bot" in places
    for private in (root, root / ".env", Path.home(), Path("/etc"), Path("/tmp"), Path("/var"), Path("/proc")):  # noqa: S108
        assert not any(private == place or place in private.parents for place in places), private
