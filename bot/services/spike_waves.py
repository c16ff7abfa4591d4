"""What a rise is made of: joins series that rose with the same comments, and says who, what and since what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import parse_qs

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.address import parted
from bot.model.spike import Makeup, Series, SeriesKind, Story, Trigger, TriggerKind, WatchWindow
from bot.services.spike_scanning import Risen
from bot.storage import comments, spike_waves, watch_windows
from bot.storage.spike_waves import WaveComment
from bot.storage.spikes import NewSpike

#: Share of the smaller one's comments that two series have in common when they are one wave.
_SAME_WAVE: Final = 0.5
#: Share of a wave that stands under an own story, or comes from a farm, when it is said so.
_UNDER_STORY: Final = 0.2
_OF_FARM: Final = 0.25
_MOST_CAMPAIGNS: Final = 3
#: A wave may begin so long after a story, or after the end of a window, and still be bound to it.
STORY_FOR: Final = timedelta(hours=24)
_AFTER_WINDOW: Final = timedelta(hours=6)
#: Who is attacked says more than where. A great wave brings many small campaigns: they are parts of it, not waves of
#: their own, so they come last.
ORDER: Final = (SeriesKind.TARGET, SeriesKind.FARM, SeriesKind.PLATFORM, SeriesKind.CAMPAIGN)
#: What an address says beside its path of which post it is.
_TELLING: Final = ("v", "story_fbid", "id", "fbid")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wave:
    """Series that rose together, the most telling first, with the comments of that one."""

    risen: tuple[Risen, ...]
    comments: Sequence[WaveComment]
    #: The comments of all of them.
    ids: frozenset[int]

    @property
    def main(self) -> Risen:
        """The series after which it is called."""
        return self.risen[0]

    @property
    def series(self) -> set[Series]:
        """All of them."""
        return {each.series for each in self.risen}


@dataclass(frozen=True, kw_only=True, slots=True)
class Triggers:
    """Windows and stories of these days."""

    windows: Sequence[WatchWindow]
    stories: Sequence[Story]

    def is_watched(self, series: Series, now: datetime) -> bool:
        """Whether a smaller rise of a series is enough now: its window is on, or one of everything."""
        return any(
            w.starts <= now < w.ends and (w.staff_id is None or series.key == f"target:{w.staff_id}")
            for w in self.windows
        )


async def triggers(conn: AsyncConnection, newsroom_id: int, now: datetime) -> Triggers:
    """What waves of now can be bound to."""
    windows = await watch_windows.windows(conn, newsroom_id, now - timedelta(days=4))
    stories = await watch_windows.stories(conn, newsroom_id, now - timedelta(days=14), 100)
    return Triggers(windows=[each for each in windows if each.starts <= now], stories=stories)


async def join(conn: AsyncConnection, newsroom_id: int, risen: Sequence[Risen], now: datetime) -> list[Wave]:
    """The waves that these series are: overlapping ones are one."""
    end = now + timedelta(hours=1)
    made: list[Wave] = []
    for each in sorted(risen, key=lambda r: (ORDER.index(r.series.kind), -r.level, r.series)):
        start = min(each.started, now - timedelta(hours=each.window))
        found = await spike_waves.comments_of(conn, newsroom_id, each.series, start, end)
        ids = {comment.id for comment in found}
        for place, wave in enumerate(made):
            # Targets come first: two people who are attacked on one platform are two waves, its campaigns parts of one.
            if len(ids & wave.ids) >= _SAME_WAVE * min(len(ids), len(wave.ids)):
                made[place] = Wave(risen=(*wave.risen, each), comments=wave.comments, ids=wave.ids | ids)
                break
        else:
            made.append(Wave(risen=(each,), comments=found, ids=frozenset(ids)))
    return made


async def told(conn: AsyncConnection, newsroom_id: int, wave: Wave, known: Triggers, now: datetime) -> NewSpike:
    """A wave in the figures that a message says."""
    names = await _names(conn, newsroom_id, [each.series for each in wave.risen])
    main = wave.main
    authors = {comment.author_key for comment in wave.comments if comment.author_key}
    farms = await spike_waves.farms_of(conn, newsroom_id, authors)
    fakes = await comments.fakes_among(conn, newsroom_id, authors) | farms.keys()
    watched = known.is_watched(main.series, now)
    usual = main.usual
    if watched and main.same_hours is not None:
        usual = max(usual, main.same_hours)
    return NewSpike(
        series=main.series,
        name=names[main.series],
        joined=tuple((each.series, names[each.series]) for each in wave.risen[1:]),
        started=main.started,
        window=main.window,
        count=main.count,
        usual=round(usual, 2),
        makeup=_makeup(wave.comments, fakes),
        campaigns=await _campaigns(conn, newsroom_id, wave.comments),
        farm=_farm(wave.comments, farms),
        trigger=_trigger(wave, known, now),
    )


async def _names(conn: AsyncConnection, newsroom_id: int, series: Sequence[Series]) -> dict[Series, str]:
    def ids(kind: SeriesKind) -> list[int]:
        return [int(each.ref) for each in series if each.kind is kind]

    people = await spike_waves.staff_names(conn, newsroom_id, ids(SeriesKind.TARGET))
    campaigns = await spike_waves.campaign_names(conn, newsroom_id, ids(SeriesKind.CAMPAIGN))
    farms = await spike_waves.farm_labels(conn, newsroom_id, ids(SeriesKind.FARM))
    named: dict[Series, str] = {}
    for each in series:
        match each.kind:
            case SeriesKind.TARGET:
                named[each] = people.get(int(each.ref), each.ref)
            case SeriesKind.CAMPAIGN:
                named[each] = campaigns.get(int(each.ref), (each.ref, ""))[0]
            case SeriesKind.FARM:
                named[each] = farms.get(int(each.ref), each.ref)
            case SeriesKind.PLATFORM:
                named[each] = each.ref
    return named


def _makeup(found: Sequence[WaveComment], fakes: set[str]) -> Makeup:
    known = sum(comment.author_key in fakes for comment in found if comment.author_key)
    repeated = sum(comment.is_copy and comment.author_key not in fakes for comment in found)
    return Makeup(known=known, repeated=repeated, unfamiliar=len(found) - known - repeated)


async def _campaigns(
    conn: AsyncConnection, newsroom_id: int, found: Sequence[WaveComment]
) -> tuple[tuple[str, str, int], ...]:
    counted = Counter(comment.campaign_id for comment in found if comment.campaign_id is not None)
    top = counted.most_common(_MOST_CAMPAIGNS)
    names = await spike_waves.campaign_names(conn, newsroom_id, [campaign for campaign, _ in top])
    return tuple((*names[campaign], count) for campaign, count in top if campaign in names)


def _farm(found: Sequence[WaveComment], farms: Mapping[str, int]) -> str | None:
    counted = Counter(farms[key] for comment in found if (key := comment.author_key) is not None and key in farms)
    for number, count in counted.most_common(1):
        return f"F-{number}" if count >= _OF_FARM * len(found) else None
    return None


def _trigger(wave: Wave, known: Triggers, now: datetime) -> Trigger | None:
    """The story under which it stands, else a window that fits, else a story of the day before."""
    under = Counter(post_key(comment.post) for comment in wave.comments if comment.post)
    for story in known.stories:
        if under[post_key(story.link)] >= _UNDER_STORY * max(1, len(wave.comments)):
            return _story(story)
    began = wave.main.started
    for window in known.windows:
        fits = window.staff_id is None or f"target:{window.staff_id}" in {series.key for series in wave.series}
        if fits and window.starts - timedelta(hours=1) <= began <= window.ends + _AFTER_WINDOW:
            return Trigger(kind=TriggerKind.WATCH, number=window.number, title=window.title)
    for story in known.stories:
        if story.published - timedelta(hours=1) <= began <= story.published + STORY_FOR and story.published <= now:
            return _story(story)
    return None


def _story(story: Story) -> Trigger:
    return Trigger(kind=TriggerKind.STORY, number=story.number, title=story.title, link=story.link)


def post_key(link: str) -> str:
    """By what a post is known again however its address is written: without scheme, "www", "m" and tracking."""
    parts = parted(link.strip() if "//" in link else f"//{link.strip()}")
    host = parts.netloc.lower()
    for start in ("www.", "m.", "mobile."):
        host = host.removeprefix(start)
    query = parse_qs(parts.query)
    telling = "&".join(f"{name}={query[name][0]}" for name in _TELLING if name in query)
    return f"{host}{parts.path.rstrip('/')}{'?' if telling else ''}{telling}"[:500]
