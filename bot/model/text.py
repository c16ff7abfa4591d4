"""Texts that comments share, and how one resembles another."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class TextMatch:
    """A stored text that resembles the one asked about.

    `tier` is "copy" (said as a finding) or "similar" (said as a possibility). `partial` says that one of the two is a
    part of the other, or shares a part with it: such texts never share a campaign.
    """

    number: int
    text_key: int
    words: str
    #: 0 to 1; 1 is the same skeleton.
    score: float
    tier: str
    why: tuple[str, ...]
    partial: bool
    campaign_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """How one text differs from another: codes, and the pieces by which one becomes the other.

    Codes: "same", "case", "punctuation", "emoji", "alphabet", "lookalikes", "spacing", "reordered", "names", "words",
    "typos", "numbers", "added", "dropped", "part". Pieces are ("same" | "added" | "dropped", text) in reading order.
    """

    codes: tuple[str, ...]
    pieces: tuple[tuple[str, str], ...]
