"""Links to profiles: which of them name an account that the list can hold."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from detection.accounts.links import Link, parse_links

# As wide as the columns; no platform has longer ones, and a longer one was made up.
_LONGEST_HANDLE = 100
_LONGEST_ID = 40


class _Named(Protocol):
    @property
    def handle(self) -> str | None: ...

    @property
    def numeric_id(self) -> str | None: ...


L = TypeVar("L", bound=_Named)


def profile_link(text: str) -> Link | None:
    """The first link in a text that names an account."""
    return first_profile(parse_links(text))


def first_profile(links: Iterable[L]) -> L | None:
    """The first of these links that names an account."""
    return next((link for link in links if _names_account(link)), None)


def _names_account(link: _Named) -> bool:
    handle, number = link.handle or "", link.numeric_id or ""
    return bool(handle or number) and len(handle) <= _LONGEST_HANDLE and len(number) <= _LONGEST_ID
