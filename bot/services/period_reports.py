"""Reports over a period: puts together what plain functions count of posts, codings, ads and Kalkan's own archive."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.codebook import codebook
from bot.model.ids import new_id
from bot.model.newsroom import Member, Newsroom
from bot.model.post import AdEntry, Coding, PostFigures
from bot.model.report import Presence, Report, Window
from bot.model.spike import SpikeStatus
from bot.services import notices
from bot.services.account_standing import standings
from bot.services.reports import tables
from bot.services.reports.ads import ad_lines
from bot.services.reports.agreement import agreement
from bot.services.reports.final_codes import WHATS, final_codes, pairs
from bot.services.reports.own import OwnCounts, by_day, fake_figures, own_figures
from bot.services.reports.sampling import sample, sampling
from bot.services.reports.tables import Both
from bot.services.reports.windows import moments, read_windows
from bot.services.stage import Stage
from bot.storage import ads, history, newsrooms, outbox, post_codings, posts, report_figures, report_orders, spikes
from bot.storage.report_figures import Span
from bot.storage.store import Store

_GROUPS = "groups"


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """All that a report is made of, as the archive has it."""

    newsroom: Newsroom
    windows: tuple[Window, Window]
    posts: Both
    codings: Mapping[int, Sequence[Coding]]
    presences: Sequence[tuple[str, str, str, bool]]
    words: Mapping[int, tuple[str, str]]
    ads: Sequence[AdEntry]
    own: tuple[OwnCounts, OwnCounts]
    status_of: Mapping[str, str]


class PeriodReports:
    """Makes reports of one newsroom's archive. Raises Refusal for windows that do not fit."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def order(self, stage: Stage, member: Member, words: str) -> None:
        """Compare the windows that somebody typed. Raises Refusal when they cannot be read or are not equal."""
        windows = read_windows(words)
        order_id = new_id()

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await report_orders.add(conn, member.newsroom_id, order_id, member.id, windows, now)
            await outbox.put(conn, [notices.reply(member, "report", order=order_id)], now)

        stage.stage_once(act)

    async def windows(self, newsroom_id: int, order_id: int) -> tuple[Window, Window]:
        """The windows of an order. Raises Refusal for one that there is not."""
        async with self._store.read() as conn:
            found = await report_orders.get(conn, newsroom_id, order_id)
        if found is None:
            raise Refusal("report_forgotten")
        return found

    async def ordered(self, member: Member, order_id: int) -> Report:
        """The report of an order, as things are now. Raises Refusal."""
        return await self.make(member.newsroom_id, *await self.windows(member.newsroom_id, order_id))

    def note_export(self, stage: Stage, member: Member, order_id: int, form: str) -> None:
        """Keep that somebody took a report out as a file."""

        async def act(conn: AsyncConnection) -> None:
            subject = ("report", order_id)
            now = self._clock()
            await history.note_export(conn, member.newsroom_id, member.id, subject, "report_out", now, form=form)

        stage.stage_once(act)

    async def make(self, newsroom_id: int, now: Window, before: Window) -> Report:
        """Count both windows. What takes long is done in a thread, apart from the event loop."""
        async with self._store.read() as conn:
            material = await self._material(conn, newsroom_id, (now, before))
        return await asyncio.to_thread(report_of, material, self._clock())

    async def _material(self, conn: AsyncConnection, newsroom_id: int, windows: tuple[Window, Window]) -> Material:
        newsroom = await newsrooms.get(conn, newsroom_id)
        spans = [moments(which, ZoneInfo(newsroom.zone)) for which in windows]
        found = [await posts.between(conn, newsroom_id, *span) for span in spans]
        codings: dict[int, list[Coding]] = {}
        for coding in await post_codings.of_posts(conn, newsroom_id, [post.id for each in found for post in each]):
            codings.setdefault(coding.post_id, []).append(coding)
        shown = [post.id for each in found for post in tables.top_figures(each)]
        alone = {i for i, each in (await standings(conn, newsroom_id, self._clock())).items() if not each.counts}
        days = (min(each.first for each in windows), max(each.last for each in windows))
        return Material(
            newsroom=newsroom,
            windows=windows,
            posts=Both(now=found[0], before=found[1]),
            codings=codings,
            presences=await posts.presences(conn, newsroom_id),
            words=await posts.words_of(conn, newsroom_id, shown),
            ads=await ads.overlapping(conn, newsroom_id, *days),
            own=(await _own(conn, newsroom_id, spans[0]), await _own(conn, newsroom_id, spans[1])),
            status_of=await report_figures.known_fakes(conn, newsroom_id, alone),
        )


