"""Erasure: not a byte of a case is left in the database, its log, the vault; the custody log stays whole."""

import json
import os
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.custody.keys import CustodyKeys
from bot.model.custody import Trust
from bot.model.rights import Role
from bot.model.submission import Incoming, Origin, OriginKind, PartKind
from bot.services.custody import Custody
from bot.services.erasing import Erasure
from bot.services.verifying import Verification
from bot.storage.store import Store
from bot.storage.tables import custody_keys, inbox_updates, text_postings, texts
from tests.detection.image import hostile
from tests.erasing_ground import (
    CALLED,
    HANDLE,
    LOG_KEYS,
    NAME,
    OWNER,
    TELEGRAM_ID,
    USERNAME,
    ErasingGround,
    a_member,
    an_account,
    an_owner,
    erasing_ground,
)
from tests.laboratory import analysis
from tests.newsroom import message
from tests.sealed_pages import opened
from tests.services.conftest import EditorsDesk, desk, newsroom
from tests.stores import KEY, is_sealed

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


def numbers_of(telegram_id: int) -> tuple[bytes, ...]:
    """A Telegram id as both engines write a number down: SQLite the shortest way, PostgreSQL in eight bytes."""
    return telegram_id.to_bytes(6, "big"), telegram_id.to_bytes(8, "little")


async def proved(
    ground: ErasingGround, folder: Path, canaries: list[bytes], erase: Callable[[], Awaitable[None]]
) -> None:
    """All of them stand in the files before, none afterwards, and the log verifies against its last checkpoint."""
    desk = ground.desk
    await desk.store.compact([])
    before = set(left(desk.store, folder, canaries))
    assert before >= {each for each in canaries if len(each) > 8}
    for path in (desk.vault.path_for(name) for name in await desk.vault.names()):
        os.utime(path, (1, 1))
    checkpoint = await ground.log.checkpoint(desk.newsroom.id)
    assert checkpoint is not None
    await erase()
    await ground.settled()
    assert left(desk.store, folder, canaries) == []
    after = await Verification(desk.store, desk.vault, LOG_KEYS, desk.newsroom.id).run([checkpoint.note])
    assert (after.broken, after.trust) == (None, Trust.GOOD)
    assert after.erased > 0


async def keys_about(ground: ErasingGround, *nouns: tuple[str, int]) -> list[bytes]:
    """The wrapped keys by which the log can say something of these: what was done with them, and what was said."""
    told = (LOG_KEYS.pseudonym(ground.desk.newsroom.id, noun, row_id) for noun, row_id in nouns)
    names = sorted(LOG_KEYS.with_words(told))
    async with ground.desk.store.read() as conn:
        query = sa.select(custody_keys.c.wrapped).where(custody_keys.c.subject.in_(names))
        wrapped = list((await conn.execute(query)).scalars())
    assert wrapped, "the log says nothing of these at all"
    return wrapped


@pytest.mark.parametrize("removed", [False, True], ids=["leaves", "was removed"])
async def test_nothing_of_a_former_member_is_left(desk: EditorsDesk, tmp_path: Path, removed: bool) -> None:
    """0 of name, username, Telegram id in any spelling, the log's keys to them; their case stays and can be read."""
    ground = erasing_ground(desk)
    me, (submission_id, text) = await a_member(ground)
    lead, admin = await ground.lead(Role.SECURITY, name="Чолпон"), await ground.lead(Role.ADMIN, name="Данияр")
    canaries = [NAME.encode(), USERNAME.encode(), str(TELEGRAM_ID).encode(), *numbers_of(TELEGRAM_ID)]
    canaries += await keys_about(ground, ("member", me.id), ("arrival", submission_id))

    async def erase() -> None:
        if removed:
            await ground.members.remove(desk.stage, admin, me.id)
            await desk.commit()
            await ground.forgetting.member(desk.stage, lead, NAME, "просьба")
            await ground.allowed(admin)
        else:
            ground.leaving.leave(desk.stage, me)
            await desk.commit()

    await proved(ground, tmp_path, canaries, erase)
    async with desk.store.read() as conn:
        stay = (await conn.execute(sa.text("SELECT text FROM comments"))).scalars().all()
    assert stay == [text]
    await keys_about(ground, ("submission", submission_id))


async def test_nothing_of_an_erased_account_is_left(desk: EditorsDesk, tmp_path: Path) -> None:
    """0 of its names, handle, facts, reason, photo and keys; the comment in the case stays."""
    ground = erasing_ground(desk)
    editor, lead = await ground.lead(Role.EDITOR, name="Айгерим"), await ground.lead(Role.SECURITY, name="Чолпон")
    account = await an_account(ground, editor)
    picture = hostile.encoded(hostile.drawing(21))
    canaries = [*(each.encode() for each in (HANDLE, *CALLED, "канарейка врёт", "канарейкин завод"))]
    canaries += [picture[40:140], *await keys_about(ground, ("account", account.id))]

    async def erase() -> None:
        await ground.forgetting.account(desk.stage, editor, account.id, "просьба")
        await ground.allowed(lead)

    await proved(ground, tmp_path, canaries, erase)
    async with desk.store.read() as conn:
        stay = (await conn.execute(sa.text("SELECT text FROM comments"))).scalars().all()
    assert stay == ["Фейк жазган узун сөз, далил катары калат"]


@pytest.mark.parametrize("order", ["outreach", "owner"])
async def test_nothing_of_a_photo_s_owner_is_left(desk: EditorsDesk, tmp_path: Path, order: str) -> None:
    """0 of name, profile, how it is known, note and answer, whether the thread or the photo is named."""
    ground = erasing_ground(desk)
    editor, lead = await ground.lead(Role.EDITOR, name="Айгерим"), await ground.lead(Role.SECURITY, name="Чолпон")
    kept = await desk.vault.put(hostile.encoded(hostile.drawing(21)))
    number = await an_owner(ground, editor, kept.sha256)
    told = (OWNER.name, "kanareika_real", "канарейка сама написала", "канарейка ответила")
    canaries = [each.encode() for each in told]

    async def erase() -> None:
        if order == "outreach":
            await ground.forgetting.person(desk.stage, editor, "outreach", number, "просьба")
        else:
            await ground.forgetting.owner(desk.stage, editor, kept.sha256, "просьба")
        await ground.allowed(lead)

    await proved(ground, tmp_path, canaries, erase)


def left(store: Store, folder: Path, canaries: list[bytes]) -> list[bytes]:
    """Which of them stand in the database's files, or in what a dump of the server's tables has, or in the vault.

    An encrypted database is looked through page by page as whoever has the key can; without it nothing is in there.
    """
    held = b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    if not store.is_sqlite:
        held += of_server(store)
    elif is_sealed(str(store.url)):
        database = Path(str(store.url.database))
        beside = [database, *(database.with_name(database.name + end) for end in ("-wal", "-shm"))]
        assert found(b"".join(path.read_bytes() for path in beside if path.exists()), canaries) == []
        held += opened(folder, database, KEY)
    return found(held, canaries)


def found(held: bytes, canaries: list[bytes]) -> list[bytes]:
    """Which of them stand in these bytes, in any spelling of the databases."""
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
