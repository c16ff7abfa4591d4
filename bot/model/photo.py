"""Stored photos as the index and the cards speak of them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PhotoFacts:
    """What the index and the cards know of a stored photo."""

    id: int
    sha256: str
    hashes: bytes | None
    source: str
    account_id: int | None
    submission_id: int | None
    width: int
    height: int
