"""Evidence by chat and by command: handed over as a protected file, verified from outside, tampering said."""

import asyncio
import io
import json
import sqlite3
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.application import run
from bot.custody.checkpoints import notes_in
from bot.documents.evidence.bagged import verify
from bot.model.rights import Role
from bot.model.verdict import Finding
from bot.services.custody import Custody
from bot.services.custody_events import of_filed
from bot.services.custody_secret import read_or_make_custody_keys
from bot.simulator import StoredMessage, User, origins
from bot.storage import custody, filing
from bot.storage.filing import BurstRule, NewPart
from bot.storage.store import Store
from tests.bot_runner import Newsroom, actions_of, open_newsroom
from tests.journeys.command_line import CommandLine, Done
from tests.newsroom import make_member, make_newsroom, message

THREAT = "Жүргүлө, Азаттыкты өрттөйбүз, кеңсесин талкалайбыз"
KEEPER = -1001234567890
HIDDEN = origins.from_hidden_user("Асан У.")


async def _threat(room: Newsroom, who: User) -> None:
    room.world.send_text(who, THREAT, origin=origins.from_hidden_user("Асан У."))
    room.later()
    await room.quiet()


def _file(room: Newsroom, message: StoredMessage) -> bytes:
    stored = room.world.files.find(message.body["document"]["file_id"])
    assert stored is not None
    return stored.data


@pytest.mark.asyncio(loop_scope="session")
async def test_a_security_lead_exports_by_chat(newsroom: Newsroom, tmp_path: Path) -> None:
    """/export sends a bag that verifies, protected; nobody else is told that there is such a thing."""
    lead, journalist = await newsroom.join(Role.SECURITY, Role.JOURNALIST)
    await _threat(newsroom, journalist)
    assert "/export T-42" in (await newsroom.order(lead, "/export")).text
    assert "T-99" in (await newsroom.order(lead, "/export T-99")).text
    assert "“%”" in (await newsroom.order(lead, "/export T-1 %")).text
    refused = await newsroom.order(journalist, "/export T-1")
    assert "document" not in refused.body
    assert "/help" in refused.text
    await newsroom.order(lead, "/export K-1 en")
    sent = [m for m in newsroom.world.bot_messages(lead) if "document" in m.body]
    assert len(sent) == 1
    assert sent[0].body["has_protected_content"]
    data = _file(newsroom, sent[0])
    key = next(word for word in sent[0].text.split() if word.startswith("RW"))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(tmp_path / "bag")
    (bag,) = (tmp_path / "bag").iterdir()
    assert verify.main([str(bag), "--key", key]) == 0
    exported = "SELECT count(*) FROM custody_entries WHERE kind = 'exported'"
    await newsroom.world.wait_until(lambda: newsroom.database.value(exported) == 1, 20)
    assert journalist.first_name not in (bag / "data" / "evidence.json").read_text()


@pytest.mark.asyncio(loop_scope="session")
async def test_a_wave_is_exported_by_query(newsroom: Newsroom, tmp_path: Path) -> None:
    """Several records are counted first; a press makes the file, with the event record that was filled in."""
    lead, journalist, editor = await newsroom.join(Role.SECURITY, Role.JOURNALIST, Role.EDITOR)
    await _threat(newsroom, journalist)
    await _threat(newsroom, editor)
    newsroom.world.send_text(journalist, "Бүгүн офиске кол салабыз, баарыңарды өлтүрөбүз", origin=HIDDEN)
    newsroom.later()
    await newsroom.quiet()
    card = await newsroom.order(lead, "/threat_1")
    await newsroom.press(lead, card, "rec")
    await newsroom.press(lead, _newest(newsroom, lead), "recf", "t.h.0")
    await newsroom.press(lead, _newest(newsroom, lead), "reca")
    await newsroom.order(lead, "Кыргызстан")
    for place in range(1, 3):
        await newsroom.press(lead, _newest(newsroom, lead), "recf", f"t.h.{place + 1}")
    await newsroom.press(lead, _newest(newsroom, lead), "recv", "t.h.3.woman")
    assert newsroom.database.value("SELECT count(*) FROM event_records") == 2
    asked = await newsroom.order(lead, "/export since:7d hrd en")
    assert "xgo" in actions_of(asked)
    assert not [m for m in newsroom.world.bot_messages(lead) if "document" in m.body]
    await newsroom.press(lead, asked, "xgo")
    (sent,) = [m for m in newsroom.world.bot_messages(lead) if "document" in m.body]
    with zipfile.ZipFile(io.BytesIO(_file(newsroom, sent))) as archive:
        names = {name.partition("/")[2]: name for name in archive.namelist()}
        private = json.loads(archive.read(names["data/hrd/private.json"]))
        sightings = archive.read(names["data/tables/sightings.csv"]).decode()
    assert {"T-1"} < {row["threat"] for row in private}
    assert (private[0]["country"], private[0]["gender"]) == ("Кыргызстан", "woman")
    assert sightings.count("T-1,") == 2
    assert not list((newsroom.settings.data_dir / "exports" / "finished").iterdir())


