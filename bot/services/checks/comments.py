"""The comment that a checked or imported line holds."""

from dataclasses import dataclass, replace

from bot.services.checks.lines import CheckLine
from bot.services.findings import Author, author_key
from bot.storage.comments import NewComment


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Under which name and in which forms a line's text is kept."""

    newsroom_id: int
    source: str
    words: str
    key: int
    prints: bytes
    batch: str | None = None


def comment_of(line: CheckLine, kept: Kept) -> NewComment:
    """The comment to be stored for a line."""
    author = placed(line.author)
    return NewComment(
        newsroom_id=kept.newsroom_id,
        text=line.text,
        words=kept.words,
        text_key=kept.key,
        prints=kept.prints,
        source=kept.source,
        platform=author.platform,
        handle=author.handle,
        author=author.name,
        author_key=author_key(author),
        post=line.post,
        batch=kept.batch,
        posted_at=line.at,
    )


def placed(author: Author) -> Author:
    """An author with a handle or an id has a platform as well, if only "other"."""
    needs_one = author.platform is None and (author.handle or author.numeric_id)
    return replace(author, platform="other") if needs_one else author
