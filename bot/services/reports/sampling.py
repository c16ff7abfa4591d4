"""Which posts are coded, and how long after they were posted their interactions were read: what every footnote says."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from statistics import median

from bot.model.codebook import Codebook
from bot.model.post import PostFigures
from bot.model.report import Pair, Sampling
from bot.services.reports.final_codes import FinalCodes

_DAY = 86_400


def sample(posts: Sequence[PostFigures], book: Codebook) -> list[PostFigures]:
    """The posts of one window that are to be coded.

    Of each category in `book.sampled` the first `book.top` by interactions, views deciding between equals, then the
    earlier one; of all others every post.
    """
    many: defaultdict[str, list[PostFigures]] = defaultdict(list)
    chosen = [post for post in posts if post.category not in book.sampled]
    for post in posts:
        if post.category in book.sampled:
            many[post.category].append(post)
    for group in many.values():
        group.sort(key=lambda post: (-post.interactions, -post.views, post.posted_at, post.id))
        chosen += group[: book.top]
    return chosen


def sampling(
    now: Sequence[PostFigures], before: Sequence[PostFigures], codes: Mapping[int, FinalCodes], book: Codebook
) -> Sampling:
    """The footnote of a report on these posts."""
    samples = (sample(now, book), sample(before, book))
    delays = (_delays(now), _delays(before))
    undated = [sum(post.captured_at is None for post in posts) for posts in (now, before)]
    early = [sum(delay < book.settled for delay in each) for each in delays]
    coded = [sum(codes.get(post.id, FinalCodes()).is_coded for post in each) for each in samples]
    still_open = [sum(codes.get(post.id, FinalCodes()).is_open for post in each) for each in samples]
    return Sampling(
        top=book.top,
        sampled=book.sampled,
        settled=book.settled,
        posts=Pair(now=len(now), before=len(before)),
        to_code=_pair([len(each) for each in samples]),
        coded=_pair(coded),
        open=_pair(still_open),
        early=_pair(early),
        undated=_pair(undated),
        **_delay_figures(delays),
    )


def _delay_figures(delays: tuple[Sequence[float], Sequence[float]]) -> dict[str, Pair]:
    # With captures in one window only there is nothing to set side by side but an invented nought.
    if not all(delays):
        return {}
    return {
        "delay_median": _pair([median(each) for each in delays]),
        "delay_shortest": _pair([min(each) for each in delays]),
        "delay_longest": _pair([max(each) for each in delays]),
    }


def _delays(posts: Collection[PostFigures]) -> list[float]:
    """Days from posting to capture."""
    return [
        max(0.0, (post.captured_at - post.posted_at).total_seconds() / _DAY)
        for post in posts
        if post.captured_at is not None
    ]


def _pair(values: Sequence[float]) -> Pair:
    return Pair(now=values[0], before=values[1])
