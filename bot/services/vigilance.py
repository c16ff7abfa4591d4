"""What the other leads hear of: many things opened within an hour, exports, and sensitive work at odd hours.

One line, once an hour for each member and matter: a thief who reads everything is noticed while it goes on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.model.newsroom import Member, MemberStatus
from bot.model.outbox import Outgoing
from bot.model.rights import Right
from bot.services import notices
from bot.services.custody_events import of_opening, opened_by, page_of, photo_of
from bot.services.keys import Keys
from bot.services.stage import Stage
from bot.services.step_up import tell_leads
from bot.storage import custody, members, newsrooms, outbox, vigils
from bot.storage.store import Store

_HOUR: Final = timedelta(hours=1)
#: Local hours outside of which nobody is expected to work on what is sensitive, unless the newsroom says otherwise.
ODD_FROM: Final = 23
ODD_UNTIL: Final = 6
#: Hexadecimal digits of a page's hash that fit the column of a row's id.
_PAGE_DIGITS: Final = 15


@dataclass(frozen=True, kw_only=True, slots=True)
class VigilRules:
    """How many opened within an hour are too many to be reading; whether leads are told.

    A case, a threat, an account, a farm or a stored photo is one; so is a further page of a card, and a page of a list
    or of what was found.
    """

    bulk: int = 40
    is_on: bool = True

    @property
    def odd(self) -> int:
        """How many are too many when nobody is expected to work: a quarter."""
        return max(1, self.bulk // 4)


class Vigilance:
    """Watches over what members open, and tells."""

    def __init__(self, store: Store, clock: Clock, keys: Keys, rules: VigilRules) -> None:
        self._store = store
        self._clock = clock
        self._keys = keys
        self._rules = rules

    def sensitive(self, stage: Stage, member: Member, *, export: bool) -> None:
        """A member does something sensitive: an export, or work on curators or roles."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if export:
                await self._tell(conn, member, "vigil_export", now)
            if await self._is_odd(conn, member.newsroom_id, now):
                await self._tell(conn, member, "vigil_odd_hour", now)

        stage.stage_once(act)

    async def opened(self, conn: AsyncConnection, outgoing: Outgoing, now: datetime) -> None:
        """A card leaves: log and count what it opens to its reader, and tell the leads when it is too much."""
        entries = of_opening(outgoing, lambda words: self._keys.searched(outgoing.newsroom_id, words), now)
        await custody.put(conn, entries)
        subject = self._page(outgoing) or opened_by(outgoing) or _photo(outgoing)
        if subject is None or outgoing.member_id is None:
            return
        newsroom_id, member_id = outgoing.newsroom_id, outgoing.member_id
        await vigils.opened(conn, newsroom_id, member_id, subject, now)
        opened = await vigils.count(conn, newsroom_id, member_id, now - _HOUR)
        if opened < self._rules.odd:
            return
        member = await members.get(conn, newsroom_id, member_id)
        if member is None:
            return
        if opened >= self._rules.bulk:
            await self._tell(conn, member, "vigil_bulk", now)
        if opened >= self._rules.odd and await self._is_odd(conn, newsroom_id, now):
            await self._tell(conn, member, "vigil_odd_reads", now)

    def _page(self, outgoing: Outgoing) -> tuple[str, int] | None:
        page = page_of(outgoing)
        if page is None:
            return None
        # A keyed hash: what somebody looked for is not to be read in the count of what they read.
        return ("page", int(self._keys.searched(outgoing.newsroom_id, page)[:_PAGE_DIGITS], 16))

    async def exported_there(self, newsroom_id: int, what: str) -> None:
        """Something left as a file on the server itself: all leads hear of it when the bot speaks next."""
        async with self._store.write() as conn:
            everyone = await members.all_of(conn, newsroom_id, MemberStatus.ACTIVE)
            leads = [each for each in everyone if each.may(Right.SECOND)]
            said = [notices.reply(each, "export_there", what=what) for each in leads] if self._rules.is_on else []
            await outbox.put(conn, said, self._clock())

    async def purge(self) -> int:
        """Forget what was opened hours ago."""
        async with self._store.write() as conn:
            return await vigils.purge(conn, self._clock() - _HOUR)

    async def _tell(self, conn: AsyncConnection, member: Member, what: str, now: datetime) -> None:
        if self._rules.is_on and await vigils.tell(conn, member.newsroom_id, member.id, what, now - _HOUR, now):
            await tell_leads(conn, member, what, now)

    async def _is_odd(self, conn: AsyncConnection, newsroom_id: int, now: datetime) -> bool:
        newsroom = await newsrooms.get(conn, newsroom_id)
        hour = now.astimezone(ZoneInfo(newsroom.zone)).hour
        start = newsroom.limits.get("odd_from", ODD_FROM)
        end = newsroom.limits.get("odd_until", ODD_UNTIL)
        return start <= hour < end if start <= end else hour >= start or hour < end


def _photo(outgoing: Outgoing) -> tuple[str, int] | None:
    photo = photo_of(outgoing)
    return ("photo", photo) if photo is not None else None
