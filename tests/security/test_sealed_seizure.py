"""What a running server surrenders of threats that are sealed: with every key that it has, not one of their words.

200 canaries go through the real bot in threats and in notes on them; when all is sealed, everything
is read with the master key and with custody.key while the bot runs: each value of each table, the vault, the temporary
folders, the custody log's own lines. Pages, the write-ahead log and PostgreSQL's files are searched byte by byte in a
house without encryption. What is in memory is left out.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pyrage
import pytest
import pytest_asyncio
import sqlalchemy as sa

from bot.custody.checking import Bodies, Broken
from bot.custody.entries import Entry
from bot.model.rights import Role
from bot.sealing.key_text import key_text
from bot.services.custody_secret import read_or_make_custody_keys, secret_path
from bot.simulator import User, origins
from bot.storage import custody as archive
from bot.storage import sealed_bodies
from bot.storage.tables import metadata, threat_sightings
from bot.wiring.archive import Archive
from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, actions_of, open_newsroom, until
from tests.laboratory import analysis
from tests.security.canaries import Flock
from tests.security.test_erasure_proof import left
from tests.security.test_seizure import memory
from tests.services import sealed_threats
from tests.services.conftest import EditorsDesk, desk, newsroom
from tests.services.sealed_threats import CANARIES, THREAT, sealed, sealing_of, threatened
from tests.services.test_custody import lines

__all__ = ["analysis", "desk", "memory", "newsroom"]

MASTER = bytes(range(9, 41))
LEAD = pyrage.x25519.Identity.generate()
#: Canaries in the proof with the whole bot; each threat has four.
THREATS = 50
WORDS = ("найдём и убьём", "сожжём твой дом", "взорвём вашу редакцию", "отрежем тебе голову")


@pytest.mark.proof
async def test_the_database_files_hold_none_of_it(desk: EditorsDesk, tmp_path: Path) -> None:
    """On each engine: not a byte in pages, log, dead rows and vault; nor in the custody log with its own keys.

    What is encrypted is read with its key.
    """
    canaries = [each.encode() for each in (*CANARIES[:3], THREAT)]
    await threatened(desk)
    assert set(left(desk.store, tmp_path, canaries)) == set(canaries)
    await sealed(desk)
    sealing = sealing_of(desk)
    await sealing._erasure.compact()
    assert left(desk.store, tmp_path, canaries) == []
    told = str(await lines(desk))
    assert [each for each in canaries if each.decode() in told] == []
    async with desk.store.read() as conn:
        cases = list((await conn.execute(sa.select(threat_sightings.c.submission_id))).scalars())
        (made,) = await sealed_bodies.of_cases(conn, desk.newsroom.id, cases)
        assert await archive.state(conn, desk.newsroom.id) is not None
    opened = pyrage.decrypt(await desk.vault.get(made.inside_age_sha256), [sealed_threats.LEAD])
    assert [each for each in canaries if each not in opened] == []


@pytest_asyncio.fixture(loop_scope="session")
async def house(tmp_path: Path, memory: Path) -> AsyncIterator[tuple[Newsroom, BotProcess]]:
    """An encrypted house whose bot seals at once, with its key beside it."""
    key = tmp_path / "stick" / "master.key"
    for folder in (tmp_path / "tmp", key.parent):
        folder.mkdir()
    key.write_text(key_text(MASTER))
    given = {"master_key_file": key, "memory_dir": memory, "poll_timeout": 1, "seal_threats_hours": 0}
    async with open_newsroom(tmp_path / "data", **given) as room:
        process = BotProcess.of(room)
        process.environment = {**process.environment, "TMPDIR": str(tmp_path / "tmp")}
        yield room, process
        process.close()


@pytest.mark.proof
@pytest.mark.timeout(600)
@pytest.mark.asyncio(loop_scope="session")
async def test_a_running_server_yields_no_sealed_word(house: tuple[Newsroom, BotProcess], tmp_path: Path) -> None:
    """0 of 200 canaries with the master key and custody.key; every one of them with the lead's."""
    room, process = house
    flock = Flock(seed=24)
    process.start()
    lead = await threaten(room, process, flock)
    assert len(flock.words) >= 4 * THREATS
    (tmp_path / "before").mkdir()
    before = await opened_with_all_keys(room, tmp_path / "before")
    assert len(flock.found([before])) >= 4 * THREATS, "with the keys everything is read as long as it is not sealed"
    await seal_all(room, process, lead)
    (tmp_path / "after").mkdir()
    after = await opened_with_all_keys(room, tmp_path / "after")
    process.check_alive()
    assert flock.found([after]) == {}
    folder = tmp_path / "lead"
    folder.mkdir()
    for number, data in enumerate(await vault_of(room)):
        if data.startswith(b"age-encryption.org/"):
            (folder / str(number)).write_bytes(pyrage.decrypt(data, [LEAD]))
    assert set(flock.found([folder])) == set(flock.words)