@pytest.mark.asyncio(loop_scope="session")
async def test_a_record_is_exported_with_its_incident(newsroom: Newsroom) -> None:
    """One record is made at once, and its incident offered; more than is allowed is refused with both numbers."""
    lead, journalist, admin = await newsroom.join(Role.SECURITY, Role.JOURNALIST, Role.ADMIN)
    await _threat(newsroom, journalist)
    newsroom.world.send_text(journalist, "Бүгүн офиске кол салабыз, баарыңарды өлтүрөбүз", origin=HIDDEN)
    newsroom.later()
    await newsroom.quiet()
    await newsroom.order(lead, "/export T-1")
    (begun,) = [m for m in newsroom.world.bot_messages(lead) if "xinc" in actions_of(m)]
    await newsroom.press(lead, begun, "xinc")
    assert "xgo" in actions_of(begun)
    await newsroom.order(admin, "/settings export_cases 1")
    assert "/settings export_cases" in (await newsroom.order(lead, "/export I-1")).text


def _newest(room: Newsroom, who: User) -> StoredMessage:
    message = room.world.last_bot_message(who)
    assert message is not None
    return message


@pytest.mark.asyncio(loop_scope="session")
async def test_checkpoints_come_to_their_chat(folder: Path, tmp_path: Path) -> None:
    """Every few minutes a signed note comes to the chosen chat and file: what was kept there verifies the log."""
    kept = tmp_path / "anchors.txt"
    settings = {"checkpoint_chat": KEEPER, "checkpoint_minutes": 0.01, "checkpoint_file": kept}
    async with open_newsroom(folder, **settings) as room:
        chat = room.world.add_group("Anchors", chat_id=KEEPER)
        await room.start_bot()
        (lead,) = await room.join(Role.SECURITY)
        await _threat(room, lead)
        await room.world.wait_until(lambda: kept.exists() and len(list(notes_in(kept.read_text()))) >= 1, 30)
        await room.world.wait_until(lambda: bool(room.world.journal.find(chat_id=chat.id)), 30)
        await room.stop_bot()
        data = room.settings.data_dir
    kalkan = CommandLine(data, KALKAN_CHECKPOINT_FILE=str(kept))
    good = kalkan("verify")
    assert (good.code, good.err) == (0, ""), good
    assert "GOOD" in good.out


@pytest.mark.asyncio(loop_scope="session")
async def test_no_checkpoint_comes_to_a_public_chat(folder: Path) -> None:
    """Who leads hears why, once; when it is mended they come again by themselves."""
    async with open_newsroom(folder, checkpoint_chat=KEEPER, checkpoint_minutes=0.01) as room:
        chat = room.world.add_group("Anchors", chat_id=KEEPER)
        chat.username = "anchors"
        await room.start_bot()
        lead, _ = await room.join(Role.SECURITY, Role.JOURNALIST)
        await _threat(room, lead)
        assert "it has become public" in (await room.heard(lead, "Checkpoints of the log")).text
        await _threat(room, lead)
        assert room.world.bot_messages(chat) == []
        assert sum("Checkpoints of the log" in m.text for m in room.world.bot_messages(lead)) == 1


