"""A desk that erases people: what is stored of each before, with words that must not be found afterwards."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

import sqlalchemy as sa

from bot.custody.keys import CustodyKeys
from bot.model.account import Account, AccountEntry
from bot.model.digest import ChatKind, ChatState, Place
from bot.model.newsroom import Member
from bot.model.outbox import Kind, Outgoing
from bot.model.photo_owner import OwnerEntry
from bot.model.rights import Role
from bot.model.staff import StaffKind
from bot.model.submission import Origin, OriginKind
from bot.services import notices
from bot.services.account_confirming import CONFIRMATIONS
from bot.services.account_exports import note_share
from bot.services.account_records import AccountRecords
from bot.services.accounts import read_suspicion
from bot.services.custody import Custody
from bot.services.erased_accounts import ErasedAccounts
from bot.services.erasing import Erasure
from bot.services.erasing_accounts import AccountErasure
from bot.services.erasing_members import MemberErasure
from bot.services.erasing_people import PersonErasure
from bot.services.forgetting import Erasers, Forgetting
from bot.services.keys import Keys
from bot.services.leaving import Leaving
from bot.services.members import Members, Newcomer
from bot.services.outreach import keys_of_owner
from bot.services.step_up import StepRules, StepUp
from bot.services.two_people import TwoPeople
from bot.storage import (
    curators,
    dialogs,
    digest_chats,
    duty,
    history,
    member_erasing,
    members,
    outbox,
    outreaches,
    photo_owners,
    sealed_originals,
    sent_messages,
    staff,
)
from bot.storage.tables import inbox_updates, metadata, outbox_messages
from tests.detection.image import hostile
from tests.newsroom import make_member, message, queued, typed
from tests.services.conftest import EditorsDesk

LOG_KEYS = CustodyKeys(b"k" * 32)
KEYS = Keys(b"k" * 32)
NAME = "Канарейкин Пётр Седьмой"
USERNAME = "canary_peter_7"
TELEGRAM_ID = 0x5A17C0FFEE42
HANDLE = "kanareika.fake77"
CALLED = ("Канарейка Фейкова", "Kanareika Feykova")
OWNER = OwnerEntry(
    name="Жылдыз Канарейкова", profile="https://vk.com/kanareika_real", how="канарейка сама написала", note="звонить"
)


@dataclass(kw_only=True)
class ErasingGround:
    """The services over a desk."""

    desk: EditorsDesk
    acts: TwoPeople
    log: Custody
    erasure: Erasure
    erased: ErasedAccounts
    forgetting: Forgetting
    leaving: Leaving
    members: Members
    step_up: StepUp

    async def lead(self, *roles: Role, name: str) -> Member:
        """Somebody who may be one of two."""
        made = await make_member(self.desk.store, self.desk.newsroom, self.desk.clock(), roles[0], name=name)
        async with self.desk.store.write() as conn:
            await members.set_roles(conn, made.id, roles)
        return await self.now(made)

    async def now(self, member: Member) -> Member:
        """A member as the database has them."""
        found = await self.members.get(self.desk.newsroom.id, member.id)
        assert found is not None
        return found

    async def allowed(self, second: Member) -> None:
        """A second person allows what was asked for last."""
        await self.desk.commit()
        act = (await self.acts.waiting(self.desk.newsroom.id))[-1].act.id
        await self.acts.decide(self.desk.stage, second, act, allow=True, message_id=None)
        await self.desk.commit()

    async def settled(self) -> None:
        """What had to go out went out, and what is left between rows is overwritten."""
        newsroom_id = self.desk.newsroom.id
        async with self.desk.store.write() as conn:
            for row in await member_erasing.farewells(conn, newsroom_id):
                kind = await conn.scalar(sa.select(outbox_messages.c.kind).where(outbox_messages.c.id == row))
                await outbox.done(conn, row, Kind(kind), self.desk.clock())
        await self.log.sequence()
        await self.erasure.settle()


def erasing_ground(desk: EditorsDesk) -> ErasingGround:
    """Over a desk."""
    store, clock = desk.store, desk.clock
    log, acts, erased = Custody(store, clock, LOG_KEYS), TwoPeople(store, clock), ErasedAccounts(KEYS)
    erasure = Erasure(store, clock, log, desk.vault, desk.findings._analysis, desk.newsroom.id)
    erasers = Erasers(
        cases=erasure,
        accounts=AccountErasure(clock, log, erasure, desk.knowledge, desk.cases, erased),
        people=PersonErasure(clock, log, erasure, desk.knowledge),
        members=MemberErasure(store, clock, log, erasure),
    )
    return ErasingGround(
        desk=desk,
        acts=acts,
        log=log,
        erasure=erasure,
        erased=erased,
        forgetting=Forgetting(store, clock, acts, erasers),
        leaving=Leaving(store, clock, erasers.members),
        members=Members(store, clock, KEYS, 24, acts),
        step_up=StepUp(store, clock, KEYS, acts, StepRules()),
    )


async def a_member(ground: ErasingGround) -> tuple[Member, tuple[int, str]]:
    """A member of whom everything is stored; returns who, and a case of theirs with its text."""
    desk = ground.desk
    admin = await ground.lead(Role.ADMIN, name="Азамат")
    await ground.members.invite(desk.stage, admin, Role.SECURITY)
    await desk.commit()
    async with desk.store.read() as conn:
        invite_id = (await conn.execute(sa.select(metadata.tables["invites"].c.id))).scalar_one()
    newcomer = Newcomer(telegram_id=TELEGRAM_ID, name=NAME, language="ky")
    await ground.members.redeem(desk.stage, desk.newsroom.id, KEYS.invite_token(invite_id), newcomer)
    await desk.commit()
    async with desk.store.write() as conn:
        found = await members.by_telegram_id(conn, desk.newsroom.id, TELEGRAM_ID)
        assert found is not None
        await members.set_status(conn, found.id, type(found.status).ACTIVE, before=found.status)
    me = await ground.now(found)
    told = {"from": {"id": TELEGRAM_ID, "first_name": NAME, "username": USERNAME}, "text": "слова"}
    told |= {"chat": {"id": TELEGRAM_ID}, "message_id": 5}
    raw = json.dumps({"message": told}, ensure_ascii=False)
    sent = replace(message(me, desk.clock(), "Сен чындыкты жазбайсың, бул өтө узун сөз"), raw=raw)
    (case,) = await desk.send(me, sent)
    await desk.send(me, replace(typed(me, desk.clock(), "моя заметка"), raw=raw))
    await desk.settle()
    await desk.accounts.suspect(desk.stage, me, read_suspicion("https://facebook.com/some.fake\nимя: Некто").entry)
    await ground.step_up.begin(desk.stage, me)
    await desk.commit()
    await _around(ground, me, raw)
    await ground.log.sequence()
    return me, (case.submission_id, "Сен чындыкты жазбайсың, бул өтө узун сөз")


async def _around(ground: ErasingGround, me: Member, raw: str) -> None:
    """What stands about a member beside their cases."""
    desk, newsroom_id, now = ground.desk, ground.desk.newsroom.id, ground.desk.clock()
    row = {"id": 7, "newsroom_id": newsroom_id, "bot_id": 1, "update_id": 1, "identity": "one", "loose": False}
    row |= {"chat_key": me.telegram_id, "raw": raw, "state": "new", "tries": 0, "received_at": now, "not_before": now}
    shown = Outgoing(
        kind=Kind.REPLY, chat_id=me.telegram_id, newsroom_id=newsroom_id, member_id=me.id, body={"code": "cases"}
    )
    about = notices.reply(me, "approve", name=NAME, telegram=TELEGRAM_ID, person=me.id, role="editor")
    async with desk.store.write() as conn:
        await conn.execute(sa.insert(inbox_updates), [row])
        await duty.put(conn, newsroom_id, me.id, first=True)
        await dialogs.ask(conn, newsroom_id, me.id, "fake", {"said": NAME}, now)
        await sent_messages.note_sent(conn, shown, 1, [41, 42], (now, now))
        place = Place(chat_id=me.telegram_id, topic_id=0, kind=ChatKind.PRIVATE, title=NAME)
        await digest_chats.put(conn, newsroom_id, place, ChatState.ALLOWED, (me.id, me.id), now)
        await sealed_originals.add_recipient(conn, newsroom_id, "age1" + "q" * 58, NAME, now)
        everyone = await members.all_of(conn, newsroom_id, me.status)
        other = next(each for each in everyone if each.id != me.id)
        await outbox.put(conn, [shown, replace(about, chat_id=other.telegram_id, member_id=other.id)], now)


async def an_account(ground: ErasingGround, member: Member) -> Account:
    """An account of which everything is known, with a comment in a case and an export that holds it."""
    desk = ground.desk
    entry = AccountEntry(
        platform="facebook",
        handle=HANDLE,
        names=CALLED,
        reason="канарейка врёт",
        source=f"https://facebook.com/{HANDLE}",
    )
    other = await ground.lead(Role.EDITOR, name="Бермет")
    await desk.accounts.suspect(desk.stage, member, entry, (), hostile.encoded(hostile.drawing(21)))
    await desk.commit()
    account = await desk.accounts.named(member, f"https://facebook.com/{HANDLE}")
    author = Origin(kind=OriginKind.HIDDEN_USER, name=CALLED[0])
    await desk.send(member, message(member, desk.clock(), "Фейк жазган узун сөз, далил катары калат", origin=author))
    await desk.settle()
    for each in (member, other)[:CONFIRMATIONS]:
        await desk.accounts.confirm(desk.stage, each, account.id)
        await desk.commit()
    records = AccountRecords(desk.store, desk.clock, desk.knowledge, desk.accounts._pictures)
    await records.tell(desk.stage, member, account.id, "работа: канарейкин завод\nгруппы: Канарейки Оша")
    await desk.commit()
    async with desk.store.write() as conn:
        await note_share(conn, desk.newsroom.id, member.id, "csv", "accounts.csv", desk.clock)
    await ground.log.sequence()
    return account


async def an_owner(ground: ErasingGround, member: Member, sha256: str) -> int:
    """The owner of a photo, with a thread; returns its number."""
    newsroom_id, now = ground.desk.newsroom.id, ground.desk.clock()
    async with ground.desk.store.write() as conn:
        await photo_owners.put(conn, newsroom_id, sha256, OWNER, member.id, now)
        keys = keys_of_owner(OWNER, sha256)
        thread, _ = await outreaches.start(conn, newsroom_id, OWNER, sha256, keys, member.id, now)
        await outreaches.change(conn, newsroom_id, thread, {"reply": "канарейка ответила", "state": "replied"})
        await history.note(conn, newsroom_id, member.id, ("outreach", thread), "outreach_started", now, sha256=sha256)
        found = await outreaches.get(conn, newsroom_id, thread)
    assert found is not None
    await ground.log.sequence()
    return found.number


async def a_curator(ground: ErasingGround, member: Member) -> int:
    """Somebody behind a farm; returns the number."""
    newsroom_id, now = ground.desk.newsroom.id, ground.desk.clock()
    async with ground.desk.store.write() as conn:
        told = {"kind": "curator", "name": "Канарейкин Куратор", "grade": "B2", "member_id": member.id, "now": now}
        curator_id, number = await curators.add(conn, newsroom_id, **told)  # type: ignore[arg-type]
        await curators.set_note(conn, newsroom_id, curator_id, "канарейка платит")
        await history.note(conn, newsroom_id, member.id, ("curator", curator_id), "added", now)
        await curators.suppose(conn, newsroom_id, curator_id, "может быть канарейка", "C3", member.id, now)
    await ground.log.sequence()
    return number


async def former_staff(ground: ErasingGround) -> str:
    """Somebody who was protected; returns the name."""
    newsroom_id, now = ground.desk.newsroom.id, ground.desk.clock()
    async with ground.desk.store.write() as conn:
        await staff.put(conn, newsroom_id, StaffKind.PERSON, "Канарейкина Айнура", "фотограф", ("Kanareikina",), now)
        row = next(each for each in await staff.all_of(conn, newsroom_id))
        await history.note(conn, newsroom_id, None, ("staff", 0), "added", now, name=row.name)
        await staff.remove(conn, newsroom_id, row.id, now)
    await ground.log.sequence()
    return "Канарейкина Айнура"


async def held(ground: ErasingGround, canaries: Iterable[str]) -> dict[str, set[str]]:
    """In which tables a canary stands, in any column of any row; sealed bytes tell nothing."""
    found: dict[str, set[str]] = {}
    async with ground.desk.store.read() as conn:
        for table in metadata.sorted_tables:
            rows = (await conn.execute(sa.select(table))).all()
            told = json.dumps([[str(value) for value in row] for row in rows], ensure_ascii=False).lower()
            for each in canaries:
                if each.lower() in told:
                    found.setdefault(each, set()).add(table.name)
    return found


async def letters(ground: ErasingGround) -> list[tuple[str, int]]:
    """Kind and chat of what waits to go out."""
    return [(row.kind, row.chat_id) for row in await queued(ground.desk.store) if row.state == "new"]
