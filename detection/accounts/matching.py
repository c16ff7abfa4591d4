"""Which known accounts is this one? A match by look-alike handle or by name alone is a possibility, never a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from detection.accounts.links import Link
from detection.accounts.names import handle_key, handle_skeleton, name_key
from detection.accounts.platforms import Platform
from detection.thresholds import (
    ACCOUNT_SCORES,
    HANDLE_SKELETON_MIN,
    LOOKALIKE_WITH_NAME_SCORE,
    NAME_KEY_MIN,
    OTHER_PLATFORM_HANDLE_SCORE,
    SIMILAR_NAME_RATIO,
)

Why = Literal["same_id", "same_handle", "lookalike_handle", "same_name", "similar_name"]
Strength = Literal["certain", "near_certain", "possible"]


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownAccount:
    """An account met before."""

    #: The caller's id of the account.
    ref: int
    platform: Platform
    handle: str | None = None
    numeric_id: str | None = None
    #: Every name it was seen under.
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountQuery:
    """What is known of the account that is asked about."""

    platform: Platform | None = None
    handle: str | None = None
    numeric_id: str | None = None
    #: The name shown beside the comment or on the profile.
    name: str | None = None
    #: Links to the account, or from a message that may be about it.
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountMatch:
    """One known account that the queried one may be."""

    ref: int
    #: 0 to 1; orders the matches and is not a probability.
    score: float
    why: Why
    strength: Strength


@dataclass(frozen=True, slots=True)
class _Identity:
    platform: Platform | None
    handle: str | None
    numeric_id: str | None


def match_accounts(query: AccountQuery, known: Sequence[KnownAccount]) -> list[AccountMatch]:
    """The known accounts that `query` is or may be, best first, each once with its best reason."""
    identities = list(_identities(query))
    matches = (_best(query, identities, account) for account in known)
    return sorted((match for match in matches if match), key=lambda match: (-match.score, match.ref))


def _identities(query: AccountQuery) -> Iterator[_Identity]:
    if query.handle or query.numeric_id:
        yield _Identity(query.platform, query.handle, query.numeric_id)
    for link in query.links:
        if link.handle or link.numeric_id:
            yield _Identity(link.platform, link.handle, link.numeric_id)


def _best(query: AccountQuery, identities: Sequence[_Identity], account: KnownAccount) -> AccountMatch | None:
    found = [match for identity in identities if (match := _by_identity(identity, account))]
    by_name = _by_name(query.name, account) if query.name else None
    if by_name:
        found.append(by_name)
        alike = any(match.why == "lookalike_handle" for match in found)
        if alike and by_name.why == "same_name" and query.platform == account.platform:
            found.append(_match(account, "lookalike_handle", "near_certain", LOOKALIKE_WITH_NAME_SCORE))
    return max(found, key=lambda match: match.score, default=None)


def _by_identity(identity: _Identity, account: KnownAccount) -> AccountMatch | None:
    same_platform = identity.platform == account.platform
    if same_platform and identity.numeric_id and identity.numeric_id == account.numeric_id:
        return _match(account, "same_id", "certain")
    if not identity.handle or not account.handle:
        return None
    platform = account.platform
    if handle_key(platform, identity.handle) == handle_key(platform, account.handle):
        # "other" is no platform: its handles name nobody for certain.
        if same_platform and platform != "other":
            return _match(account, "same_handle", "certain")
        return _match(account, "same_handle", "possible", OTHER_PLATFORM_HANDLE_SCORE)
    skeleton = handle_skeleton(identity.handle)
    if len(skeleton) >= HANDLE_SKELETON_MIN and skeleton == handle_skeleton(account.handle):
        return _match(account, "lookalike_handle", "possible")
    return None


def _by_name(name: str, account: KnownAccount) -> AccountMatch | None:
    own = name_key(name)
    keys = [key for key in map(name_key, account.names) if len(key) >= NAME_KEY_MIN]
    if len(own) < NAME_KEY_MIN or not keys:
        return None
    if own in keys:
        return _match(account, "same_name", "possible")
    nearest = max(fuzz.ratio(own, key) for key in keys)
    return _match(account, "similar_name", "possible") if nearest >= SIMILAR_NAME_RATIO else None


def _match(account: KnownAccount, why: Why, strength: Strength, score: float | None = None) -> AccountMatch:
    return AccountMatch(
        ref=account.ref, score=ACCOUNT_SCORES[why] if score is None else score, why=why, strength=strength
    )
