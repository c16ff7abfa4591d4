"""`kalkan doctor`: one line for each thing, what to do about it, and an exit code that a script can use."""

import asyncio
import json
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.clock import utcnow
from bot.storage import instance
from bot.storage.instance import Holder, holding
from bot.storage.store import Store
from tests.journeys.command_line import CommandLine
from tests.newsroom import make_newsroom
from tests.stores import furnish, sqlite_url


@pytest.fixture
def kalkan(tmp_path: Path) -> CommandLine:
    """The command line over a data folder with a newsroom in it."""
    data = tmp_path / "data"
    furnish(data)

    async def fill() -> None:
        store = Store(sqlite_url(data / "kalkan.sqlite"))
        await make_newsroom(store, utcnow())
        await store.scrub()
        await store.close()

    asyncio.run(fill())
    for path in (data, *data.iterdir()):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return CommandLine(data, KALKAN_DISK_ALARM_PERCENT="0", KALKAN_DISK_FILES_PERCENT="0")


def signs(kalkan: CommandLine) -> dict[str, tuple[str, str]]:
    """What is said of each thing: its state and its line."""
    done = kalkan.here("doctor", "--json")
    found = {sign["what"]: (sign["state"], sign["said"]) for sign in json.loads(done.out)}
    assert done.code == int(any(state == "problem" for state, _ in found.values()))
    return found


def test_a_healthy_house(kalkan: CommandLine) -> None:
    """Every needed thing is looked at; what cannot be looked at offline is said to be skipped, not to be fine."""
    found = signs(kalkan)
    for what in ("settings", "data folder", "file modes", "database", "damage", "custody log", "disk", "time zone"):
        assert found[what][0] == "ok", found[what]
    assert found["clock"] == ("skipped", "not compared with Telegram's: there is no token yet")
    assert found["rights of the process"][0] == "skipped"
    assert found["backup"][0] == found["ballast"][0] == "missing"
    assert "a second one is refused" not in found["served"][1]
    lines = kalkan.here("doctor").out.splitlines()
    assert len(lines) == len(found)
    assert any(line.startswith("skipped  clock: ") for line in lines)


def test_a_damaged_page(kalkan: CommandLine) -> None:
    """It is found, and the way back is named."""
    path = kalkan.data / "kalkan.sqlite"
    with path.open("r+b") as file:
        for page in range(20, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)
    state, said = signs(kalkan)["damage"]
    assert state == "problem"
    assert "kalkan restore" in said


def test_files_that_others_may_read(kalkan: CommandLine) -> None:
    """A key with a wide mode is named, with the command that mends it."""
    path = kalkan.data / "secret.key"
    path.write_bytes(os.urandom(32))
    path.chmod(0o644)
    state, said = signs(kalkan)["file modes"]
    assert (state, "chmod -R go=" in said, str(path) in said) == ("problem", True, True)
    path.chmod(stat.S_IRUSR)
    assert signs(kalkan)["file modes"][0] == "ok"


def test_a_full_disk(kalkan: CommandLine) -> None:
    """Below the line it is a problem."""
    kalkan.environment |= {"KALKAN_DISK_FILES_PERCENT": "90", "KALKAN_DISK_ALARM_PERCENT": "90"}
    state, said = signs(kalkan)["disk"]
    assert state == "problem"
    assert "room" in said


def test_who_serves_is_named(kalkan: CommandLine) -> None:
    """By process, machine and start; and how the process is shut in is looked at on itself."""
    with holding(kalkan.data, Holder(pid=os.getpid(), host="here", since="today")):
        found = signs(kalkan)
        assert f"process {os.getpid()} on here since today" in found["served"][1]
        assert found["rights of the process"][0] in ("ok", "missing")
    assert instance.holder_of(kalkan.data) is None


def test_what_was_given_up_and_what_waits(kalkan: CommandLine) -> None:
    """Dead letters and late updates are said; neither stops the house."""

    async def put(state: str) -> None:
        store = Store(sqlite_url(kalkan.data / "kalkan.sqlite"))
        async with store.write() as conn:
            newsroom = (await conn.execute(sa.text("SELECT id FROM newsrooms"))).scalar_one()
            await conn.execute(sa.text("DELETE FROM inbox_updates"))
            at = (utcnow() - timedelta(hours=2)).replace(tzinfo=None)
            await conn.execute(
                sa.text(
                    "INSERT INTO inbox_updates (id, newsroom_id, bot_id, update_id, identity, chat_key, loose, raw,"
                    " state, tries, received_at, not_before) VALUES (1, :n, 1, 1, 'x', 1, 0, '{}', :s, 1, :at, :at)"
                ),
                {"n": newsroom, "s": state, "at": at.isoformat(sep=" ")},
            )
        await store.close()

    asyncio.run(put("dead"))
    assert "/deadletters" in signs(kalkan)["updates"][1]
    asyncio.run(put("new"))
    assert "the oldest for 2 h" in signs(kalkan)["updates"][1]


def test_how_old_the_backup_is(kalkan: CommandLine) -> None:
    """A fresh one is fine, one of last week is not."""
    folder = kalkan.data / "backups"
    folder.mkdir(mode=0o700)
    path = folder / "kalkan-20261122T040000Z-1-0123456789abcdef.tar.age"
    path.touch(mode=0o600)
    assert signs(kalkan)["backup"][0] == "ok"
    week = (utcnow() - timedelta(days=7)).timestamp()
    os.utime(path, (week, week))
    assert signs(kalkan)["backup"] == (
        "missing",
        "the newest is 7 days old: run `kalkan backup`, and see why it did not run by itself",
    )
