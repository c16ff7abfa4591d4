"""The real inbox, desk, vault and custody log over a folder that is about to fail; only the detectors are left out.

`Shift` takes updates as they come from Telegram until the disk gives way, and remembers which ones it told Telegram
that it has. `account_of` says afterwards, on whatever the disk kept, what became of each.
"""

import asyncio
import hashlib
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import sqlalchemy as sa

from bot.clock import Clock, utcnow
from bot.inbox import Inbox
from bot.inbox_work import Work, Worker, WorkLimits
from bot.model.newsroom import Member, MemberStatus, Newsroom
from bot.model.rights import Role
from bot.model.submission import IncomingFile, PartKind
from bot.model.verdict import Finding
from bot.sealing.house_keys import HouseKeys
from bot.services.custody import Custody
from bot.services.custody_secret import read_or_make_custody_keys
from bot.services.disk import DiskLimits, DiskRoom
from bot.services.findings import Findings, ImageOutcome, TextOutcome, TextQuery
from bot.services.submissions import IntakeLimits, Submissions
from bot.services.verifying import Verification
from bot.storage import inbox as archive
from bot.storage import members, newsrooms
from bot.storage.store import Store
from bot.storage.vault import Seal, Vault, VaultError
from tests.newsroom import message
from tests.stores import furnish

BOT_ID, PEOPLE, FIRST_PERSON = 77, 8, 5_000
_LIMITS = IntakeLimits(burst_seconds=2, burst_parts=100, image_bytes=20_000_000)
Then = Callable[[], Awaitable[None]]


def store_in(folder: Path, keys: HouseKeys | None) -> Store:
    """The folder's database, as SQLite writes it or encrypted."""
    return Store(f"sqlite+aiosqlite:///{folder / 'kalkan.sqlite'}", keys.database if keys is not None else None)


class QuickFindings:
    """Stands for the laboratory: finds nothing, at once."""

    async def text(self, query: TextQuery) -> TextOutcome:
        """A text that resembles no other."""
        key = int.from_bytes(hashlib.sha256(query.text.encode()).digest()[:6], "big")
        return TextOutcome(finding=Finding(), words=query.text, text_key=key)

    async def image(self, _data: bytes) -> ImageOutcome:
        """A picture of nothing known."""
        return ImageOutcome(finding=Finding(), description=b"\0" * 8, width=10, height=10)


def picture_of(number: int) -> bytes:
    """The bytes of the picture in update `number`; as long as a small photo."""
    chance = random.Random(number)
    return chance.randbytes(chance.randrange(600, 30_000))


def raw(number: int) -> dict[str, Any]:
    """Update `number`: every third is a picture, the others are forwarded words."""
    person = FIRST_PERSON + number % PEOPLE
    kind = {"photo": [{"file_id": f"f{number}"}]} if number % 3 == 0 else {"text": f"Сөз {number}"}
    body = {"message_id": number, "date": 1_700_000_000, "from": {"id": person}, "chat": {"id": person}}
    return {"update_id": number, "message": body | {"forward_origin": {"type": "hidden_user"}} | kind}


@dataclass(kw_only=True)
class House:
    """Everything that touches the disk, over one folder."""

    folder: Path
    store: Store
    vault: Vault
    custody: Custody
    inbox: Inbox
    newsroom: Newsroom
    submissions: Submissions
    clock: Clock
    room: DiskRoom | None = None
    people: dict[int, Member] = field(default_factory=dict)

    def worker(self) -> Worker:
        """A worker that has just started."""
        return Worker(self.store, self.clock, self.inbox, WorkLimits(at_once=20, tries=5), lambda: None)

    async def states(self) -> dict[str, int]:
        """How many updates are in each state."""
        async with self.store.read() as conn:
            return await archive.counts(conn)

    async def is_done(self) -> bool:
        """Whether nothing waits to be handled."""
        return not {"new", "working"} & (await self.states()).keys()

    async def process(self, work: Work) -> None:
        """What the front desk does with a forward."""
        given = json.loads(work.update.raw)["message"]
        member, number = self.people[given["from"]["id"]], given["message_id"]
        kind = PartKind.PHOTO if "photo" in given else PartKind.TEXT
        text = given.get("text", "")
        incoming = message(member, utcnow(), text, message_id=number, kind=kind, chat_id=member.telegram_id)

        async def fetch(_file: IncomingFile) -> bytes:
            return picture_of(number)

        await self.submissions.submit(work, member, incoming, fetch)


@asynccontextmanager
async def open_house(
    folder: Path, keys: HouseKeys | None = None, limits: DiskLimits | None = None, clock: Clock = utcnow
) -> AsyncIterator[House]:
    """The house over a folder that `prepare` has furnished; with `limits` it watches the room on the disk."""
    store, room = store_in(folder, keys), None
    if limits is not None:
        room = DiskRoom(folder, folder / "vault", limits)
        room.fresh_seconds = 0.02
        store.on_fault = room.on_fault
    seal = Seal(box=keys.vault, names=keys.names) if keys is not None else None
    vault = Vault(folder / "vault", seal, room)
    try:
        async with store.read() as conn:
            newsroom = await newsrooms.first(conn)
            assert newsroom is not None
            people = {m.telegram_id: m for m in await members.all_of(conn, newsroom.id, MemberStatus.ACTIVE)}
        yield House(
            folder=folder,
            store=store,
            vault=vault,
            custody=Custody(store, clock, read_or_make_custody_keys(folder / "custody.key")),
            inbox=Inbox(store, clock, BOT_ID),
            clock=clock,
            room=room,
            newsroom=newsroom,
            submissions=Submissions(store, clock, vault, cast(Findings, QuickFindings()), _LIMITS),
            people=people,
        )
    finally:
        with suppress(Exception):
            await store.close()


