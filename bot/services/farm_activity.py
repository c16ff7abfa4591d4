"""Makes columns for the laboratory of what the archive knows of accounts: who, when, which text, under what."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.address import parted
from bot.model.farm import StanceSeen
from bot.storage import farm_activity
from detection.accounts.names import handle_key
from detection.coordination.activity import UNKNOWN, Activity, Comments, Photos, Stances

#: Where observations come from of whom accounts praised and attacked.
StanceSource = Callable[[AsyncConnection, int], Awaitable[Sequence[StanceSeen]]]

_ANSWERED = re.compile(r"@([\w.\-]{2,100})")
# First parts of an address that name no page.
_NO_PAGE = frozenset({"p", "reel", "reels", "watch", "video", "videos", "photo", "photo.php", "story.php", "share"})
_BEFORE_A_NAME = frozenset({"groups", "pages", "channel", "c", "user"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Gathered:
    """The columns, with the accounts' ids by index and the names of subjects by number."""

    activity: Activity
    account_ids: tuple[int, ...]
    subjects: tuple[str, ...]
    comments: int


@dataclass(slots=True)
class _Numbers:
    """Small numbers for whatever things there are."""

    known: dict[Any, int] = field(default_factory=dict)

    def of(self, thing: Any) -> int:
        return self.known.setdefault(thing, len(self.known))


async def gather(conn: AsyncConnection, newsroom_id: int, stances: StanceSource) -> Gathered:
    """Everything the archive knows, read piece by piece so that the event loop goes on between them."""
    listed = await farm_activity.listed(conn, newsroom_id)
    # What was merged is one account: its keys and photos are those of what it was merged into.
    heads = _Numbers()
    place_of = {row.id: heads.of(row.merged_into or row.id) for row in listed}
    authors = _Numbers()
    for row in listed:
        for key in farm_activity.author_keys(row.platform, row.handle_key, row.numeric_id):
            authors.known[key] = place_of[row.id]
    columns = _Columns(authors, len(heads.known))
    last = 0
    while piece := await farm_activity.comment_piece(conn, newsroom_id, last):
        columns.add(piece)
        last = piece[-1][0]
    photos = await _photos(conn, newsroom_id, place_of)
    seen = [each for each in await stances(conn, newsroom_id) if each.account_id in place_of]
    subjects = _Numbers()
    activity = Activity(
        accounts=columns.authors_known,
        listed=len(heads.known),
        comments=columns.comments(),
        photos=photos,
        stances=Stances(
            account=_column(place_of[each.account_id] for each in seen),
            at=_column(int(each.at.timestamp()) for each in seen),
            subject=_column(subjects.of(each.subject) for each in seen),
            polarity=_column(each.polarity for each in seen),
        ),
    )
    return Gathered(
        activity=activity,
        account_ids=tuple(heads.known),
        subjects=tuple(subjects.known),
        comments=len(activity.comments.at),
    )


def page_of(post: str) -> str | None:
    """The page or group under which a post stands, as far as its address says."""
    parts = parted(post)
    ways = [each for each in parts.path.split("/") if each]
    if not parts.netloc or not ways:
        return None
    first = ways[0].lower()
    if first in _NO_PAGE:
        return None
    if first in _BEFORE_A_NAME:
        return f"{parts.netloc}/{first}/{ways[1].lower()}" if len(ways) > 1 else None
    return f"{parts.netloc}/{first}"


class _Columns:
    """Comments as they come, in columns."""

    def __init__(self, authors: _Numbers, listed: int) -> None:
        self._authors = authors
        self._listed = listed
        # An account may have two keys: numbers of the crowd begin behind the listed ones whatever their keys.
        self._next = listed
        self._texts, self._posts, self._targets = _Numbers(), _Numbers(), _Numbers()
        self._rows: list[list[int]] = [[] for _ in range(6)]
        self._answers: list[tuple[int, str]] = []
        self._pieces: list[tuple[np.ndarray[Any, np.dtype[np.int64]], ...]] = []

    @property
    def authors_known(self) -> int:
        """How many authors there are, the listed ones among them."""
        return self._next

    def add(self, piece: Sequence[Any]) -> None:
        """Take in some rows."""
        rows: list[list[int]] = [[] for _ in range(6)]
        for _, author, at, text, post, target_id, words in piece:
            target = target_id if target_id is not None else page_of(post) if post else None
            values = (
                self._author(author),
                int(at.timestamp()) if at is not None else UNKNOWN,
                self._texts.of(text) if text else UNKNOWN,
                self._posts.of(post) if post else UNKNOWN,
                self._targets.of(target) if target is not None else UNKNOWN,
                self._answered(author, words),
            )
            for column, value in zip(rows, values, strict=True):
                column.append(value)
        self._pieces.append(tuple(np.array(column, dtype=np.int64) for column in rows))

    def comments(self) -> Comments:
        """All of them."""
        empty = np.empty(0, dtype=np.int64)
        columns = [np.concatenate([empty, *column]) for column in zip(*self._pieces, strict=True)] or [empty] * 6
        account, at, text, post, target, reply_to = columns
        return Comments(account=account, at=at, text=text, post=post, target=target, reply_to=reply_to)

    def _author(self, key: str) -> int:
        place = self._authors.known.get(key)
        if place is None:
            place = self._authors.known[key] = self._next
            self._next += 1
        return place

    def _answered(self, key: str, words: str | None) -> int:
        found = _ANSWERED.match(words) if words else None
        if found is None:
            return UNKNOWN
        platform = key.partition(":")[0]
        name = f"{platform}:{handle_key('other', found.group(1))}"
        # Only whom we know: a name in a text makes no author.
        return self._authors.known.get(name, UNKNOWN)


async def _photos(conn: AsyncConnection, newsroom_id: int, place_of: dict[int, int]) -> Photos:
    uses = [(account, sha) for account, sha in await farm_activity.photo_uses(conn, newsroom_id) if account in place_of]
    first = _first_of(await farm_activity.same_pictures(conn, newsroom_id))
    numbers = _Numbers()
    return Photos(
        account=_column(place_of[account] for account, _ in uses),
        photo=_column(numbers.of(first(sha)) for _, sha in uses),
    )


def _first_of(pairs: Iterable[tuple[str, str]]) -> Callable[[str], str]:
    """For each picture one of those that are the same photo: the same one for all of them."""
    parent: dict[str, str] = {}

    def root(sha: str) -> str:
        while parent.get(sha, sha) != sha:
            sha = parent[sha]
        return sha

    for one, other in pairs:
        parent[root(one)] = root(other)
    return root


def _column(values: Iterable[int]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.fromiter(values, dtype=np.int64)