async def _own(conn: AsyncConnection, newsroom_id: int, span: Span) -> OwnCounts:
    begun = [each for each in await spikes.between(conn, newsroom_id, *span) if each.started >= span[0]]
    return OwnCounts(
        spikes=sum(each.status is not SpikeStatus.FALSE for each in begun),
        cases=await report_figures.cases(conn, newsroom_id, span),
        threats=await report_figures.threats_seen(conn, newsroom_id, span),
        removed=await report_figures.removed(conn, newsroom_id, span),
        authors=await report_figures.authors(conn, newsroom_id, span),
        minutes=await report_figures.by_minute(conn, newsroom_id, span),
        campaigns=await report_figures.campaigns_in(conn, newsroom_id, span),
        targets=await report_figures.targets_in(conn, newsroom_id, span),
    )


def report_of(found: Material, made_at: datetime) -> Report:
    """The report of this material. Pure; takes seconds for some hundred thousand posts."""
    book, zone = codebook(), ZoneInfo(found.newsroom.zone)
    both = found.posts
    codes = {post_id: final_codes(each) for post_id, each in found.codings.items()}
    drawn = Both(now=sample(both.now, book), before=sample(both.before, book))
    apart = both.only(_is_no_group)
    own_days = [by_day(own.minutes, which, zone) for own, which in zip(found.own, found.windows, strict=True)]
    in_sample = {post.id for post in (*drawn.now, *drawn.before)}
    double = {post_id: each for post_id, each in found.codings.items() if post_id in in_sample}
    return Report(
        now=found.windows[0],
        before=found.windows[1],
        zone=found.newsroom.zone,
        made_at=made_at,
        newsroom=found.newsroom.name,
        sampling=sampling(both.now, both.before, codes, book),
        posts=both.sum(lambda _: 1),
        reactions=both.sum(lambda post: post.reactions),
        comments=both.sum(lambda post: post.comments),
        shares=both.sum(lambda post: post.shares),
        views=both.sum(lambda post: post.views),
        posts_without_groups=apart.sum(lambda _: 1),
        interactions_without_groups=apart.sum(lambda post: post.interactions),
        days=tables.day_lines(both, found.windows, zone, (own_days[0], own_days[1])),
        categories=tables.lines(both, lambda post: post.category),
        actors=tables.actor_lines(both),
        platforms=tables.lines(both, lambda post: post.platform),
        venues=tables.lines(both, lambda post: post.venue),
        topics=tables.topic_lines(drawn, codes),
        tone=tables.tone(drawn, codes),
        tone_without_groups=tables.tone(drawn.only(_is_no_group), codes),
        tone_by_category=tables.tone_lines(drawn, codes, lambda post: post.category),
        tone_by_actor=tables.tone_lines(drawn, codes, lambda post: post.actor),
        tone_by_platform=tables.tone_lines(drawn, codes, lambda post: post.platform),
        tone_by_venue=tables.tone_lines(drawn, codes, lambda post: post.venue),
        tone_by_topic=tables.tone_by_topic(drawn, codes),
        presence=_presence(found.presences, both),
        top_posts=tables.top_posts(both, found.words, codes),
        fakes=fake_figures(found.own[0].authors, found.own[1].authors, found.status_of),
        own=own_figures(*found.own),
        ads=ad_lines(found.ads, *found.windows),
        agreement=tuple(agreement(what, said) for what in WHATS if (said := pairs(double, what))),
    )


def _is_no_group(post: PostFigures) -> bool:
    return post.category != _GROUPS


def _presence(told: Sequence[tuple[str, str, str, bool]], both: Both) -> tuple[Presence, ...]:
    """Where actors are: as a file said, and wherever they posted."""
    categories: dict[str, str] = {}
    here: dict[tuple[str, str], bool] = {}
    for actor, category, platform, is_present in told:
        categories[actor] = category
        here[actor, platform] = is_present
    for post in (*both.before, *both.now):
        categories[post.actor] = post.category
        here[post.actor, post.platform] = True
    return tuple(
        Presence(
            actor=actor,
            category=category,
            present=tuple(sorted(where for (who, where), is_there in here.items() if who == actor and is_there)),
            absent=tuple(sorted(where for (who, where), is_there in here.items() if who == actor and not is_there)),
        )
        for actor, category in sorted(categories.items(), key=lambda item: (item[1], item[0]))
    )
