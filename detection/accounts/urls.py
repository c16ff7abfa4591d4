"""Addresses in a text: found, taken apart safely, freed of tracking. Nothing here knows a platform's paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from detection.thresholds import LINK_MAX_CHARS, LINKS_MAX

# Each part is bounded, so that a long run of letters and dots takes linear time.
_ADDRESS: Final = re.compile(
    r"(?:(?P<scheme>https?|tg)://|(?<![\w@./-])(?=(?:[\w-]{1,63}\.){1,5}[a-z]{2,6}/))[^\s<>\"«»“”„|\\^`{}]{3,2048}",
    re.IGNORECASE,
)
_PATH_SAFE: Final = "@:+!$&'()*,;=~-._"
# Signs that browsers leave out of a host's name (UTS 46, status "ignored").
_UNSEEN: Final = dict.fromkeys(
    (0xAD, 0x34F, 0x180B, 0x180C, 0x180D, 0x200B, 0x2060, 0x2064, 0xFEFF, *range(0xFE00, 0xFE10))
)
# Signs that no host's name holds (URL standard, "forbidden domain code point"), as far as they can get here.
_NO_HOST: Final = re.compile(r"[\s<>\"\\^|%`{}\ufffd]")
_TRAILING: Final = ".,;:!?…'’*~"
_BRACKETS: Final = {")": "(", "]": "["}
_TRACKING: Final = re.compile(r"utm_\w+|(?:fb|g|y|ms)clid|igshi?d?|mibextid|mc_[ce]id|ref_src|ref_url", re.IGNORECASE)
_REDIRECTS: Final = {
    ("l.facebook.com", "/l.php"): "u",
    ("lm.facebook.com", "/l.php"): "u",
    ("l.instagram.com", "/"): "u",
    ("vk.com", "/away.php"): "to",
    ("www.youtube.com", "/redirect"): "q",
    ("www.google.com", "/url"): "q",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One address taken apart."""

    scheme: str
    #: Lower case, without port and user info; may hold other letters than ASCII.
    host: str
    #: The path's parts, percent-decoded, without empty ones.
    path: tuple[str, ...]
    query: dict[str, str]

    @property
    def plain(self) -> str:
        """The address without tracking parameters and fragment."""
        return self.rebuilt(
            host=self.host,
            query={name: value for name, value in self.query.items() if not _TRACKING.fullmatch(name)},
        )

    def rebuilt(self, host: str, query: dict[str, str]) -> str:
        """The address as text, with another host and query."""
        path = "".join(f"/{quote(part, safe=_PATH_SAFE)}" for part in self.path)
        return f"{self.scheme}://{host}{path}" + (f"?{urlencode(query)}" if query else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundAddress:
    """An address and its place in the text, in code points."""

    address: Address
    start: int
    end: int
    #: Whether it begins with http:// or https://; without, only a known platform's address counts.
    explicit: bool


def find_addresses(text: str) -> Iterator[FoundAddress]:
    """The addresses in `text`, in order, at most `LINKS_MAX`."""
    for number, match in enumerate(_ADDRESS.finditer(text)):
        if number >= LINKS_MAX:
            return
        raw = _trimmed(match.group())
        explicit = match.group("scheme") is not None
        address = parse_address(raw)
        if address:
            yield FoundAddress(address=address, start=match.start(), end=match.start() + len(raw), explicit=explicit)


def parse_address(raw: str) -> Address | None:
    """`raw` taken apart, a platform's redirect followed once; None when it is no address."""
    address = _split(raw)
    if address is None:
        return None
    inner = _REDIRECTS.get((address.host, "/" + "/".join(address.path)))
    return (_split(address.query.get(inner, "")) or address) if inner else address


def _split(raw: str) -> Address | None:
    raw = raw.strip()[:LINK_MAX_CHARS]
    try:
        parts = urlsplit(raw if "://" in raw else f"https://{raw}")
        host = (parts.hostname or "").translate(_UNSEEN).rstrip(".")
        query = dict(parse_qsl(parts.query, max_num_fields=50))
    except ValueError:
        return None
    if parts.scheme not in {"http", "https", "tg"} or not host or (parts.scheme != "tg" and "." not in host):
        return None
    if not host.isprintable() or _NO_HOST.search(host):
        # Nor may a name hold marks of direction: no browser opens it, and a card would be shown backwards.
        return None
    path = tuple(unquote(part, errors="replace") for part in parts.path.split("/") if part)
    return Address(scheme="tg" if parts.scheme == "tg" else "https", host=host, path=path, query=query)


def _trimmed(raw: str) -> str:
    """Without the punctuation of the sentence around it; a closing bracket stays if it was opened inside."""
    while raw:
        last = raw[-1]
        if last in _TRAILING or (last in _BRACKETS and raw.count(last) > raw.count(_BRACKETS[last])):
            raw = raw[:-1]
        else:
            break
    return raw
