"""Copies of a text, counted and paged."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.comment import CommentFacts
from bot.model.text import Difference


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyCount:
    """Seen 14 times from 9 accounts (6 known fakes) since Tue 6 Oct; first by @… under …."""

    times: int = 0
    accounts: int = 0
    fakes: int = 0
    since: datetime | None = None
    #: The earliest comment: who, and under which post.
    first_account: str | None = None
    first_post: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyLine:
    """One copy on a page: the comment, its tier, whether its account is a confirmed fake, and what differs."""

    comment: CommentFacts
    number: int
    tier: str
    is_fake: bool
    difference: Difference


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyPage:
    """A page of copies, newest first."""

    label: str
    text: str
    count: CopyCount
    lines: tuple[CopyLine, ...]
    page: int
    pages: int
    campaign: str | None