async def threaten(room: Newsroom, process: BotProcess, flock: Flock) -> User:
    people = {}
    for role in (Role.JOURNALIST, Role.SECURITY):
        (token,) = await room.invite(role)
        people[role] = room.world.add_user(f"P{role.value}", language_code="en")
        room.world.start(people[role], token)
    await quiet(room, process)
    for n in range(THREATS):
        text = f"{flock.russian('threat')}, мы тебя {WORDS[n % len(WORDS)]} {flock.russian('more')} завтра ночью {n}"
        room.world.forward(people[Role.JOURNALIST], origins.from_hidden_user(f"Автор {n}"), text)
        room.later()
        if n % 10 == 9:
            await quiet(room, process)
    await quiet(room, process)
    count = room.database.value("SELECT count(*) FROM threats")
    for n in range(THREATS):
        number = n % count + 1
        note = f"{flock.russian('note')} и {flock.russian('second note')}"
        room.world.send_text(people[Role.SECURITY], f"/note T-{number} {note}")
        room.later()
        if n % 10 == 9:
            await quiet(room, process)
    await quiet(room, process)
    return people[Role.SECURITY]


async def quiet(room: Newsroom, process: BotProcess) -> None:
    await until(room.is_quiet, 120, process)


async def seal_all(room: Newsroom, process: BotProcess, lead: User) -> None:
    """The alarms are answered, the lead's key is there: the bot seals, and has the database forget."""
    for alarm in [m for m in room.world.bot_messages(lead) if "atake" in actions_of(m)]:
        await room.press(lead, alarm, "atake")
    newsroom_id = room.database.value("SELECT id FROM newsrooms")
    query = "INSERT INTO seal_recipients (id, newsroom_id, recipient, name, added_at) VALUES (1, ?, ?, 'Lead', ?)"
    await room.database.write(query, newsroom_id, str(LEAD.to_public()), "2026-01-01 00:00:00.000000")
    # People's clock is ahead of the bot's; what was filed there is not past here before this.
    await room.database.write("UPDATE submissions SET last_sent_at = '2026-01-01 00:00:00.000000'")
    await room.database.write("UPDATE threat_sightings SET seen_at = '2026-01-01 00:00:00.000000'")
    left_over = "SELECT count(*) FROM threat_sightings WHERE text <> ''"
    await until(lambda: room.database.value(left_over) == 0, 240, process)
    await quiet(room, process)
    # What was overwritten is written anew within seconds.
    await asyncio.sleep(6)
    await quiet(room, process)


async def vault_of(room: Newsroom) -> list[bytes]:
    vault = Archive.of(room.settings).vault(None)
    return [await vault.get(name) for name in await vault.names()]


async def opened_with_all_keys(room: Newsroom, folder: Path) -> Path:
    """All that a thief reads who has the running server's keys: tables, log lines, vault, folders."""
    database = room.database
    told = {name: database.rows(f"SELECT * FROM {name}") for name in database.tables()}  # noqa: S608 - our own names
    assert {table.name for table in metadata.sorted_tables} <= told.keys()
    (folder / "tables").write_text("\n".join(str(tuple(row)) for rows in told.values() for row in rows))
    for number, data in enumerate(await vault_of(room)):
        (folder / f"vault-{number}").write_bytes(data)
    (folder / "log").write_text("\n".join(_log_lines(room)))
    for path in (room.settings.data_dir.parent / "tmp").rglob("*"):
        if path.is_file():
            (folder / f"loose-{path.name}-{os.urandom(4).hex()}").write_bytes(path.read_bytes())
    return folder


def _log_lines(room: Newsroom) -> list[str]:
    """Every body of the custody log that its own keys open."""
    keys = read_or_make_custody_keys(secret_path(room.settings.custody_key_path), Archive.of(room.settings).secrets)
    bodies = Bodies(keys, dict(map(tuple, room.database.rows("SELECT subject, wrapped FROM custody_keys"))), {})
    sealed_of = dict(map(tuple, room.database.rows("SELECT seq, sealed FROM custody_bodies")))
    names = ("seq", "at", "kind", "subject", "commitment", "prev")
    found = []
    for row in room.database.rows(f"SELECT {', '.join(names)} FROM custody_entries"):  # noqa: S608 - our own names
        entry = Entry(**dict(zip(names, row, strict=True)))
        with suppress(Broken):
            opened = bodies.open(entry, sealed_of[entry.seq])
            found.append(opened.body.decode() if opened is not None else "")
    return found
