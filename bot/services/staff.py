"""Staff under protection: who is on the list, in every script."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.newsroom import Member
from bot.model.staff import Staff, StaffKind
from bot.services import notices
from bot.services.knowledge import Knowledge
from bot.services.stage import Stage
from bot.storage import history, outbox, staff
from bot.storage.store import Store

_LONGEST = 200
_MOST_ALIASES = 50


class StaffList:
    """The list of protected people and outlets."""

    def __init__(self, store: Store, clock: Clock, knowledge: Knowledge) -> None:
        self._store = store
        self._clock = clock
        self._knowledge = knowledge

    async def everyone(self, newsroom_id: int) -> list[Staff]:
        """All of them, by name."""
        async with self._store.read() as conn:
            return await staff.all_of(conn, newsroom_id)

    async def add(self, stage: Stage, member: Member, text: str) -> None:
        """Add one from `[outlet] Name; alias; alias`. Raises Refusal when there is no name in it."""
        kind, name, aliases = read_staff(text)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            outcome = await staff.put(conn, member.newsroom_id, kind, name, None, aliases, now)
            await history.note(conn, member.newsroom_id, member.id, ("staff", 0), outcome, now, name=name)
            await outbox.put(conn, [notices.reply(member, f"staff_{outcome}", name=name)], now)

        stage.stage_once(act)
        self._knowledge.outdate()

    async def link(self, stage: Stage, member: Member, staff_name: str, person: Member) -> None:
        """Say which member a protected person is: threats against them are theirs to see. Raises Refusal."""
        words = staff_name.strip().casefold()
        found = [s for s in await self.everyone(member.newsroom_id) if words in [name.casefold() for name in s.names]]
        if len(found) != 1:
            raise Refusal("staff_unknown")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await staff.link_member(conn, found[0].id, person.id, now)
            subject = ("staff", found[0].id)
            await history.note(conn, member.newsroom_id, member.id, subject, "linked", now, member=person.id)
            said = notices.reply(member, "staff_linked", name=found[0].name, who=person.name)
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def remove(self, stage: Stage, member: Member, staff_id: int, message_id: int) -> None:
        """Take somebody off the list."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            if await staff.remove(conn, member.newsroom_id, staff_id, now):
                await history.note(conn, member.newsroom_id, member.id, ("staff", staff_id), "removed", now)
            await outbox.put(conn, [notices.edited_reply(member, message_id, "staff")], now)

        stage.stage_once(act)
        self._knowledge.outdate()


def read_staff(text: str) -> tuple[StaffKind, str, tuple[str, ...]]:
    """Kind, name and aliases from `[outlet] Name; alias; alias`. Raises Refusal without a name."""
    words = text.strip()
    kind = StaffKind.PERSON
    first, _, rest = words.partition(" ")
    if first.lower() in ("outlet", "редакция", "басылма", "сми", "media"):
        kind, words = StaffKind.OUTLET, rest
    names = [name.strip()[:_LONGEST] for name in words.split(";") if name.strip()]
    if not names:
        raise Refusal("staff_name_missing")
    return kind, names[0], tuple(dict.fromkeys(names[1 : _MOST_ALIASES + 1]))
