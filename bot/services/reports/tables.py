"""The tables of a report, counted from posts: actors, categories, platforms, venues, topics, tone, days, top posts."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.model.post import PostFigures
from bot.model.report import DayLine, Line, Pair, ToneLine, TopPost, Window
from bot.services.reports.final_codes import FinalCodes

#: Posts of each window that are shown whole.
TOP: Final = 10
_TONES: Final = ("positive", "neutral", "negative")

Key = Callable[[PostFigures], str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Both:
    """The posts of both windows."""

    now: Sequence[PostFigures]
    before: Sequence[PostFigures]

    def only(self, keep: Callable[[PostFigures], bool]) -> "Both":
        """Those of them that are to be kept."""
        return Both(now=[post for post in self.now if keep(post)], before=[post for post in self.before if keep(post)])

    def sum(self, figure: Callable[[PostFigures], float]) -> Pair:
        """A figure, added up in each window."""
        return Pair(now=sum(map(figure, self.now)), before=sum(map(figure, self.before)))


def lines(both: Both, key: Key) -> tuple[Line, ...]:
    """A line for each key, the one with most interactions in either window first."""
    groups = _grouped(both, key)
    posts, interactions = both.sum(_one), both.sum(_interactions)
    found = [_line(name, group, posts, interactions) for name, group in groups.items()]
    return tuple(sorted(found, key=lambda line: (-_most(line.interactions), -_most(line.posts), line.key)))


def actor_lines(both: Both) -> tuple[Line, ...]:
    """The same of actors, each with its category."""
    categories = {post.actor: post.category for post in (*both.before, *both.now)}
    posts, interactions = both.sum(_one), both.sum(_interactions)
    found = [
        _line(name, group, posts, interactions, categories[name])
        for name, group in _grouped(both, lambda post: post.actor).items()
    ]
    return tuple(sorted(found, key=lambda line: (-_most(line.interactions), -_most(line.posts), line.key)))


def _line(name: str, group: Both, posts: Pair, interactions: Pair, category: str = "") -> Line:
    own_posts, own = group.sum(_one), group.sum(_interactions)
    return Line(
        key=name,
        posts=own_posts,
        interactions=own,
        views=group.sum(lambda post: post.views),
        posts_share=_parts(own_posts, posts),
        interactions_share=_parts(own, interactions),
        category=category,
    )


def tone(both: Both, codes: Mapping[int, FinalCodes], key: str = "") -> ToneLine:
    """How many of these posts are positive, neutral and negative."""

    def count(name: str) -> Pair:
        return both.sum(lambda post: codes.get(post.id, FinalCodes()).tone == name)

    positive, neutral, negative = (count(name) for name in _TONES)
    return ToneLine(key=key, positive=positive, neutral=neutral, negative=negative)


def tone_lines(both: Both, codes: Mapping[int, FinalCodes], key: Key) -> tuple[ToneLine, ...]:
    """The same for each key with coded posts, the most coded first."""
    coded = both.only(lambda post: codes.get(post.id, FinalCodes()).tone is not None)
    found = [tone(group, codes, name) for name, group in _grouped(coded, key).items()]
    return tuple(sorted(found, key=lambda line: (-_most(line.coded), line.key)))


def topic_lines(both: Both, codes: Mapping[int, FinalCodes]) -> tuple[Line, ...]:
    """A line for each topic of coded posts; shares are of coded posts."""
    coded = both.only(lambda post: codes.get(post.id, FinalCodes()).topic is not None)
    return lines(coded, lambda post: codes[post.id].topic or "")


def tone_by_topic(both: Both, codes: Mapping[int, FinalCodes]) -> tuple[ToneLine, ...]:
    """The tone of each topic."""
    coded = both.only(lambda post: codes.get(post.id, FinalCodes()).is_coded)
    return tone_lines(coded, codes, lambda post: codes[post.id].topic or "")


def day_lines(
    both: Both, windows: tuple[Window, Window], zone: ZoneInfo, comments: tuple[Sequence[int], Sequence[int]]
) -> tuple[DayLine, ...]:
    """The windows day by day beside each other; `comments` are those that Kalkan was sent, a number for each day."""
    counted = [_by_day(posts, which, zone) for posts, which in zip((both.now, both.before), windows, strict=True)]
    return tuple(
        DayLine(
            number=number,
            posts=Pair(now=counted[0][number][0], before=counted[1][number][0]),
            interactions=Pair(now=counted[0][number][1], before=counted[1][number][1]),
            comments=Pair(now=comments[0][number], before=comments[1][number]),
        )
        for number in range(windows[0].days)
    )


def _by_day(posts: Iterable[PostFigures], which: Window, zone: ZoneInfo) -> list[tuple[int, int]]:
    counts = [[0, 0] for _ in range(which.days)]
    for post in posts:
        number = (post.posted_at.astimezone(zone).date() - which.first).days
        counts[number][0] += 1
        counts[number][1] += post.interactions
    return [(posted, got) for posted, got in counts]


def top_figures(posts: Sequence[PostFigures], most: int = TOP) -> list[PostFigures]:
    """The posts of a window with most interactions."""
    return sorted(posts, key=lambda post: (-post.interactions, -post.views, post.posted_at, post.id))[:most]


def top_posts(
    both: Both, words: Mapping[int, tuple[str, str]], codes: Mapping[int, FinalCodes], most: int = TOP
) -> tuple[TopPost, ...]:
    """The posts of each window with most interactions, with their words."""
    found = []
    for is_now, posts in ((True, both.now), (False, both.before)):
        for rank, post in enumerate(top_figures(posts, most), start=1):
            text, link = words.get(post.id, ("", ""))
            final = codes.get(post.id, FinalCodes())
            found.append(
                TopPost(
                    is_now=is_now,
                    rank=rank,
                    actor=post.actor,
                    category=post.category,
                    platform=post.platform,
                    venue=post.venue,
                    at=post.posted_at,
                    text=text,
                    link=link,
                    reactions=post.reactions,
                    comments=post.comments,
                    shares=post.shares,
                    views=post.views,
                    tone=final.tone or "",
                    topic=final.topic or "",
                )
            )
    return tuple(found)


def _grouped(both: Both, key: Key) -> dict[str, Both]:
    now: defaultdict[str, list[PostFigures]] = defaultdict(list)
    before: defaultdict[str, list[PostFigures]] = defaultdict(list)
    for groups, posts in ((now, both.now), (before, both.before)):
        for post in posts:
            groups[key(post)].append(post)
    return {name: Both(now=now[name], before=before[name]) for name in {**now, **before}}


def _parts(part: Pair, whole: Pair) -> Pair:
    return Pair(
        now=part.now / whole.now if whole.now else 0.0, before=part.before / whole.before if whole.before else 0.0
    )


def _most(pair: Pair) -> float:
    return max(pair.now, pair.before)


def _one(_post: PostFigures) -> float:
    return 1


def _interactions(post: PostFigures) -> float:
    return post.interactions
