"""The custody log at the desk: what is done is logged in the transaction that does it, and checked as a whole."""

import asyncio
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.custody.checking import Bodies
from bot.custody.checkpoints import notes_in, opened
from bot.custody.entries import Entry
from bot.custody.keys import CustodyKeys
from bot.custody.sealing import new_body
from bot.errors import Outage, SettingsError
from bot.model.custody import CustodyReport, Trust
from bot.model.outbox import Kind, Outgoing, Waiting
from bot.model.rights import Role
from bot.model.submission import Origin, PartKind
from bot.services.anchors import Anchors, Places
from bot.services.custody import Custody
from bot.services.custody_secret import read_custody_keys, read_or_make_custody_keys, secret_path
from bot.services.evidence_log import _disclosed, _opened
from bot.services.outbox import Outbox
from bot.services.verifying import Verification
from bot.storage import custody as archive
from bot.storage.store import Store
from bot.storage.tables import (
    custody_bodies,
    custody_entries,
    custody_keys,
    custody_logs,
    custody_pending,
    outbox_messages,
)
from bot.storage.vault import Vault
from tests.detection.image import hostile
from tests.newsroom import count, make_newsroom, message
from tests.services.conftest import EditorsDesk
from tests.stores import MakeStore

KEYS = CustodyKeys(b"k" * 32)
PICTURE = hostile.encoded(hostile.drawing(7))
THREAT = "Сенин үйүңдү өрттөйм"


def log_of(desk: EditorsDesk, store: Store | None = None) -> Custody:
    """The sequencer over the desk's store."""
    return Custody(store or desk.store, desk.clock, KEYS)


async def report(desk: EditorsDesk, *anchors: str, keys: CustodyKeys | None = KEYS) -> CustodyReport:
    """What `kalkan verify` finds."""
    return await Verification(desk.store, desk.vault, keys, desk.newsroom.id).run(anchors)


async def lines(desk: EditorsDesk) -> list[tuple[str, dict[str, Any] | None]]:
    """Every line: its kind, and its body where it can be opened."""
    async with desk.store.read() as conn:
        rows = await archive.page(conn, desk.newsroom.id, -1, 999)
        wrapped = await archive.all_keys(conn, desk.newsroom.id)
    bodies, found = Bodies(KEYS, wrapped, {}), []
    for row in rows:
        names = ("seq", "at", "kind", "subject", "commitment", "prev")
        body = _opened(bodies, Entry(**{name: row[name] for name in names}), row["sealed"])
        found.append((row["kind"], json.loads(body.body) if body is not None else None))
    return found


async def by_kind(desk: EditorsDesk) -> dict[str, dict[str, Any]]:
    """The last body of each kind."""
    return {kind: body for kind, body in await lines(desk) if body is not None}


async def forward(desk: EditorsDesk, text: str = THREAT, **options: Any) -> int:
    """Somebody forwards something; returns its submission."""
    member = await desk.member()
    (case,) = await desk.send(member, message(member, desk.clock(), text, **options))
    return case.submission_id


async def picture(desk: EditorsDesk) -> str:
    """Somebody sends a picture with words of their own; returns its SHA-256."""
    member = await desk.member()
    made = message(member, desk.clock(), "посмотрите", kind=PartKind.PHOTO, origin=Origin())
    assert made.file is not None
    desk.files.files[made.file.file_id] = PICTURE
    (case,) = await desk.send(member, made)
    assert case.parts[0].sha256 is not None
    return case.parts[0].sha256


async def test_a_forward_is_logged_with_its_update(desk: EditorsDesk) -> None:
    """How it came, with the raw update; what was in it, without who sent it; the threat. And all of it verifies."""
    member = await desk.member()
    raw = '{"update_id": 1, "message": {"text": "…"}}'
    await desk.send(member, replace(message(member, desk.clock(), THREAT), raw=raw))
    assert await log_of(desk).sequence() == 3
    told = await by_kind(desk)
    assert told.keys() == {"received", "kept", "changed"}
    assert told["received"]["update"] == raw
    assert told["kept"]["text"] == THREAT
    assert str(member.telegram_id) not in json.dumps(told["kept"])
    assert told["changed"]["event"] == "threat_recorded"
    found = await report(desk)
    assert (found.lines, found.trust, found.waiting) == (3, Trust.UNANCHORED, 0)


