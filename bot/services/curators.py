"""People behind farms: who they may be, by which source, and what else could explain it. For `security` only.

Every function asks for the right itself: nobody else learns even that there are such records. The history and the
custody log say that a record was made or changed, never what is in it.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import NotAllowed, Refusal
from bot.model.curator import Curator, is_grade
from bot.model.newsroom import Member
from bot.model.rights import Right
from bot.services import notices
from bot.services.stage import Stage
from bot.storage import curators, farms, history, members, outbox
from bot.storage.store import Store

_UNGRADED: Final = "F6"
_FARM: Final = re.compile(r"[FfФф]-?(\d{1,9})")
_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_ACCOUNT_KINDS: Final = {
    **dict.fromkeys(("hired", "наёмные", "наемные", "жалданган"), "hired"),
    **dict.fromkeys(("attached", "закреплённые", "закрепленные", "бекитилген"), "attached"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class TieWords:
    """What typed words say of a tie: a farm or a kind of accounts, a grade, days, and why."""

    farm: int | None
    account_kind: str | None
    grade: str
    since: date | None
    until: date | None
    why: str


def read_tie(words: str) -> TieWords:
    """Read `F-3 B2 2020-07 2020-10 worked for…`; what is neither farm, kind, grade nor day is the reason.

    Raises Refusal when nothing is named with which the person had to do, or no reason is given.
    """
    farm: int | None = None
    kind: str | None = None
    grade = _UNGRADED
    days: list[date] = []
    rest: list[str] = []
    for word in words.split():
        found = _FARM.fullmatch(word)
        if found is not None and farm is None and not rest:
            farm = int(found.group(1))
        elif word.lower() in _ACCOUNT_KINDS and kind is None and not rest:
            kind = _ACCOUNT_KINDS[word.lower()]
        elif is_grade(_latin(word)) and not rest:
            grade = _latin(word)
        elif (day := _day(word)) is not None and len(days) < 2 and not rest:
            days.append(day)
        else:
            rest.append(word)
    if (farm is None and kind is None) or not rest:
        raise Refusal("curator_tie_unclear")
    since, until = (*days, None, None)[:2]
    return TieWords(farm=farm, account_kind=kind, grade=grade, since=since, until=until, why=" ".join(rest)[:1000])


def read_grade(words: str) -> tuple[str, str]:
    """A grade at the beginning, F6 (cannot be judged) where there is none, and the other words."""
    first, _, rest = words.strip().partition(" ")
    return (_latin(first), rest.strip()) if is_grade(_latin(first)) else (_UNGRADED, words.strip())


class Curators:
    """The records. Raises NotAllowed for whoever has no right to them, Refusal for what there is not."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def everybody(self, member: Member) -> list[Curator]:
        """Every record."""
        _require(member)
        async with self._store.read() as conn:
            return await curators.everybody(conn, member.newsroom_id)

    async def one(self, member: Member, number: int) -> Curator:
        """Record P-number."""
        _require(member)
        async with self._store.read() as conn:
            found = await curators.by_number(conn, member.newsroom_id, number)
        if found is None:
            raise Refusal("curator_unknown")
        return found

    async def behind(self, member: Member, farm_id: int) -> list[Curator]:
        """Who had to do with a farm; nobody for whoever may not know."""
        if not member.may(Right.CURATORS):
            return []
        async with self._store.read() as conn:
            return await curators.of_farm(conn, member.newsroom_id, farm_id)

    def add(self, stage: Stage, member: Member, kind: str, words: str) -> None:
        """A new record: an optional grade, then the name."""
        _require(member)
        grade, name = read_grade(words)
        if not name:
            raise Refusal("curator_name_missing")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await members.lock_newsroom(conn, member.newsroom_id)
            curator_id, number = await curators.add(
                conn, member.newsroom_id, kind=kind, name=name[:200], grade=grade, member_id=member.id, now=now
            )
            await self._note(conn, member, curator_id, "added")
            await outbox.put(conn, [notices.reply(member, "curator", number=number)], now)

        stage.stage_once(act)

    async def tie(self, stage: Stage, member: Member, number: int, words: str) -> None:
        """That the person had to do with a farm or a kind of accounts."""
        record, said = await self.one(member, number), read_tie(words)
        async with self._store.read() as conn:
            farm = await farms.by_number(conn, member.newsroom_id, said.farm) if said.farm is not None else None
        if said.farm is not None and farm is None:
            raise Refusal("farm_unknown")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await curators.tie(
                conn,
                member.newsroom_id,
                record.id,
                farm_id=farm.id if farm is not None else None,
                account_kind=said.account_kind,
                span=(said.since, said.until),
                grade=said.grade,
                why=said.why,
                member_id=member.id,
                now=now,
            )
            await self._note(conn, member, record.id, "tied")
            await outbox.put(conn, [notices.reply(member, "curator", number=number)], now)

        stage.stage_once(act)

    async def suppose(self, stage: Stage, member: Member, number: int, words: str) -> None:
        """What else could explain the same facts: an optional grade, then the words."""
        record = await self.one(member, number)
        grade, text = read_grade(words)
        if not text:
            raise Refusal("curator_tie_unclear")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await curators.suppose(conn, member.newsroom_id, record.id, text[:1000], grade, member.id, now)
            await self._note(conn, member, record.id, "supposed")
            await outbox.put(conn, [notices.reply(member, "curator", number=number)], now)

        stage.stage_once(act)

    async def note(self, stage: Stage, member: Member, number: int, words: str) -> None:
        """Words to the record."""
        record = await self.one(member, number)

        async def act(conn: AsyncConnection) -> None:
            await curators.set_note(conn, member.newsroom_id, record.id, words.strip()[:2000])
            await self._note(conn, member, record.id, "noted")
            await outbox.put(conn, [notices.reply(member, "curator", number=number)], self._clock())

        stage.stage_once(act)

    async def remove(self, stage: Stage, member: Member, number: int) -> None:
        """Take a record off."""
        record = await self.one(member, number)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if await curators.remove(conn, member.newsroom_id, record.id, now):
                await self._note(conn, member, record.id, "removed")
            await outbox.put(conn, [notices.reply(member, "curators")], now)

        stage.stage_once(act)

    async def _note(self, conn: AsyncConnection, member: Member, curator_id: int, event: str) -> None:
        # Others read the history and the custody log: no name, no word of the record goes there.
        await history.note(conn, member.newsroom_id, member.id, ("curator", curator_id), event, self._clock())


def _require(member: Member) -> None:
    if not member.may(Right.CURATORS):
        raise NotAllowed(Right.CURATORS)


def _latin(word: str) -> str:
    """A grade as it is kept: А, В, С, Е on a Cyrillic keyboard look the same."""
    return word.strip().upper().translate(str.maketrans("АВСЕ", "ABCE"))


def _day(word: str) -> date | None:
    found = _DAY.fullmatch(word)
    if found is None:
        return None
    try:
        return date(int(found.group(1)), int(found.group(2)), int(found.group(3) or 1))
    except ValueError:
        return None
