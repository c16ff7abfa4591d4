"""What the threat log keeps of each thing in which a threat is found: a message, a comment on a screenshot, a part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.model.screen import ReadComment, ReadScreen
from bot.model.submission import Incoming, Part
from bot.model.threat import Channel
from bot.model.verdict import Finding, ThreatFound
from bot.services.findings import Author, TextOutcome, author_key
from bot.storage.comments import NewComment
from bot.storage.threats import NewThreat


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a threat was found: a part of a submission, and who sent it."""

    newsroom_id: int
    submission_id: int
    part_id: int
    reporter_id: int | None


def in_message(
    place: Place, incoming: Incoming, author: Author, outcome: TextOutcome | None, found: ThreatFound
) -> NewThreat:
    """A threat in the words of a message."""
    return NewThreat(
        newsroom_id=place.newsroom_id,
        submission_id=place.submission_id,
        part_id=place.part_id,
        finding=found,
        text=incoming.text,
        words=outcome.words if outcome is not None else "",
        text_key=outcome.text_key if outcome is not None else 0,
        platform=author.platform,
        account=account_of(author),
        author_key=author_key(author),
        link=incoming.origin.post,
        reporter_id=place.reporter_id,
        posted_at=incoming.origin.sent_at,
        campaign=campaign_of(outcome.finding) if outcome is not None else None,
    )


def in_comment(
    place: Place, screen: ReadScreen, comment: ReadComment, row: NewComment, found: ThreatFound
) -> NewThreat:
    """A threat in a comment on a screenshot; `row` is the comment as it is stored."""
    author = Author(platform=row.platform, handle=row.handle, name=row.author)
    return NewThreat(
        newsroom_id=place.newsroom_id,
        submission_id=place.submission_id,
        part_id=place.part_id,
        # The message itself has place 0.
        place=comment.number + 1,
        finding=found,
        text=row.text,
        words=row.words,
        text_key=row.text_key,
        channel=Channel.COMMENT.value,
        platform=screen.platform or row.platform,
        account=account_of(author),
        author_key=row.author_key,
        reporter_id=place.reporter_id,
        posted_at=comment.posted_at,
        campaign=campaign_of(comment.finding),
    )


def in_part(place: Place, part: Part, told: Mapping[str, Any] | None, found: ThreatFound) -> NewThreat:
    """A threat that a person sees in a part; `told` is the comment stored of it, if it holds one."""
    threat = NewThreat(
        newsroom_id=place.newsroom_id,
        submission_id=place.submission_id,
        part_id=place.part_id,
        finding=found,
        text=part.text,
        link=part.origin.post,
        account=account_of(Author(platform="telegram", handle=part.origin.handle, name=part.origin.name)),
        reporter_id=place.reporter_id,
        posted_at=part.origin.sent_at,
        campaign=campaign_of(part.finding) if part.finding is not None else None,
    )
    if told is None:
        return threat
    author = Author(platform=told["platform"], handle=told["handle"], name=told["author"])
    return NewThreat(
        newsroom_id=place.newsroom_id,
        submission_id=place.submission_id,
        part_id=place.part_id,
        finding=found,
        text=told["text"],
        words=told["words"],
        text_key=told["text_key"],
        platform=told["platform"],
        account=account_of(author),
        author_key=told["author_key"],
        link=told["post"],
        reporter_id=place.reporter_id,
        posted_at=told["posted_at"],
        campaign=threat.campaign,
    )


def account_of(author: Author) -> str | None:
    """`platform:handle`, else the name; None when nothing is known."""
    handle = author.handle or author.numeric_id
    return f"{author.platform}:{handle}" if author.platform and handle else author.name


def campaign_of(finding: Finding) -> int | None:
    """Number of the campaign that a text belongs to."""
    return int(finding.campaign.removeprefix("C-")) if finding.campaign else None
