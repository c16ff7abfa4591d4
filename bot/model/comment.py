"""Comments as cards speak of them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CommentFacts:
    """What a card says of a stored comment."""

    id: int
    source: str
    text: str
    text_key: int
    platform: str | None
    handle: str | None
    author: str | None
    author_key: str | None
    post: str | None
    submission_id: int | None
    since: datetime

    @property
    def account(self) -> str | None:
        """Who wrote it, as a card calls them."""
        if self.handle:
            return f"{self.platform or 'other'}:{self.handle}"
        return self.author
