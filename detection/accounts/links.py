"""Links to profiles and posts in a text: which platform, whose handle or number, which post."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from detection.accounts.paths import plain_url, read
from detection.accounts.platforms import Platform, platform_of, profile_url, valid_handle
from detection.accounts.urls import Address, find_addresses, parse_address
from detection.thresholds import LINKS_MAX

__all__ = ["Link", "Platform", "parse_links", "profile_url"]

_HALVES: Final = re.compile("[\ud800-\udfff]")
_NAMED_MENTION: Final = re.compile(
    r"(?P<platform>инст[аa]\w*|insta\w*|фейсбук\w*|facebook|тик[ -]?ток\w*|tik[ -]?tok|твиттер\w*|twitter|телегр\w*"
    r"|telegram|threads|тредс\w*|ютуб\w*|youtube|вк|vk|ok|одноклассник\w*)[\s:,\-—–(]{0,4}@(?P<handle>[\w.\-]{2,40})",
    re.IGNORECASE,
)
_NAMES: Final[tuple[tuple[str, Platform], ...]] = (
    *((start, "instagram") for start in ("инст", "insta")),
    *((start, "facebook") for start in ("фейсбук", "facebook")),
    *((start, "tiktok") for start in ("тик", "tik")),
    *((start, "x") for start in ("твиттер", "twitter")),
    *((start, "telegram") for start in ("телегр", "telegram")),
    *((start, "threads") for start in ("threads", "тредс")),
    *((start, "youtube") for start in ("ютуб", "youtube")),
    *((start, "vk") for start in ("вк", "vk")),
    *((start, "ok") for start in ("одноклассник", "ok")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One link found in a text."""

    platform: Platform
    #: Without "@", as written; None when the link names no account or names it by number. YouTube's old names keep
    #: their kind: "c/name", "user/name".
    handle: str | None = None
    #: The platform's number or opaque id of the account: "100012345678", "UC…" of YouTube; groups of VK and OK begin
    #: with "-", private channels of Telegram with "-100".
    numeric_id: str | None = None
    #: The platform's id of the post, video or story, or the code of a short link to it.
    post: str | None = None
    #: The canonical address without tracking parameters.
    url: str
    #: Where it stands in the text, in code points; both 0 for an address that stands only in an entity.
    start: int = 0
    end: int = 0


def parse_links(text: str, entities_urls: Iterable[str] = ()) -> list[Link]:
    """Every link in `text`, in order, then those of `entities_urls` (addresses hidden behind words); each once.

    A handle after a platform's name («инстаграм @name») counts as a link. At most `LINKS_MAX` are read.
    """
    # Halves of characters stand in no address, and cannot be written in one: place for place another sign.
    text = _HALVES.sub("\ufffd", text)
    found = sorted([*_addresses(text), *_mentions(text)], key=lambda link: link.start)
    hidden = (parse_address(_HALVES.sub("\ufffd", url)) for url in entities_urls)
    found += [_link(address) for address in hidden if address]
    unique: dict[str, Link] = {}
    for link in found:
        unique.setdefault(link.url, link)
    return list(unique.values())[:LINKS_MAX]


def _addresses(text: str) -> Iterator[Link]:
    for found in find_addresses(text):
        link = _link(found.address)
        if found.explicit or link.platform != "other":
            yield replace(link, start=found.start, end=found.end)


def _mentions(text: str) -> Iterator[Link]:
    for match in _NAMED_MENTION.finditer(text):
        named = match["platform"].lower()
        platform = next(platform for start, platform in _NAMES if named.startswith(start))
        handle = valid_handle(platform, match["handle"].rstrip(".-"))
        url = profile_url(platform, handle) if handle else None
        if handle and url:
            yield Link(
                platform=platform, handle=handle, url=url, start=match.start("handle") - 1, end=match.end("handle")
            )


def _link(address: Address) -> Link:
    platform = "telegram" if address.scheme == "tg" else platform_of(address.host)
    named = read(platform, address)
    profile = None if named.post else profile_url(platform, named.handle, named.numeric_id)
    return Link(
        platform=platform,
        handle=named.handle,
        numeric_id=named.numeric_id,
        post=named.post,
        url=profile or plain_url(platform, address),
    )