async def prepare(folder: Path, keys: HouseKeys | None = None) -> None:
    """A newsroom with its people, all of it safely on disk."""
    if keys is None:
        await asyncio.to_thread(furnish, folder)
    store = store_in(folder, keys)
    await store.migrate()
    async with store.write() as conn:
        newsroom = await newsrooms.add(conn, "Ак-Булак", "Asia/Bishkek", "ru", utcnow())
        for number in range(PEOPLE):
            who, name = FIRST_PERSON + number, f"Айгерим {number}"
            await members.admit(conn, newsroom.id, who, name, Role.JOURNALIST, MemberStatus.ACTIVE, None, utcnow())
    await store.close()
    read_or_make_custody_keys(folder / "custody.key")


@dataclass
class Shift:
    """Telegram's side: which updates it was told are stored, and which it still holds."""

    first: int = 1
    acknowledged: list[int] = field(default_factory=list)
    refused: int = 0

    async def run(
        self, house: House, until: Callable[[], bool], chance: random.Random, then: Then | None = None
    ) -> None:
        """Hand updates in, one to six at a time, until the world ends; they are worked on and logged meanwhile.

        What is to be done `then` is done while the worker goes on.
        """
        worker = asyncio.create_task(house.worker().run(house.process))
        log = asyncio.create_task(_sequencing(house))
        try:
            while not until():
                batch = list(range(self.first, self.first + chance.randint(1, 6)))
                try:
                    await house.inbox.accept([raw(number) for number in batch])
                except Exception:
                    self.refused += 1
                    await asyncio.sleep(0.05)
                    continue
                self.acknowledged += batch
                self.first = batch[-1] + 1
                await asyncio.sleep(chance.uniform(0, 0.02))
            if then is not None:
                await then()
            assert not worker.done(), worker.exception()
        finally:
            for task in (worker, log):
                task.cancel()
            await asyncio.gather(worker, log, return_exceptions=True)


async def _sequencing(house: House) -> None:
    while True:
        with suppress(Exception):
            await house.custody.sequence()
        if house.room is not None:
            await house.room.refresh()
        await asyncio.sleep(0.05)


async def finish(house: House, within: float = 60) -> None:
    """A start after the fault: everything that is stored is done."""
    worker = house.worker()
    await worker.recover()
    running = asyncio.create_task(worker.run(house.process))
    try:
        async with asyncio.timeout(within):
            while not await house.is_done():
                assert not running.done(), running.exception()
                await asyncio.sleep(0.01)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await house.custody.sequence()


@dataclass(frozen=True, kw_only=True)
class Account:
    """What became of the updates that Telegram was told are stored."""

    lost: list[int]
    doubled: list[int]
    problems: list[str]


async def account_of(house: House, acknowledged: list[int]) -> Account:
    """Compare the store, the vault and the log with what was acknowledged; call it after `finish`."""
    problems: list[str] = []
    async with house.store.read() as conn:
        parts = Counter((await conn.execute(sa.text("SELECT message_id FROM submission_parts"))).scalars())
        comments = Counter((await conn.execute(sa.text("SELECT source FROM comments"))).scalars())
        photos = (await conn.execute(sa.text("SELECT source, sha256 FROM photos"))).all()
        kinds = Counter((await conn.execute(sa.text("SELECT kind FROM custody_entries"))).scalars())
        if house.store.is_sqlite:
            sound = (await conn.execute(sa.text("PRAGMA integrity_check"))).scalars().all()
            problems += [f"integrity: {line}" for line in sound if line != "ok"]
    effects = Counter(int(source.rpartition(":")[2]) for source in [*comments.elements(), *(p.source for p in photos)])
    for photo in photos:
        number = int(photo.source.rpartition(":")[2])
        try:
            if await house.vault.get(photo.sha256) != picture_of(number):
                problems.append(f"picture {number} is another")
        except (VaultError, OSError) as error:
            problems.append(f"picture {number}: {type(error).__name__}")
    if (kinds["received"], kinds["kept"]) != (parts.total(), parts.total()):
        problems.append(f"the log has {kinds['received']} received, {kinds['kept']} kept of {parts.total()}")
    report = await Verification(house.store, house.vault, house.custody.keys, house.newsroom.id).run([])
    if report.broken is not None:
        problems.append(f"the log is broken: {report.broken}")
    wanted = set(acknowledged)
    return Account(
        lost=sorted(n for n in wanted if parts[n] == 0 or effects[n] == 0),
        doubled=sorted(n for n in parts | effects if parts[n] > 1 or effects[n] > 1),
        problems=problems,
    )
