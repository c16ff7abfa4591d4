"""What is erased for good takes two people: a case, an account, somebody outside, somebody who was a member.

One asks and names the ground, which stands in the custody log; a second person sees what would go, and allows it
(`two_people`).
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import NotAllowed, Refusal
from bot.model.access import ActKind, PendingAct
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.services import notices
from bot.services.erasing import Erasure
from bot.services.erasing_accounts import AccountErasure
from bot.services.erasing_members import MemberErasure
from bot.services.erasing_people import PersonErasure
from bot.services.stage import Stage
from bot.services.two_people import Doing, Perform, TwoPeople
from bot.storage import account_erasing, accounts, cases, members, outbox, person_erasing
from bot.storage.store import Store

_LONGEST: Final = 300
#: By which right somebody asks that a person be erased.
_RIGHTS: Final = {"outreach": Right.OUTREACH, "curator": Right.CURATORS}
_LABELS: Final = {"outreach": "O-{number}", "curator": "P-{number}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasers:
    """What erases each kind."""

    cases: Erasure
    accounts: AccountErasure
    people: PersonErasure
    members: MemberErasure


class Forgetting:
    """At one newsroom's desk. Every order raises Refusal, and NotAllowed for whoever may not ask."""

    def __init__(self, store: Store, clock: Clock, acts: TwoPeople, erasers: Erasers) -> None:
        self._store = store
        self._clock = clock
        self._acts = acts
        self._by = erasers
        for kind, doing in self._doings().items():
            acts.register(kind, doing)

    def _doings(self) -> dict[ActKind, Doing]:
        by, erase = self._by, Right.ERASE
        case = Doing(right=erase, state=self._case, prepare=self._case_prepared, about=_case_label, after=by.cases.soil)
        account = Doing(
            right=erase, state=self._account, perform=self._erase_account, about=_account_label, after=by.accounts.soil
        )
        person = Doing(
            right=erase,
            state=self._person,
            perform=self._erase_person,
            about=self._person_label,
            after=by.people.soil,
            fits=_sees_them,
            misfit="act_needs_security",
        )
        member = Doing(right=Right.SECOND, state=self._member, perform=self._erase_member, after=by.members.soil)
        return {
            ActKind.ERASE: case,
            ActKind.ERASE_ACCOUNT: account,
            ActKind.ERASE_PERSON: person,
            ActKind.ERASE_MEMBER: member,
        }

    async def case(self, stage: Stage, member: Member, number: int, ground: str) -> None:
        """Ask that case K-number be erased."""
        said = _grounded(member, Right.ERASE, ground)
        async with self._store.read() as conn:
            case = await cases.by_number(conn, member.newsroom_id, number)
        if case is None:
            raise Refusal("case_unknown")
        body = {"case": case.label, "submission": case.submission_id, "ground": said}
        self._acts.request(stage, member, ActKind.ERASE, body)

    async def account(self, stage: Stage, member: Member, account_id: int, ground: str) -> None:
        """Ask that an account of the list be erased."""
        said = _grounded(member, Right.ERASE, ground)
        self._acts.request(stage, member, ActKind.ERASE_ACCOUNT, {"account": account_id, "ground": said})

    async def person(self, stage: Stage, member: Member, noun: str, number: int, ground: str) -> None:
        """Ask that whom O-number ("outreach") is with, or P-number ("curator"), be erased."""
        said = _grounded(member, _RIGHTS[noun], ground)
        await self._ask_person(stage, member, {"noun": noun, "number": number, "ground": said})

    async def owner(self, stage: Stage, member: Member, sha256: str, ground: str) -> None:
        """Ask that the owner of a photo be erased."""
        said = _grounded(member, Right.OWNER_DETAILS, ground)
        async with self._store.read() as conn:
            row = await person_erasing.owner_of_picture(conn, member.newsroom_id, sha256)
        await self._ask_person(stage, member, {"noun": "owner", "number": row or 0, "ground": said})

    async def staff(self, stage: Stage, member: Member, name: str, ground: str) -> None:
        """Ask that somebody be erased who is protected no longer."""
        said = _grounded(member, Right.ERASE, ground)
        async with self._store.read() as conn:
            former = await person_erasing.former_staff(conn, member.newsroom_id)
        words = name.strip().casefold()
        found = [row for row, names in former.items() if words in [each.casefold() for each in names]]
        if len(found) != 1:
            raise Refusal("staff_not_former")
        await self._ask_person(stage, member, {"noun": "staff", "number": found[0], "ground": said})

    async def member(self, stage: Stage, member: Member, called: str, ground: str) -> None:
        """Ask that somebody be erased who was removed before: by name, or by their number as a member."""
        said = _grounded(member, Right.SECOND, ground)
        async with self._store.read() as conn:
            ever = await members.all_of(conn, member.newsroom_id, *MemberStatus)
        words = called.strip().casefold()
        gone = {n: each for n, each in enumerate(ever, 1) if _is_former(each)}
        found = [each for n, each in gone.items() if words in (str(n), each.name.casefold())]
        if len(found) != 1:
            raise Refusal("member_not_removed" if not found else "member_ambiguous")
        self._acts.request(stage, member, ActKind.ERASE_MEMBER, {"member": found[0].id, "ground": said})

    async def _ask_person(self, stage: Stage, member: Member, body: dict[str, Any]) -> None:
        async with self._store.read() as conn:
            rows = await self._by.people.rows(conn, member.newsroom_id, body)
        if rows.is_empty:
            raise Refusal("person_unknown")
        self._acts.request(stage, member, ActKind.ERASE_PERSON, body)

    async def _case(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        case = await cases.by_submission(conn, newsroom_id, int(body["submission"]))
        # That it grew since does not matter: all of it goes.
        return [case.submission_id] if case is not None else None

    async def _case_prepared(self, act: PendingAct) -> Perform:
        submission_id = int(act.body["submission"])
        prints = await self._by.cases.prepared(submission_id)

        async def perform(conn: AsyncConnection, act: PendingAct, first: Member, second: Member | None) -> None:
            await self._by.cases.apply(conn, submission_id, prints, _by(second), str(act.body["ground"]))
            await self._tell(conn, first, second, str(act.body["case"]))

        return perform

    async def _account(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        # What is known of it goes on growing while it waits: all of it goes.
        return await account_erasing.ids_of(conn, newsroom_id, int(body["account"])) or None

    async def _erase_account(
        self, conn: AsyncConnection, act: PendingAct, first: Member, second: Member | None
    ) -> None:
        await self._by.accounts.apply(conn, first, int(act.body["account"]), _by(second), str(act.body["ground"]))
        await self._tell(conn, first, second, "")

    async def _person(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        rows = await self._by.people.rows(conn, newsroom_id, body)
        return [body["noun"], body["number"]] if not rows.is_empty else None

    async def _person_label(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> str:
        if body["noun"] in _LABELS:
            return _LABELS[body["noun"]].format(number=body["number"])
        rows = await self._by.people.rows(conn, newsroom_id, body)
        return min(rows.words, key=len, default="–")

    async def _erase_person(self, conn: AsyncConnection, act: PendingAct, first: Member, second: Member | None) -> None:
        await self._by.people.apply(conn, act.newsroom_id, act.body, _by(second), str(act.body["ground"]))
        label = _LABELS.get(act.body["noun"], "").format(number=act.body["number"])
        await self._tell(conn, first, second, label)

    async def _member(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        member = await members.get(conn, newsroom_id, int(body["member"]))
        return [member.telegram_id] if member is not None and _is_former(member) else None

    async def _erase_member(self, conn: AsyncConnection, act: PendingAct, first: Member, second: Member | None) -> None:
        former = await members.get(conn, act.newsroom_id, int(act.body["member"]))
        if former is not None:
            label = await self._by.members.apply(conn, former, _by(second), str(act.body["ground"]))
            await self._tell(conn, first, second, label)

    async def _tell(self, conn: AsyncConnection, first: Member, second: Member | None, label: str) -> None:
        who = second.name if second is not None else ""
        people = [first] if second is None else [first, second]
        told = [notices.reply(each, "erased", what=label, who=who) for each in people]
        await outbox.put(conn, told, self._clock())


async def _case_label(_conn: AsyncConnection, _newsroom_id: int, body: dict[str, Any]) -> str:
    return str(body["case"])


async def _account_label(conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> str:
    account = await accounts.get(conn, newsroom_id, int(body["account"]))
    return account.label if account is not None and (account.handle or account.numeric_id) else "–"


async def _sees_them(_conn: AsyncConnection, act: PendingAct, first: Member, second: Member) -> bool:
    # People behind farms are for security leads: nobody else decides about them.
    return act.body["noun"] != "curator" or (first.may(Right.CURATORS) and second.may(Right.CURATORS))


def _is_former(member: Member) -> bool:
    return member.status is MemberStatus.REMOVED and member.telegram_id > 0


def _by(second: Member | None) -> int | None:
    return second.id if second is not None else None


def _grounded(member: Member, right: Right, ground: str) -> str:
    if not member.may(right):
        raise NotAllowed(right)
    if not ground.strip():
        raise Refusal("erasure_ground")
    return ground.strip()[:_LONGEST]
