"""Campaigns: near-duplicate comments or pictures by several accounts."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Campaign:
    """Campaign C-n. `name` is its most typical text, cut to a line, and empty for one of pictures.

    `merged_into` is the number that replaced it.
    """

    id: int
    newsroom_id: int
    number: int
    name: str
    first_seen: datetime
    last_seen: datetime
    merged_into: int | None = None

    @property
    def label(self) -> str:
        """What people call it."""
        return f"C-{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignLine:
    """A campaign in a list: how often, by how many, how many of those are known fakes."""

    campaign: Campaign
    times: int
    accounts: int
    fakes: int
    posts: int
    #: How many different pictures were posted; a campaign is one of texts or one of pictures.
    pictures: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignText:
    """One of a campaign's texts: as it was first written, and how often."""

    number: int
    text: str
    times: int
    accounts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CampaignView:
    """A campaign with all that its card shows."""

    line: CampaignLine
    texts: tuple[CampaignText, ...]
    #: How many texts there are; `texts` has the commonest ones.
    text_count: int
    #: Labels `platform:handle`, the most active first, with how often.
    authors: tuple[tuple[str, int], ...]
    #: Posts commented under, with how often.
    posts: tuple[tuple[str, int], ...]
    #: Names of staff at whom cases with these texts are aimed; empty for whoever may not see targets.
    targets: tuple[str, ...]
    #: Labels of campaigns whose text is a part of this one's, or the other way round.
    contains: tuple[str, ...]
    #: What editors did: (event, member's name, when, other label).
    history: tuple[tuple[str, str, datetime, str], ...]
    #: Labels of campaigns of the same cases: of pictures for one of texts, and the other way round.
    beside: tuple[str, ...] = ()