async def test_a_log_that_grows_while_it_is_checked_verifies(
    desk: EditorsDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lines that come meanwhile belong to cases whose keys were not there when the check began: no false alarm."""
    await forward(desk)
    await log_of(desk).sequence()
    real, grown = archive.page, []

    async def page(*arguments: Any) -> Any:
        if not grown:
            grown.append(await forward(desk, "Дагы бир сөз"))
            await log_of(desk).sequence()
        return await real(*arguments)

    monkeypatch.setattr(archive, "page", page)
    found = await report(desk)
    assert (found.broken, found.lines, len(grown)) == (None, 3, 1)
    assert (await report(desk)).lines == 5


async def test_a_line_behind_the_noted_end_is_noticed(desk: EditorsDesk) -> None:
    """Somebody sets the end back, to have what follows forgotten."""
    await forward(desk)
    await log_of(desk).sequence()
    async with desk.store.write() as conn:
        await conn.execute(sa.update(custody_logs).values(size=2))
    found = await report(desk)
    assert found.broken is not None
    assert found.broken.code == "head"


async def test_a_member_own_words_stand_apart(desk: EditorsDesk) -> None:
    """What others wrote or showed can be disclosed without what the member said of it."""
    sha256 = await picture(desk)
    await log_of(desk).sequence()
    told = await by_kind(desk)
    assert told["kept"]["sha256"] == sha256
    assert told["kept"]["text"] == ""
    assert told["received"]["words"] == "посмотрите"
    found = await report(desk)
    assert (found.files, found.broken) == (1, None)


async def test_what_is_taken_back_is_not_logged(desk: EditorsDesk) -> None:
    """A transaction that fails leaves no line: the log says only what happened."""

    class Stop(Exception):
        pass

    member = await desk.member()

    async def fail() -> None:
        async with desk.store.write() as conn:
            await archive.put(conn, [_entry(desk, 1)])
            raise Stop

    with pytest.raises(Stop):
        await fail()
    assert await log_of(desk).sequence() == 0
    await desk.send(member, message(member, desk.clock(), "салам, кандайсыз"))
    assert await log_of(desk).sequence() == 2


def _entry(desk: EditorsDesk, row_id: int) -> archive.NewEntry:
    return archive.NewEntry(
        newsroom_id=desk.newsroom.id, kind="kept", noun="submission", row_id=row_id, body={"n": row_id}, at=desk.clock()
    )


async def test_changes_views_and_rulings_are_logged(desk: EditorsDesk) -> None:
    """A ruling, a withdrawal, an edit and the showing of pictures are lines of their own; members have pseudonyms."""
    member = await desk.member(Role.SECURITY)
    (case,) = await desk.send(member, message(member, desk.clock(), THREAT, message_id=77))
    await desk.cases.rule_threat(desk.stage, member, case.submission_id, "yes", 5)
    await desk.cases.edit(desk.stage, member, message(member, desk.clock(), "башка сөз", message_id=77))
    await desk.cases.undo(desk.stage, member, case.submission_id, 6)
    await desk.commit()
    shown = Outgoing(
        kind=Kind.PHOTOS,
        chat_id=1,
        newsroom_id=desk.newsroom.id,
        member_id=member.id,
        body={"submission": case.submission_id},
    )
    await Outbox(desk.store, desk.clock, 3).done(Waiting(id=1, outgoing=shown, tries=0, created_at=desk.clock()), 9)
    await log_of(desk).sequence()
    told = await lines(desk)
    who = KEYS.pseudonym(desk.newsroom.id, "member", member.id)
    events = [body["event"] for kind, body in told if kind == "changed" and body]
    assert {"threat_recorded", "ruled", "edited", "withdrawn"} <= set(events)
    assert [body["by"] for kind, body in told if kind == "viewed" and body] == [who]
    assert [kind for kind, _ in told].count("received") == 2
    assert (await report(desk)).broken is None


async def test_two_sequencers_make_one_chain(desk: EditorsDesk, more_stores: MakeStore) -> None:
    """However many processes number at once, each line follows the one before, and none is numbered twice."""
    async with desk.store.write() as conn:
        await archive.put(conn, [_entry(desk, n % 9) for n in range(700)])
    logs = [log_of(desk), log_of(desk, more_stores()), log_of(desk, more_stores())]
    assert sum(await asyncio.gather(*(log.sequence() for log in logs))) == 700
    found = await report(desk)
    assert (found.lines, found.broken) == (700, None)


async def test_an_anchor_vouches_for_what_it_covers(desk: EditorsDesk, tmp_path: Path) -> None:
    """A checkpoint goes to its file and its chat, once; another log's or a changed one is a break."""
    await forward(desk)
    file = tmp_path / "anchors" / "checkpoints.txt"
    file.parent.mkdir()
    anchors = Anchors(desk.store, desk.clock, log_of(desk), Places(chat=-100, file=file), desk.newsroom.id)
    assert await anchors.publish()
    assert not await anchors.publish()
    (note,) = notes_in(file.read_text())
    assert opened(note, KEYS.checkpoint_public).size == 3
    assert file.stat().st_mode & 0o777 == 0o600
    async with desk.store.read() as conn:
        assert await count(conn, outbox_messages, outbox_messages.c.kind == "checkpoint") == 1
    found = await report(desk, note)
    assert (found.trust, found.anchored, found.anchors) == (Trust.GOOD, 3, 1)
    await forward(desk, "дагы бир сөз")
    assert await anchors.publish()
    assert len(list(notes_in(file.read_text()))) == 2
    other = await Custody(desk.store, desk.clock, CustodyKeys(b"o" * 32)).checkpoint(desk.newsroom.id)
    assert other is not None
    broken = (await report(desk, note.replace("\n3\n", "\n2\n"))).broken
    assert broken is not None
    assert broken.code == "anchor_signature"


async def test_an_anchor_that_fails_stops_nothing(desk: EditorsDesk, tmp_path: Path) -> None:
    """No disk, no authority: the checkpoint is made all the same, and the next one tries again."""

    async def down(_data: bytes) -> bytes:
        raise Outage("down")

    async def liar(_data: bytes) -> bytes:
        return b"no token"

    await forward(desk)
    for stamp in (down, liar):
        places = Places(file=tmp_path / "no such folder" / "x", stamp=stamp)
        anchors = Anchors(desk.store, desk.clock, log_of(desk), places, desk.newsroom.id)
        assert await anchors.publish()
        newest = await anchors.newest()
        assert newest is not None
        assert newest.token is None


async def test_erasing_a_subject_keeps_the_log_whole(desk: EditorsDesk) -> None:
    """With its key destroyed nothing of a case can be read; root, chain, proofs and every other body stay good."""
    first, second = await forward(desk), await forward(desk, "экинчи сөз, башка окуя")
    log = log_of(desk)
    before = await log.checkpoint(desk.newsroom.id)
    assert before is not None
    both = [("submission", first), ("arrival", first)]
    assert await log.erase(desk.newsroom.id, both, None, "a request under the law") == 2
    told = await lines(desk)
    gone = [kind for kind, body in told if body is None]
    assert sorted(gone) == ["kept", "received"]
    assert [body["ground"] for kind, body in told if kind == "erased" and body] == ["a request under the law"] * 2
    found = await report(desk, before.note)
    assert (found.trust, found.erased) == (Trust.GOOD, 2)
    async with desk.store.read() as conn:
        assert await count(conn, custody_pending) == 0
    # Work goes on about what is left of it, and about others.
    async with desk.store.write() as conn:
        await archive.put(conn, [_entry(desk, first), _entry(desk, second)])
    await log.sequence()
    assert (await report(desk, before.note)).broken is None


async def test_a_key_that_vanishes_is_no_erasure(desk: EditorsDesk) -> None:
    """A key deleted behind the log's back is a break, and so are an exchanged key and another secret."""
    await forward(desk)
    await log_of(desk).sequence()
    assert (await report(desk, keys=CustodyKeys(b"o" * 32))).broken.code == "key_changed"  # type: ignore[union-attr]
    async with desk.store.write() as conn:
        await conn.execute(sa.delete(custody_keys))
    found = await report(desk)
    assert found.broken is not None
    assert found.broken.code == "key_missing"
    without = await report(desk, keys=None)
    assert (without.trust, without.lines) == (Trust.PARTLY, 3)


async def test_files_are_part_of_the_check(desk: EditorsDesk) -> None:
    """An original that was changed or removed is a break that names it."""
    sha256 = await picture(desk)
    await log_of(desk).sequence()
    path = desk.vault.path_for(sha256)
    path.write_bytes(b"something else")
    changed = (await report(desk)).broken
    path.unlink()
    missing = (await report(desk)).broken
    assert changed is not None
    assert missing is not None
    assert [changed.code, missing.code, missing.about] == ["file_changed", "file_missing", sha256]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("seq", "x"),
        ("at", b"\xff"),
        ("at", "yesterday"),
        ("kind", 7),
        ("subject", "\ud83d"),
        ("commitment", 10**15),
        ("prev", "text"),
        ("leaf", None),
        ("leaf", 3.5),
    ],
)
async def test_no_value_harms_the_check(
    sqlite_store: Store, clock: Any, tmp_path: Path, column: str, value: object
) -> None:
    """SQLite keeps anything in any column: what no line can hold is the first break, never a crash."""
    newsroom = await make_newsroom(sqlite_store, clock())
    rows = [
        archive.NewEntry(newsroom_id=newsroom.id, kind="kept", noun="x", row_id=n, body={}, at=clock())
        for n in range(3)
    ]
    async with sqlite_store.write() as conn:
        await archive.put(conn, rows)
    await Custody(sqlite_store, clock, KEYS).sequence()
    connection = sqlite3.connect(str(sqlite_store.url.database))
    made = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'custody_entries'").fetchone()[0]
    connection.execute("PRAGMA writable_schema = ON")
    loose = made.replace(" NOT NULL", "")
    connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'custody_entries'", (loose,))
    connection.execute("DROP TRIGGER custody_entries_no_update")
    connection.commit()
    connection.close()
    connection = sqlite3.connect(str(sqlite_store.url.database))
    stored = value.encode("utf-8", "surrogatepass") if isinstance(value, str) and "\ud83d" in value else value
    connection.execute(f"UPDATE custody_entries SET {column} = ? WHERE seq = 1", (stored,))  # noqa: S608 - ours
    connection.commit()
    connection.close()
    found = await Verification(sqlite_store, Vault(tmp_path), KEYS, newsroom.id).run([])
    assert found.broken is not None
    assert found.broken.code in ("row", "gap", "leaf", "prev", "unreadable")


