"""What is known of everything that stands on a screenshot: each comment's text and author, the profile's account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.model.newsroom import Newsroom
from bot.model.screen import ReadComment, ReadProfile, ReadScreen
from bot.model.verdict import AccountFound, Finding
from bot.services.findings import Author, Findings, TextOutcome, TextQuery, author_key
from bot.storage import screens
from bot.storage.comments import NewComment
from bot.storage.screens import Picture
from bot.storage.store import Store
from detection.accounts.platforms import PROFILES
from detection.screenshot.times import read_time
from detection.threats import StaffName

# Copies that are kept as examples for each comment: the pages of copies look the rest up.
_MOST_COPIES: Final = 3
_LANGUAGES: Final = ("ru", "ky", "en")
# By what was read no account is certain: letters look alike. Of what was read with difficulty it is a question.
_READ: Final = {"certain": "near_certain"}
_READ_BADLY: Final = {"certain": "possible", "near_certain": "possible"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A screen with what was found of it, and by number the forms by which its comments will be found again."""

    screen: ReadScreen
    outcomes: Mapping[int, TextOutcome]


class ScreenFindings:
    """Asks the detectors and the archive about what was read."""

    def __init__(
        self, store: Store, findings: Findings, newsroom_id: int, extra_staff: tuple[StaffName, ...] = ()
    ) -> None:
        self._store = store
        self._findings = findings
        self._extra_staff = extra_staff
        self._newsroom_id = newsroom_id

    async def check(self, screen: ReadScreen, picture: Picture, newsroom: Newsroom) -> Checked:
        """The screen with its moments and findings."""
        languages = tuple(dict.fromkeys([*(each for each in _LANGUAGES if each == screen.language), *_LANGUAGES]))
        zone = ZoneInfo(newsroom.zone)
        dated = [_dated(comment, picture.sent_at, zone, languages) for comment in screen.comments]
        checked = await self.check_comments(screen, [each for each in dated if each.counts], picture)
        found = {each.number: each for each in checked.screen.comments}
        comments = tuple(found.get(each.number, each) for each in dated)
        profile = await self.check_profile(screen.profile, screen) if screen.profile is not None else None
        return replace(checked, screen=replace(screen, comments=comments, profile=profile))

    async def check_comments(self, screen: ReadScreen, comments: Sequence[ReadComment], picture: Picture) -> Checked:
        """The screen with these comments alone, checked."""
        queries = [
            TextQuery(text=each.text, author=author_of(screen, each), skip=picture.submission_id) for each in comments
        ]
        outcomes = await self._findings.texts(queries, self._extra_staff) if queries else []
        known = await self._known(queries, comments, outcomes)
        again = [place for place, posted_at in enumerate(known) if posted_at is not None]
        if again:
            # What is stored is this comment itself, forwarded or on another screenshot: it is no copy of itself.
            asked = [replace(queries[place], said_at=known[place]) for place in again]
            for place, outcome in zip(again, await self._findings.texts(asked, self._extra_staff), strict=True):
                outcomes[place] = outcome
        found = tuple(
            replace(each, finding=_finding(outcome, each), posted_at=posted_at or each.moment)
            for each, outcome, posted_at in zip(comments, outcomes, known, strict=True)
        )
        by_number = {each.number: outcome for each, outcome in zip(comments, outcomes, strict=True)}
        return Checked(screen=replace(screen, comments=found), outcomes=by_number)

    async def check_profile(self, profile: ReadProfile, screen: ReadScreen) -> ReadProfile:
        """The profile with the listed accounts that it is, or may be."""
        author = Author(platform=_platform(screen), handle=profile.handle, name=profile.name or None)
        (outcome,) = await self._findings.texts([TextQuery(text="", author=author)])
        return replace(profile, finding=Finding(accounts=_as_read(outcome.finding.accounts, profile)))

    async def _known(
        self, queries: Sequence[TextQuery], comments: Sequence[ReadComment], outcomes: Sequence[TextOutcome]
    ) -> list[datetime | None]:
        """When each was posted, as far as the same comment is stored."""
        known: list[datetime | None] = []
        async with self._store.read() as conn:
            for query, each, outcome in zip(queries, comments, outcomes, strict=True):
                author, posted_at = author_key(query.author), None
                if author is not None and outcome.text_key and each.earliest is not None and each.latest is not None:
                    span = (each.earliest, each.latest)
                    posted_at = await screens.posted_alike(conn, self._newsroom_id, author, outcome.text_key, span)
                known.append(posted_at)
        return known


def author_of(screen: ReadScreen, comment: ReadComment) -> Author:
    """Who wrote a comment of a screenshot; most applications show nothing but a name."""
    platform = _platform(screen) or ("other" if comment.handle else None)
    return Author(platform=platform, handle=comment.handle, name=comment.author or None)


def comment_of(
    newsroom_id: int, picture: Picture, screen: ReadScreen, comment: ReadComment, outcome: TextOutcome
) -> NewComment:
    """The comment of the case that a comment of its screenshot is."""
    author = author_of(screen, comment)
    return NewComment(
        newsroom_id=newsroom_id,
        text=comment.text,
        words=outcome.words,
        text_key=outcome.text_key,
        prints=outcome.prints,
        source=source_of(picture, comment.number),
        submission_id=picture.submission_id,
        part_id=picture.part_id,
        platform=author.platform,
        handle=author.handle,
        author=author.name,
        author_key=author_key(author),
        posted_at=comment.posted_at,
    )


def source_of(picture: Picture, number: int) -> str:
    """Where a comment comes from: the message with the screenshot, and its number on it."""
    return f"{picture.source}#{number}"


def _platform(screen: ReadScreen) -> str | None:
    """The platform, if accounts can be listed of it."""
    return screen.platform if screen.platform in PROFILES else None


def _dated(comment: ReadComment, seen: datetime, zone: ZoneInfo, languages: tuple[str, ...]) -> ReadComment:
    shown = read_time(comment.time, seen, zone=zone, languages=languages) if comment.time else None
    return comment if shown is None else replace(comment, earliest=shown.earliest, latest=shown.latest)


def _finding(outcome: TextOutcome, comment: ReadComment) -> Finding:
    found = outcome.finding
    # A link that was read letter by letter names nobody: one wrong letter is another account.
    return replace(found, accounts=_as_read(found.accounts, comment), copies=found.copies[:_MOST_COPIES], links=())


def _as_read(found: tuple[AccountFound, ...], read: ReadComment | ReadProfile) -> tuple[AccountFound, ...]:
    if read.corrected:
        return found
    weaker = _READ_BADLY if read.unsure else _READ
    return tuple(replace(each, strength=weaker.get(each.strength, each.strength)) for each in found)
