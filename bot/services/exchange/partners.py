"""Whom we listen to: a key is accepted once, by a person who compared it; what it said can be withdrawn as a whole."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.custody.envelopes import public_of
from bot.custody.keys import CustodyKeys
from bot.errors import Refusal
from bot.model.exchange import Issuer, Partner
from bot.model.newsroom import Member
from bot.services import notices
from bot.services.exchange.keys import clean_name, mark_of
from bot.services.stage import Stage
from bot.storage import exchange_partners, history, outbox
from bot.storage.store import Store


class Partners:
    """Of one newsroom."""

    def __init__(self, store: Store, clock: Clock, keys: CustodyKeys, newsroom_id: int) -> None:
        self._store = store
        self._clock = clock
        self._own = public_of(keys.exchange_key(newsroom_id))
        self._newsroom_id = newsroom_id

    async def everyone(self) -> list[Partner]:
        """Every partner, withdrawn ones too."""
        async with self._store.read() as conn:
            return await exchange_partners.everyone(conn, self._newsroom_id, self._clock().date())

    async def trust(self, issuer: Issuer, name: str | None = None) -> Partner:
        """Accept a key; we call it by `name`, else as it calls itself.

        Raises Refusal: "exchange_own_key"; "exchange_name_needed" without a name; "exchange_name_taken" for one that
        another partner has: whose word it is must be beyond doubt.
        """
        called = clean_name(name if name is not None else issuer.name)
        if issuer.key == self._own:
            raise Refusal("exchange_own_key")
        if not called:
            raise Refusal("exchange_name_needed")
        async with self._store.write() as conn:
            now = self._clock()
            others = await exchange_partners.everyone(conn, self._newsroom_id, now.date())
            if any(each.name.casefold() == called.casefold() and each.key != issuer.key for each in others):
                raise Refusal("exchange_name_taken", name=called)
            partner_id = await exchange_partners.trust(conn, self._newsroom_id, called, issuer.key, now)
            told = {"name": called, "mark": mark_of(issuer.key)}
            await history.note(conn, self._newsroom_id, None, ("partner", partner_id), "exchange_trusted", now, **told)
        return next(each for each in await self.everyone() if each.id == partner_id)

    async def named(self, words: str) -> Partner:
        """The partner that words name: its name, or the mark of its key. Raises Refusal("exchange_unknown_partner")."""
        wanted = words.strip().casefold()
        plain = wanted.replace(" ", "")
        found = [
            each
            for each in await self.everyone()
            if each.name.casefold() == wanted or mark_of(each.key).replace(" ", "") == plain
        ]
        if len(found) != 1:
            raise Refusal("exchange_unknown_partner")
        return found[0]

    async def withdraw(self, partner_id: int, *, back: bool) -> None:
        """Nothing that a partner said counts any longer, or all that it did not recall counts again."""
        async with self._store.write() as conn:
            await self._turn(conn, None, partner_id, back=back)

    async def press(self, stage: Stage, member: Member, partner_id: int, message_id: int, *, back: bool) -> None:
        """The same by a press. Raises Refusal when there is no such partner."""
        if not any(each.id == partner_id for each in await self.everyone()):
            raise Refusal("exchange_unknown_partner")

        async def act(conn: AsyncConnection) -> None:
            await self._turn(conn, member, partner_id, back=back)
            await outbox.put(conn, [notices.edited_reply(member, message_id, "exchange")], self._clock())

        stage.stage_once(act)

    async def _turn(self, conn: AsyncConnection, member: Member | None, partner_id: int, *, back: bool) -> None:
        now, newsroom_id = self._clock(), self._newsroom_id
        if await exchange_partners.withdraw(conn, newsroom_id, partner_id, None if back else now):
            event = "exchange_restored" if back else "exchange_withdrawn"
            by = member.id if member is not None else None
            await history.note(conn, newsroom_id, by, ("partner", partner_id), event, now)