def test_the_secret_is_made_once_and_is_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first start makes it, 0600; the next takes it; a short one is refused; systemd's credential comes first."""
    path = tmp_path / "new" / "custody.key"
    assert read_custody_keys(path) is None
    first = read_or_make_custody_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_or_make_custody_keys(path).checkpoint_public == first.checkpoint_public
    (tmp_path / "short").write_bytes(b"x")
    with pytest.raises(SettingsError, match="is no key"):
        read_custody_keys(tmp_path / "short")
    assert secret_path(path) == path
    (tmp_path / "kalkan-custody.key").write_bytes(b"c" * 32)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert secret_path(path) == tmp_path / "kalkan-custody.key"


async def test_only_contents_are_disclosed_without_names(desk: EditorsDesk) -> None:
    """A body that names a member, or repeats their words, needs `names`."""

    def told(kind: str, body: dict[str, Any], *, with_names: bool = False) -> bool:
        entry = Entry(seq=0, at="", kind=kind, subject="", commitment=b"", prev=b"")
        return _disclosed(entry, new_body(body), with_names=with_names) is not None

    late = {"stored_in": "submission_parts"}
    assert told("kept", {})
    assert told("late", late)
    assert not told("late", late | {"words": "x"})
    assert not told("late", {"stored_in": "rulings"})
    assert not any(told(kind, {}) for kind in ("received", "changed", "viewed", "exported", "erased"))
    assert told("received", {}, with_names=True)


async def test_the_log_refuses_changes(desk: EditorsDesk) -> None:
    """Neither update nor delete, on either engine; SQLite's REPLACE neither."""
    await forward(desk)
    await log_of(desk).sequence()
    where = custody_entries.c.seq == 0
    attempts: list[Any] = [
        sa.update(custody_entries).where(where).values(kind="viewed"),
        sa.delete(custody_entries).where(where),
        sa.update(custody_bodies).values(sealed=b""),
        sa.delete(custody_bodies),
    ]
    if desk.store.is_sqlite:
        attempts.append(sa.text("INSERT OR REPLACE INTO custody_entries SELECT * FROM custody_entries WHERE seq = 0"))
    else:
        attempts.append(sa.text("TRUNCATE custody_entries"))
    for attempt in attempts:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            async with desk.store.write() as conn:
                await conn.execute(attempt)
    assert (await report(desk)).broken is None
