"""Farms as people see and decide them: who belongs, by whose word; suggested links are accepted or told apart.

Nothing here changes an account's status. Who only reads sees what people said; suggestions are for those who decide.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.access import ActKind, PendingAct
from bot.model.farm import (
    EVIDENCE,
    Farm,
    FarmLine,
    FarmView,
    LinkLine,
    Membership,
    Network,
    NetworkNode,
    NetworkTie,
    Quote,
    RhythmFacts,
    SideWeek,
    SwitchFacts,
)
from bot.model.newsroom import Member
from bot.model.paging import first_of
from bot.model.rights import Right
from bot.services import notices
from bot.services.farm_activity import StanceSource, page_of
from bot.services.farm_stances import noted_stances
from bot.services.stage import Stage
from bot.services.two_people import Doing, TwoPeople
from bot.storage import accounts, farm_activity, farm_links, farms, history, members, newsrooms, outbox
from bot.storage.store import Store
from detection.coordination.rhythm import read_rhythm

PAGE: Final = 10
#: Accounts in a picture of a network, and links read for it.
MOST_DRAWN: Final = 800
_MOST_TIES: Final = 12_000
_SUGGESTED_SHOWN: Final = 10
_BY_HAND: Final = 90
_QUOTED_DAYS: Final = timedelta(days=14)
_Span = tuple[datetime, datetime]


class Farms:
    """Of the newsroom of whoever asks."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        acts: TwoPeople | None = None,
        stances: StanceSource = noted_stances,
    ) -> None:
        self._store = store
        self._clock = clock
        self._acts = acts
        self._stances = stances
        if acts is not None:
            right = Right.DECIDE_FARMS
            acts.register(ActKind.FARM_OUT, Doing(right=right, state=self._export_state, perform=self._export_allowed))

    async def lines(self, member: Member, page: int) -> list[FarmLine]:
        """Farms, the greatest first, ten a page and one more; who may not decide is told of people's word only."""
        async with self._store.read() as conn:
            found = await farms.lines(conn, member.newsroom_id, 10_000)
        if not decides(member):
            found = [_without_offers(line) for line in found if line.members]
        return found[page * PAGE : (page + 1) * PAGE + 1]

    async def view(self, member: Member, number: int, page: int = 0) -> FarmView:
        """F-number with all that its card shows. Raises Refusal when there is none that the member may see."""
        async with self._store.read() as conn:
            newsroom = await newsrooms.get(conn, member.newsroom_id)
            farm = await known_farm(conn, member, number)
            known = await farms.line(conn, member.newsroom_id, farm)
            line = known or FarmLine(farm=farm, members=0, gone=0, suggested=0)
            people = await farms.members_of(conn, member.newsroom_id, farm.id)
            offered = await self._offered(conn, member, farm, people)
            here = [each.account_id for each in people] or [account for account, _, _ in offered]
            keys = await farm_activity.keys_of(conn, member.newsroom_id, here)
            moments = await farm_activity.moments(conn, member.newsroom_id, keys)
            votes = [day for day, _ in await farms.votes(conn, member.newsroom_id)]
            zone = ZoneInfo(newsroom.zone)
            rhythm = read_rhythm([moment.astimezone(zone) for moment in moments], votes)
            last = await farm_links.last_run(conn, member.newsroom_id)
            return FarmView(
                line=line if decides(member) else _without_offers(line),
                members=tuple(people[page * PAGE : (page + 1) * PAGE]),
                page=page,
                suggested=tuple(offered[:_SUGGESTED_SHOWN]),
                campaigns=tuple(await farm_activity.campaigns_of(conn, member.newsroom_id, keys, 5)),
                targets=_pages(await farm_activity.targets_of(conn, member.newsroom_id, keys, 500))[:5],
                rhythm=RhythmFacts(**{name: getattr(rhythm, name) for name in RhythmFacts.__dataclass_fields__}),
                switches=await self._switches(conn, member, set(here), keys),
                last_run=last.ended_at if last is not None else None,
                running=last is not None and last.state in ("asked", "running"),
            )

    async def names(self, member: Member) -> list[Farm]:
        """Every farm, by number, for the legend of a picture."""
        async with self._store.read() as conn:
            return await farms.everything(conn, member.newsroom_id)

    @property
    def most_drawn(self) -> int:
        """How many accounts a picture holds."""
        return MOST_DRAWN

    async def belongs(self, member: Member, account_id: int) -> list[tuple[Farm, Membership]]:
        """To which farms an account belongs by people's word: what its card says."""
        async with self._store.read() as conn:
            return await farms.of_account(conn, member.newsroom_id, account_id)

    async def offers(self, member: Member, number: int | None, page: int) -> tuple[list[LinkLine], bool]:
        """Links on offer, the strongest first, five a page, and whether there are more."""
        async with self._store.read() as conn:
            farm = await known_farm(conn, member, number) if number is not None else None
            found = await farm_links.offered(conn, member.newsroom_id, farm.id if farm else None, 6, first_of(page, 5))
        return found[:5], len(found) > 5

    async def decide(self, stage: Stage, member: Member, link_id: int, *, is_same: bool, message_id: int) -> None:
        """[Same farm] lets both accounts belong to the farm, [Not linked] is remembered with the evidence there was."""
        async with self._store.read() as conn:
            if await farm_links.of_id(conn, member.newsroom_id, link_id) is None:
                raise Refusal("farm_link_gone")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            link = await farm_links.decide(
                conn, member.newsroom_id, link_id, is_same=is_same, member_id=member.id, now=now
            )
            if link is not None:
                event = "same_farm" if is_same else "not_linked"
                told = {"accounts": [link.account_id, link.other_id], "weights": link.weights, "farm": link.farm}
                await history.note(conn, member.newsroom_id, member.id, ("farm_link", link_id), event, now, **told)
                if is_same:
                    await self._admit(conn, member, link)
            number = _number_of(link.farm) if link is not None else None
            said = notices.edited_reply(member, message_id, "farm_offers", number=number, page=0)
            await outbox.put(conn, [said], now)

        stage.stage_once(act)

    async def join(self, stage: Stage, member: Member, number: int, account_id: int, reason: str) -> None:
        """A person says that an account belongs to a farm, and why."""
        if not reason.strip():
            raise Refusal("farm_reason_missing")
        async with self._store.read() as conn:
            await known_farm(conn, member, number)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            farm = await known_farm(conn, member, number)
            await self._join(conn, member, farm, [account_id], reason.strip()[:500], _BY_HAND, "person")
            await outbox.put(conn, [notices.reply(member, "farm", number=number)], now)

        stage.stage_once(act)

    async def drop(self, stage: Stage, member: Member, number: int, account_id: int) -> None:
        """A person says that an account does not belong to a farm; what was said before stays in its history."""
        async with self._store.read() as conn:
            await known_farm(conn, member, number)

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            farm = await known_farm(conn, member, number)
            if await farms.end(conn, member.newsroom_id, farm.id, account_id, member.id, now):
                subject = ("farm", farm.id)
                await history.note(conn, member.newsroom_id, member.id, subject, "left", now, account=account_id)
            await outbox.put(conn, [notices.reply(member, "farm", number=number)], now)

        stage.stage_once(act)

    async def rename(self, stage: Stage, member: Member, number: int, name: str) -> None:
        """Call a farm by a name. Raises Refusal when another farm has it."""
        wanted = " ".join(name.split())[:100]
        async with self._store.read() as conn:
            farm = await known_farm(conn, member, number)
            other = await farms.by_name(conn, member.newsroom_id, wanted) if wanted else None
        if other is not None and other.id != farm.id:
            raise Refusal("farm_name_taken")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await farms.rename(conn, member.newsroom_id, farm.id, wanted or None)
            told = {"before": farm.name, "name": wanted or None}
            await history.note(conn, member.newsroom_id, member.id, ("farm", farm.id), "named", now, **told)
            await outbox.put(conn, [notices.reply(member, "farm", number=number)], now)

        stage.stage_once(act)

    async def note_vote(self, stage: Stage, member: Member, day: date, name: str) -> None:
        """Note the day of a vote: overtime is looked for before it."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await farms.add_vote(conn, member.newsroom_id, day, name[:100] or day.isoformat(), member.id, now)
            told = {"day": day.isoformat(), "name": name[:100]}
            await history.note(conn, member.newsroom_id, member.id, ("vote", 0), "added", now, **told)
            await outbox.put(conn, [notices.reply(member, "vote_noted", day=day.isoformat())], now)

        stage.stage_once(act)

    async def network(self, member: Member, number: int | None) -> Network:
        """The accounts of a farm, or of all, with their links; suggestions only for who decides."""
        async with self._store.read() as conn:
            known = {farm.id: farm for farm in await farms.everything(conn, member.newsroom_id)}
            wanted = (await known_farm(conn, member, number)).id if number is not None else None
            homes = {account: min(ids) for account, ids in (await farms.joined(conn, member.newsroom_id)).items()}
            offered = await farm_links.suggested(conn, member.newsroom_id) if decides(member) else {}
            group = {account: farm for account, (farm, _) in offered.items()} | homes
            chosen = [account for account, farm in group.items() if wanted is None or farm == wanted]
            chosen = sorted(chosen, key=lambda account: (account not in homes, account))[:MOST_DRAWN]
            found = {each.id: each for each in await accounts.by_ids(conn, member.newsroom_id, chosen)}
            ties = await farm_links.among(conn, member.newsroom_id, _MOST_TIES)
        nodes = tuple(
            NetworkNode(
                id=account,
                label=found[account].label,
                group=known[group[account]].label,
                is_member=account in homes,
                status=found[account].status.value,
            )
            for account in chosen
            if account in found
        )
        place = {node.id: n for n, node in enumerate(nodes)}
        drawn = tuple(
            NetworkTie(one=place[one], other=place[other], weight=weight, kinds=tuple(kinds))
            for one, other, weight, kinds in ties
            if one in place and other in place
        )
        return Network(nodes=nodes, ties=drawn)

    async def sides(self, member: Member, number: int) -> list[SideWeek]:
        """Whom the members of a farm praised and attacked, week by week, by date."""
        async with self._store.read() as conn:
            newsroom = await newsrooms.get(conn, member.newsroom_id)
            farm = await known_farm(conn, member, number)
            people = {each.account_id for each in await farms.members_of(conn, member.newsroom_id, farm.id)}
            seen = await self._stances(conn, member.newsroom_id)
        zone, weeks = ZoneInfo(newsroom.zone), dict[tuple[date, str], list[int]]()
        for each in seen:
            if each.account_id in people:
                day = each.at.astimezone(zone).date()
                counts = weeks.setdefault((day - timedelta(days=day.weekday()), each.subject), [0, 0])
                counts[0 if each.polarity > 0 else 1] += 1
        return [SideWeek(week=w, subject=s, praised=c[0], attacked=c[1]) for (w, s), c in sorted(weeks.items())]

    async def everybody(self, member: Member, number: int) -> list[Membership]:
        """All members of a farm, for a table."""
        async with self._store.read() as conn:
            farm = await known_farm(conn, member, number)
            return await farms.members_of(conn, member.newsroom_id, farm.id)

    async def noted_export(self, stage: Stage, member: Member, number: int | None, form: str) -> None:
        """Ask a second person, then note that a farm leaves the house as a file, and send it."""
        if self._acts is not None:
            self._acts.request(stage, member, ActKind.FARM_OUT, {"number": number, "form": form})
            return

        async def act(conn: AsyncConnection) -> None:
            await self._hand_out(conn, member, number, form)

        stage.stage_once(act)

    async def _hand_out(self, conn: AsyncConnection, member: Member, number: int | None, form: str) -> None:
        now = self._clock()
        subject = ("farm", number or 0)
        await history.note_export(conn, member.newsroom_id, member.id, subject, "exported", now, form=form)
        await outbox.put(conn, [notices.farm_file(member, number, form)], now)

    async def _export_state(self, _conn: AsyncConnection, _newsroom_id: int, body: dict[str, Any]) -> Any:
        return [body["number"], body["form"]]

    async def _export_allowed(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        await self._hand_out(conn, first, act.body["number"], str(act.body["form"]))

    async def _offered(
        self, conn: AsyncConnection, member: Member, farm: Farm, people: Sequence[Membership]
    ) -> list[tuple[int, str, int]]:
        """Accounts that are suggested for a farm, the surest first: id, label, percent; only for who decides."""
        if not decides(member):
            return []
        inside = {each.account_id for each in people}
        suggested = await farm_links.suggested(conn, member.newsroom_id)
        mine = {a: sure for a, (farm_id, sure) in suggested.items() if farm_id == farm.id and a not in inside}
        labels = await farms.labels(conn, member.newsroom_id, mine)
        ranked = sorted(mine.items(), key=lambda item: (-item[1], item[0]))
        return [(account, labels[account], sure) for account, sure in ranked if account in labels]

    async def _switches(
        self, conn: AsyncConnection, member: Member, here: set[int], keys: dict[str, int]
    ) -> tuple[SwitchFacts, ...]:
        """The changes of sides in which at least two accounts took part, with words before and after."""
        found: dict[tuple[str, str], list[farm_links.NewSwitch]] = {}
        for each in await farm_links.switches(conn, member.newsroom_id):
            if each.account_id in here:
                found.setdefault((each.turned_on, each.turned_to), []).append(each)
        facts = []
        for (on, to), moved in sorted(found.items(), key=lambda item: -len(item[1])):
            if len(moved) < 2:
                continue
            first, middle, last = moved[0], moved[len(moved) // 2], moved[-1]
            who = {switch.account_id for switch in moved}
            mine = {key for key, account in keys.items() if account in who}
            facts.append(
                SwitchFacts(
                    at=middle.at,
                    earliest=first.at,
                    latest=last.at,
                    accounts=len(moved),
                    turned_on=on,
                    turned_to=to,
                    before=await self._quotes(conn, member, mine, keys, (first.at - _QUOTED_DAYS, first.at)),
                    after=await self._quotes(conn, member, mine, keys, (last.at, last.at + _QUOTED_DAYS)),
                )
            )
        return tuple(facts[:3])

    async def _quotes(
        self,
        conn: AsyncConnection,
        member: Member,
        mine: set[str],
        keys: dict[str, int],
        span: _Span,
    ) -> tuple[Quote, ...]:
        rows = await farm_activity.quotes(conn, member.newsroom_id, mine, span, 2)
        labels = await farms.labels(conn, member.newsroom_id, {keys[key] for key, _, _ in rows})
        return tuple(Quote(account=labels[keys[key]], text=text, at=at) for key, text, at in rows)

    async def _admit(self, conn: AsyncConnection, member: Member, link: LinkLine) -> None:
        """Both accounts of a link that was accepted belong to its farm."""
        number = _number_of(link.farm)
        farm = await farms.by_number(conn, member.newsroom_id, number) if number is not None else None
        if farm is None:
            return
        suggested = await farm_links.suggested(conn, member.newsroom_id)
        sure = max((suggested[a][1] for a in (link.account_id, link.other_id) if a in suggested), default=_BY_HAND)
        ordered = sorted(link.weights, key=lambda kind: (-link.weights[kind], EVIDENCE.index(kind)))
        # Codes: whoever reads the card has them in their own language.
        reason = "links:" + ",".join(f"{kind}={link.weights[kind]:g}" for kind in ordered)
        await self._join(conn, member, farm, [link.account_id, link.other_id], reason, sure, "links")

    async def _join(
        self,
        conn: AsyncConnection,
        member: Member,
        farm: Farm,
        account_ids: Sequence[int],
        reason: str,
        confidence: int,
        source: str,
    ) -> None:
        now = self._clock()
        await members.lock_newsroom(conn, member.newsroom_id)
        there = {a.id for a in await accounts.by_ids(conn, member.newsroom_id, account_ids)}
        new = await farms.join(
            conn,
            member.newsroom_id,
            farm.id,
            [each for each in account_ids if each in there],
            reason=reason,
            confidence=confidence,
            source=source,
            member_id=member.id,
            now=now,
        )
        await farm_links.drop_suggestions(conn, member.newsroom_id, new)
        for account_id in new:
            told = {"account": account_id, "reason": reason, "confidence": confidence}
            await history.note(conn, member.newsroom_id, member.id, ("farm", farm.id), "joined", now, **told)


def decides(member: Member) -> bool:
    """Whether suggestions are for this member's eyes."""
    return member.may(Right.DECIDE_FARMS)


async def known_farm(conn: AsyncConnection, member: Member, number: int) -> Farm:
    """F-number. Raises Refusal when there is none that the member may see: one that is only suggested is not there."""
    farm = await farms.by_number(conn, member.newsroom_id, number)
    if farm is None:
        raise Refusal("farm_unknown")
    if not decides(member) and not await farms.members_of(conn, member.newsroom_id, farm.id, 1):
        raise Refusal("farm_unknown")
    return farm


def _without_offers(line: FarmLine) -> FarmLine:
    return FarmLine(farm=line.farm, members=line.members, gone=line.gone, suggested=0)


def _number_of(label: str | None) -> int | None:
    return int(label.removeprefix("F-")) if label else None


def _pages(posts: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Pages and groups under whose posts a farm comments, the commonest first."""
    counts: dict[str, int] = {}
    for post, times in posts:
        page = page_of(post) or post[:80]
        counts[page] = counts.get(page, 0) + times
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
