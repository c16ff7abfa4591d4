"""A cleared account calls back what relied on it: cards, exports, lists; and shows admins whose reports prove false."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.account import Account
from bot.model.account_record import ImportedList, Reliability, Share
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right, Role
from bot.services import notices
from bot.services.account_settling import Settling
from bot.services.account_withdrawing import Withdrawing
from bot.services.cases import Cases
from bot.services.knowledge import Knowledge
from bot.services.stage import Stage
from bot.services.two_people import TwoPeople
from bot.storage import account_doubts, account_reports, account_shares, history, members, outbox
from bot.storage.store import Store

_SHARES = 20
_BATCHES = 20


async def recall(conn: AsyncConnection, desk: Cases, member: Member, account: Account, clock: Clock) -> None:
    """Tell everybody who relied on an account that it was cleared: reporters of cases, makers of exports and lists."""
    for account_id in (account.id, *(other for other, _ in account.others)):
        await desk.tell_reporters(conn, member, account_id, "account_cleared", account=account.label)
    shares = [
        share
        for account_id in (account.id, *(other for other, _ in account.others))
        for share in await account_shares.holding(conn, member.newsroom_id, account_id)
    ]
    everyone = {each.id: each for each in await members.all_of(conn, member.newsroom_id, MemberStatus.ACTIVE)}
    for share in {share.id: share for share in shares}.values():
        for person in _makers(share, everyone.values()):
            said = notices.reply(
                person, "share_recalled", account=account.label, name=share.name, day=share.made_at.date().isoformat()
            )
            await outbox.put(conn, [said], clock())
    await _warn_of_lister(conn, member, account, everyone.values(), clock)


def _makers(share: Share, everyone: Iterable[Member]) -> list[Member]:
    """Who made it; what the command line made, and what somebody made who is gone, is the security leads' matter."""
    own = [person for person in everyone if person.id == share.member_id]
    return own or [person for person in everyone if person.roles & {Role.SECURITY, Role.ADMIN}]


async def _warn_of_lister(
    conn: AsyncConnection, member: Member, account: Account, everyone: Iterable[Member], clock: Clock
) -> None:
    lister = await account_doubts.lister_of(conn, member.newsroom_id, account.id)
    if lister is None:
        return
    for person in everyone:
        if person.may(Right.MANAGE_MEMBERS):
            await outbox.put(conn, [notices.reply(person, "reliability", person=lister)], clock())


class AccountRecall:
    """What admins see of reports that proved false, and what they may do; the list of exports for those who decide."""

    def __init__(
        self, store: Store, clock: Clock, knowledge: Knowledge, desk: Cases, acts: TwoPeople | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._knowledge = knowledge
        self._settling = Settling(clock, desk)
        self._withdrawing = Withdrawing(clock, self._settling, knowledge, acts)

    async def shares(self, member: Member) -> list[Share]:
        """The latest exports and lists, each with what was cleared since."""
        async with self._store.read() as conn:
            return await account_shares.recent(conn, member.newsroom_id, _SHARES)

    async def doubtful(self, member: Member) -> list[Reliability]:
        """Members of whose reports some were cleared, or taken off the list; most cleared first."""
        async with self._store.read() as conn:
            listed = await account_doubts.listed_by(conn, member.newsroom_id)
            found = [await self._reliability(conn, member.newsroom_id, i) for i in listed]
        shown = [each for each in found if each is not None and (each.cleared or each.is_left_out or each.held)]
        return sorted(shown, key=lambda each: (-len(each.cleared), each.member))

    async def reliability(self, member: Member, member_id: int) -> Reliability:
        """What a member reported, and what became of it. Raises Refusal for nobody."""
        async with self._store.read() as conn:
            found = await self._reliability(conn, member.newsroom_id, member_id)
        if found is None:
            raise Refusal("member_unknown")
        return found

    async def _reliability(self, conn: AsyncConnection, newsroom_id: int, member_id: int) -> Reliability | None:
        person = await members.get(conn, newsroom_id, member_id)
        if person is None:
            return None
        listed = await account_doubts.listed_by(conn, newsroom_id)
        return Reliability(
            member_id=person.id,
            member=person.name,
            listed=listed.get(person.id, (0, 0))[0],
            cleared=tuple(await account_doubts.cleared_of(conn, newsroom_id, person.id)),
            alone=tuple(await account_doubts.alone(conn, newsroom_id, person.id, withdrawn=False)),
            withdrawn=tuple(await account_doubts.alone(conn, newsroom_id, person.id, withdrawn=True)),
            reported=len(await account_reports.of_member(conn, newsroom_id, person.id)),
            is_left_out=await account_reports.is_left_out(conn, newsroom_id, person.id),
            held=await account_reports.count_held(conn, newsroom_id, person.id),
        )

    async def withdraw_reports(self, stage: Stage, member: Member, member_id: int, message_id: int) -> None:
        """Nothing that a member said of accounts counts any longer: of many accounts when a second person allows it.

        Raises Refusal for nobody.
        """
        await self.reliability(member, member_id)

        async def act(conn: AsyncConnection) -> None:
            await self._withdrawing.member(conn, member, member_id)
            said = notices.edited_reply(member, message_id, "reliability", person=member_id)
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)
        self._knowledge.outdate()

    async def restore_reports(self, stage: Stage, member: Member, member_id: int, message_id: int) -> None:
        """The opposite: everything counts as it did. Raises Refusal for nobody."""
        await self.reliability(member, member_id)

        async def act(conn: AsyncConnection) -> None:
            await self._settling.restore_member(conn, member, member_id)
            said = notices.edited_reply(member, message_id, "reliability", person=member_id)
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)
        self._knowledge.outdate()

    async def count_held(self, stage: Stage, member: Member, member_id: int, message_id: int) -> None:
        """Words that were held because many came at once count from now on. Raises Refusal for nobody."""
        await self.reliability(member, member_id)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await account_reports.hold(conn, member.newsroom_id, member_id, None, held=False)
            await history.note(conn, member.newsroom_id, member.id, ("member", member_id), "reports_counted", now)
            said = notices.edited_reply(member, message_id, "reliability", person=member_id)
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def batches(self, member: Member) -> list[ImportedList]:
        """The latest lists that were taken in."""
        async with self._store.read() as conn:
            return await account_reports.batches(conn, member.newsroom_id, _BATCHES)

    async def turn_batch(self, stage: Stage, member: Member, place: str, message_id: int) -> None:
        """A list no longer counts, or counts again; `place` is its key. A long one is withdrawn by two people.

        Raises Refusal when there is none.
        """
        found = [each for each in await self.batches(member) if each.key == place]
        if not found:
            raise Refusal("button_not_yours")
        batch = found[0]

        async def act(conn: AsyncConnection) -> None:
            turned = await self._turned(conn, member, batch)
            told = (
                {"batch": batch.name, "accounts": len(turned), "back": batch.is_withdrawn} if turned is not None else {}
            )
            said = notices.edited_reply(member, message_id, "import_batches", **told)
            await outbox.put(conn, [said], self._clock())

        stage.stage_once(act)
        self._knowledge.outdate()

    async def _turned(self, conn: AsyncConnection, member: Member, batch: ImportedList) -> list[int] | None:
        if batch.is_withdrawn:
            return await self._settling.restore_batch(conn, member, batch.name)
        return await self._withdrawing.batch(conn, member, batch)
