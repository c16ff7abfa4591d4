"""`kalkan doctor`: one line for each thing, what to do about it, and an exit code that a script can use."""

import asyncio
import json
import os
import stat
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from pyrage import x25519
from telegram import Bot

from bot.clock import utcnow
from bot.model.outbox import Kind, Outgoing
from bot.simulator import Simulator
from bot.storage import instance, outbox, sent_messages
from bot.storage.instance import Holder, holding
from bot.storage.store import Store
from tests.bot_runner import TOKEN
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
        assert found["rights of the process"][0] in (("problem",) if os.geteuid() == 0 else ("ok", "missing"))
    assert instance.holder_of(kalkan.data) is None


def test_what_was_given_up_and_what_waits(kalkan: CommandLine) -> None:
    """Dead letters and late updates are problems: somebody waits for an answer."""

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

    for state, words in (("dead", "/deadletters"), ("new", "the oldest for 2 h")):
        asyncio.run(put(state))
        found = signs(kalkan)["updates"]
        assert found[0] == "problem"
        assert words in found[1]


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
        "problem",
        "the newest is 7 days old: run `kalkan backup`, and see why it did not run by itself",
    )


def test_a_backup_that_was_meant_to_be(kalkan: CommandLine) -> None:
    """Without recipients it is only said; with recipients and without a backup it is a problem."""
    found = signs(kalkan)
    assert found["backup"][0] == found["backup keys"][0] == "missing"
    kalkan.environment["KALKAN_BACKUP_RECIPIENTS"] = str(x25519.Identity.generate().to_public())
    found = signs(kalkan)
    assert (found["backup"][0], found["backup keys"]) == ("problem", ("ok", "1 public keys"))


def test_a_key_that_is_none(kalkan: CommandLine) -> None:
    """The setting is named, by the doctor and by the bot, and what is quoted of it is short."""
    kalkan.environment |= {"KALKAN_BACKUP_RECIPIENTS": "age1garbage" + "x" * 500, "KALKAN_TELEGRAM_TOKEN": TOKEN}
    kalkan.environment["KALKAN_TELEGRAM_BASE_URL"] = "http://127.0.0.1:9"
    state, said = signs(kalkan)["backup keys"]
    assert state == "problem"
    assert said.startswith("KALKAN_BACKUP_RECIPIENTS is wrong: 'age1garbage")
    assert len(said) < 150


def test_a_folder_that_is_not_there(kalkan: CommandLine, tmp_path: Path) -> None:
    """It is said plainly: a wrong folder looks just like a new house."""
    kalkan.environment["KALKAN_DATA_DIR"] = str(tmp_path / "not" / "there")
    state, said = signs(kalkan)["database"]
    assert state == "missing"
    assert f"not even the folder {tmp_path / 'not' / 'there'}" in said


def test_what_could_not_be_said(kalkan: CommandLine) -> None:
    """Messages that were given up this week, and sensitive ones that nobody can take away any more."""
    for table, what in (("outbox_messages", "could not be delivered"), ("sent_messages", "could not be taken away")):
        asyncio.run(_one_that_failed(kalkan.data / "kalkan.sqlite", table))
        state, said = signs(kalkan)["messages"]
        assert state == "problem"
        assert what in said


async def _one_that_failed(path: Path, table: str) -> None:
    store, now = Store(sqlite_url(path)), utcnow()
    async with store.write() as conn:
        newsroom = (await conn.execute(sa.text("SELECT id FROM newsrooms"))).scalar_one()
        message = Outgoing(kind=Kind.REPLY, chat_id=5, newsroom_id=newsroom, body={"code": "ok"})
        await outbox.put(conn, [message], now)
        (waiting,) = await outbox.heads(conn, now, 1, outbox.Reserved(busy=(), paced=()))
        if table == "outbox_messages":
            await outbox.fail(conn, waiting.id, "Forbidden", now)
        else:
            await sent_messages.note_sent(conn, message, waiting.id, [7], (now, now))
            await conn.execute(sa.text("UPDATE sent_messages SET lost_at = sent_at"))
    await store.close()


@pytest.fixture
async def telegram(kalkan: CommandLine) -> AsyncIterator[Simulator]:
    """Telegram, as the command line reaches it."""
    async with Simulator(TOKEN) as simulator:
        kalkan.environment |= {"KALKAN_TELEGRAM_TOKEN": TOKEN, "KALKAN_TELEGRAM_BASE_URL": simulator.address}
        yield simulator


async def test_what_telegram_says(kalkan: CommandLine, telegram: Simulator) -> None:
    """The token is known and nothing else takes our updates; a webhook or a revoked token is a problem."""
    found = await asyncio.to_thread(signs, kalkan)
    assert [found[what][0] for what in ("token", "webhook", "clock")] == ["ok", "ok", "ok"]
    async with Bot(TOKEN, base_url=f"{telegram.address}/bot") as thief:
        await thief.set_webhook("http://127.0.0.1:9/hook/secret")
    state, said = (await asyncio.to_thread(signs, kalkan))["webhook"]
    assert (state, "127.0.0.1" in said, "secret" in said) == ("problem", True, False)
    kalkan.environment["KALKAN_TELEGRAM_TOKEN"] = "7:another"
    assert (await asyncio.to_thread(signs, kalkan))["token"][0] == "problem"


async def test_what_telegram_says_of_our_webhook(kalkan: CommandLine, telegram: Simulator) -> None:
    """It has to be set, to be ours, and to be reached when something waits."""
    ours = "http://127.0.0.1:9/from-telegram"
    kalkan.environment["KALKAN_WEBHOOK_URL"] = ours

    async def said() -> tuple[str, str]:
        return (await asyncio.to_thread(signs, kalkan))["webhook"]

    assert (await said())[0] == "problem"
    async with Bot(TOKEN, base_url=f"{telegram.address}/bot") as bot:
        await bot.set_webhook("http://127.0.0.1:9/hook/secret")
        state, words = await said()
        assert (state, "secret" in words) == ("problem", False)
        await bot.set_webhook(ours)
        assert (await said())[0] == "ok"
        telegram.world.send_text(telegram.world.add_user("Айгерим"), "салам")
        while (await bot.get_webhook_info()).last_error_date is None:  # noqa: ASYNC110 - another asks as well
            await asyncio.sleep(0.1)
        state, words = await said()
        assert (state, "1 updates wait" in words) == ("problem", True)


def test_a_telegram_that_cannot_be_reached(kalkan: CommandLine) -> None:
    """It is no fault of the house, and nothing of the token is shown."""
    kalkan.environment |= {"KALKAN_TELEGRAM_TOKEN": TOKEN, "KALKAN_TELEGRAM_BASE_URL": "http://127.0.0.1:9"}
    found = signs(kalkan)
    assert [found[what][0] for what in ("token", "webhook", "clock")] == ["skipped"] * 3
    assert "canary" not in str(found)