class Commands:
    """`kalkan` in this process, over a data folder of its own: no command starts an interpreter."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Done:
        """Run a command."""
        code = run([str(each) for each in arguments])
        printed = self._capsys.readouterr()
        return Done(code=code, out=printed.out, err=printed.err)


@pytest.fixture
def kalkan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Commands:
    """The command line."""
    monkeypatch.setenv("KALKAN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("KALKAN_PLAIN_DATABASE", "yes")
    monkeypatch.chdir(tmp_path)
    return Commands(tmp_path / "data", capsys)


def test_commands_export_and_verify(kalkan: Commands, tmp_path: Path) -> None:
    """`kalkan export evidence` makes a bag; `kalkan verify` says what an anchor vouches for."""
    assert kalkan("verify").code == 2
    assert kalkan("export", "evidence").code == 2
    _forward(kalkan.data)
    done = kalkan("export", "evidence", "K-1", "ky", "--out", tmp_path)
    assert done.code == 0, done
    (made,) = tmp_path.glob("kalkan-E-*.zip")
    assert made.stat().st_mode & 0o777 == 0o600
    several = kalkan("export", "evidence", "K-1", "T-1", "--out", tmp_path / "two.zip")
    assert (several.code, "2 records" in several.err) == (2, False), several
    asked = kalkan("export", "evidence", "kind:arson", "--out", tmp_path / "none.zip")
    assert (asked.code, "nothing in the threat log" in asked.err) == (2, True), asked
    unanchored = kalkan("verify")
    assert (unanchored.code, "NOT ANCHORED" in unanchored.out) == (3, True), unanchored
    with zipfile.ZipFile(made) as archive:
        note = next(archive.read(n) for n in archive.namelist() if n.endswith("checkpoint.txt")).decode()
    chat = {"messages": [{"text": "привет"}, {"text": [{"type": "pre", "text": note}, "5 · ab"]}, {"text": None}]}
    for name, text in (("plain.txt", f"сказано:\n{note}"), ("result.json", json.dumps(chat))):
        (tmp_path / name).write_text(text)
        anchored = kalkan("verify", "--anchors", tmp_path / name)
        assert (anchored.code, "GOOD" in anchored.out) == (0, True), anchored
    assert kalkan("verify", "--anchors", tmp_path / "nowhere").code == 2
    (kalkan.data / "custody.key").rename(tmp_path / "away.key")
    assert kalkan("verify").code == 3


def test_verify_says_the_first_break(kalkan: Commands) -> None:
    """A missing line, a database that is none, a wrong number: one sentence and an exit code, never a traceback."""
    _forward(kalkan.data)
    assert kalkan("verify").code == 3
    with sqlite3.connect(kalkan.data / "kalkan.sqlite") as connection:
        connection.execute("DROP TRIGGER custody_entries_no_delete")
        connection.execute("DELETE FROM custody_entries WHERE seq = 0")
    broken = kalkan("verify")
    assert (broken.code, "entry 0 is missing" in broken.out) == (1, True), broken
    for file in kalkan.data.glob("kalkan.sqlite*"):
        file.write_bytes(b"no database at all" * 1000)
    ruined = kalkan("verify")
    assert (ruined.code, "BROKEN" in ruined.out) == (1, True), ruined
    assert "Traceback" not in ruined.err


def _forward(data: Path) -> None:
    """A newsroom with a case in its log, as a member would have sent it."""

    async def act() -> None:
        store, now = Store(f"sqlite+aiosqlite:///{data / 'kalkan.sqlite'}"), datetime.now(UTC)
        await store.migrate()
        newsroom = await make_newsroom(store, now)
        member = await make_member(store, newsroom, now)
        sent = message(member, now, THREAT)
        part = NewPart(newsroom_id=newsroom.id, member_id=member.id, incoming=sent, finding=Finding())
        async with store.write() as conn:
            filed = await filing.file_parts(conn, [part], BurstRule(within=timedelta(0), parts=1), now)
            await custody.put(conn, of_filed(filed, now))
        await Custody(store, lambda: now, read_or_make_custody_keys(data / "custody.key")).sequence()
        await store.close()

    asyncio.run(act())
