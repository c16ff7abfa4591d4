"""Erasure: not a byte of a case is left in the database, its log, the vault; the custody log stays whole."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.custody.keys import CustodyKeys
from bot.model.custody import Trust
from bot.model.submission import Incoming, Origin, OriginKind, PartKind
from bot.services.custody import Custody
from bot.services.erasing import Erasure
from bot.services.verifying import Verification
from bot.storage.store import Store
from bot.storage.tables import custody_keys, inbox_updates, text_postings, texts
from tests.detection.image import hostile
from tests.laboratory import analysis
from tests.newsroom import message
from tests.services.conftest import EditorsDesk, desk, newsroom

__all__ = ["analysis", "desk", "newsroom"]
pytestmark = pytest.mark.proof

KEYS = CustodyKeys(b"k" * 32)
#: What must not be found any more: each stands in a text, a name, a note or a picture of the case.
CANARIES = (
    "кенарейка один сгорит дотла",
    "Канарейкин Пётр",
    "записка-канарейка-7",
    "canaryaccount77",
    "канарейка в чате",
    "canary-in-the-inbox",
)


def log_of(desk: EditorsDesk) -> Custody:
    """The sequencer."""
    return Custody(desk.store, desk.clock, KEYS)


def erasure(desk: EditorsDesk) -> Erasure:
    """Over the desk's store."""
    return Erasure(desk.store, desk.clock, log_of(desk), desk.vault, desk.findings._analysis, desk.newsroom.id)


async def filled(desk: EditorsDesk) -> tuple[int, list[bytes]]:
    """A case with everything in it beside one that stays; returns its submission, and what must go."""
    member = await desk.member()
    author = Origin(kind=OriginKind.HIDDEN_USER, name=CANARIES[1])
    made = [
        message(member, desk.clock(), f"Сенин үйүңдү өрттөйм, {CANARIES[0]} t.me/{CANARIES[3]}", origin=author),
        message(member, desk.clock(), CANARIES[4], kind=PartKind.PHOTO, origin=author),
    ]
    picture = hostile.encoded(hostile.drawing(21))
    for each in made:
        if each.file is not None:
            desk.files.files[each.file.file_id] = picture
    (case, *_) = await desk.send(member, *made)
    note = message(member, desk.clock(), CANARIES[2], origin=Origin())
    await desk.send(member, note)
    await desk.settle()
    await log_of(desk).sequence()
    await arrive(desk, made[0])
    desk.clock.tick(100)
    other = await desk.member(name="Бермет")
    await desk.send(other, message(other, desk.clock(), "Другой текст, который остаётся"))
    await desk.settle()
    await log_of(desk).sequence()
    async with desk.store.read() as conn:
        wrapped = list((await conn.execute(sa.select(custody_keys.c.wrapped))).scalars())
    return case.submission_id, [*(each.encode() for each in CANARIES), picture[40:140], *wrapped[:1]]


async def arrive(desk: EditorsDesk, incoming: Incoming) -> None:
    """The update by which a message came, as the inbox keeps it for some days."""
    told = {"chat": {"id": incoming.chat_id}, "message_id": incoming.message_id, "text": CANARIES[5]}
    row = {"id": 7, "newsroom_id": desk.newsroom.id, "bot_id": 1, "update_id": 1, "identity": "one", "loose": False}
    row |= {"chat_key": incoming.chat_id, "raw": json.dumps({"message": told}), "state": "done", "tries": 1}
    row |= {"received_at": desk.clock(), "not_before": desk.clock()}
    async with desk.store.write() as conn:
        await conn.execute(sa.insert(inbox_updates), [row])


async def test_nothing_of_an_erased_case_is_left(desk: EditorsDesk, tmp_path: Path) -> None:
    """0 of its words, names, bytes and keys; 0 lines of the log changed; the other case is there."""
    submission_id, canaries = await filled(desk)
    assert set(left(desk.store, tmp_path, canaries)) == set(canaries)
    before = await Verification(desk.store, desk.vault, KEYS, desk.newsroom.id).run([])
    for path in (desk.vault.path_for(name) for name in await desk.vault.names()):
        os.utime(path, (1, 1))
    checkpoint = await log_of(desk).checkpoint(desk.newsroom.id)
    assert checkpoint is not None
    await erasure(desk).case(submission_id, None, "GDPR 17(1)(a)")
    await erasure(desk).remove_files()
    await erasure(desk).compact()
    assert left(desk.store, tmp_path, canaries) == []
    after = await Verification(desk.store, desk.vault, KEYS, desk.newsroom.id).run([checkpoint.note])
    assert (after.broken, after.trust) == (None, Trust.GOOD)
    assert after.erased > before.erased == 0
    async with desk.store.read() as conn:
        stay = (await conn.execute(sa.text("SELECT text FROM comments"))).scalars().all()
        pieces = set((await conn.execute(sa.select(text_postings.c.number))).scalars())
        assert pieces == set((await conn.execute(sa.select(texts.c.number))).scalars())
    assert stay == ["Другой текст, который остаётся"]
    assert await desk.vault.names() == []


def left(store: Store, folder: Path, canaries: list[bytes]) -> list[bytes]:
    """Which of them stand in the database's files, or in what a dump of the server's tables has, or in the vault."""
    held = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    if not store.is_sqlite:
        held += of_server(store)
    spelled = {each: {each, each.hex().encode(), _escaped(each)} for each in canaries}
    return [each for each, forms in spelled.items() if any(form in held for form in forms)]


def _escaped(canary: bytes) -> bytes:
    # JSON in a text column of SQLite has letters beyond ASCII as \\u04xx.
    return canary.decode(errors="replace").encode("unicode_escape")


def of_server(store: Store) -> bytes:
    """The files of the server's tables themselves, as they lie on the disk."""
    place = store.url
    server = ["-h", str(place.host), "-p", str(place.port), "-U", str(place.username), "-d", str(place.database)]
    subprocess.run(["psql", "-XAtq", *server, "-c", "CHECKPOINT"], check=True)
    ask = "SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = "
    ask += "current_database()"
    found = subprocess.run(["psql", "-XAtq", *server, "-c", ask], check=True, capture_output=True, text=True)
    folder = found.stdout.strip()
    return b"".join(path.read_bytes() for path in sorted(Path(folder).iterdir()) if path.is_file())
