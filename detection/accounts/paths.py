"""The paths of each platform: which address is an account, which a post, which neither.

Every reader takes an address of its own platform and says what it names. Handles that are a platform's own pages
("explore", "login") are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from detection.accounts.platforms import PROFILES, Platform, valid_handle
from detection.accounts.urls import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """What an address names."""

    handle: str | None = None
    numeric_id: str | None = None
    post: str | None = None


_NOTHING: Final = Named()


def read(platform: Platform, address: Address) -> Named:
    """What an address of `platform` names."""
    if address.scheme == "tg":
        return _telegram_scheme(address)
    return _READERS[platform](address) if platform in _READERS else _NOTHING


def plain_url(platform: Platform, address: Address) -> str:
    """The address of a post or page on the platform's main host, with nothing in the query but what it needs."""
    if platform == "other" or address.scheme == "tg":
        return address.plain
    if address.host.endswith("youtu.be") and address.path:
        address = replace(address, path=("watch",), query={"v": address.path[0], **address.query})
    main = PROFILES[platform][0].removeprefix("https://").rstrip("/")
    return address.rebuilt(
        host=address.host if address.host.split(".")[0] in _SHORT or address.host in _SHORT else main,
        query={name: value for name, value in address.query.items() if name in _KEPT.get(platform, ())},
    )


# Hosts of short links: only they know where the code leads.
_SHORT: Final = frozenset(("fb.watch", "fb.me", "m.me", "vm", "vt"))
_KEPT: Final[dict[Platform, tuple[str, ...]]] = {
    "facebook": ("id", "story_fbid", "fbid", "v", "multi_permalinks", "comment_id"),
    "vk": ("w", "z"),
    "youtube": ("v", "lc", "lb"),
    "x": ("screen_name", "user_id"),
    "telegram": ("comment", "thread"),
}


def _at(path: tuple[str, ...], index: int) -> str:
    return path[index] if index < len(path) else ""


def _facebook(address: Address) -> Named:
    path, query = address.path, address.query
    first, second, third = (_at(path, index) for index in range(3))
    if address.host.endswith("fb.watch"):
        return Named(post=first or None)
    if first in {"profile.php", "permalink.php", "story.php"}:
        return Named(numeric_id=_digits(query.get("id")), post=query.get("story_fbid"))
    if first == "groups":
        return _facebook_group(path, query)
    if first in {"people", "pages"} and third:
        return Named(numeric_id=_digits(third))
    if first == "p" and second:
        return Named(numeric_id=_digits(second.rpartition("-")[2]))
    if first == "stories":
        return Named(numeric_id=_digits(second), post=third or None)
    if first == "share":
        return Named(post=third or None) if second in {"p", "v", "r"} else _NOTHING
    if first in {"photo", "photo.php", "watch", "video.php", "reel", "videos"}:
        post = query.get("fbid") or query.get("v") or (second if first == "reel" else None)
        return Named(post=post or None)
    name = second if first == "pg" else first
    rest = path[2:] if first == "pg" else path[1:]
    post = rest[-1] if len(rest) > 1 and rest[0] in {"posts", "videos", "photos", "reel"} else None
    if name.isdecimal():
        return Named(numeric_id=name, post=post)
    handle = valid_handle("facebook", name)
    return Named(handle=handle, post=post) if handle else _NOTHING


def _facebook_group(path: tuple[str, ...], query: dict[str, str]) -> Named:
    if _at(path, 2) == "user":
        return Named(numeric_id=_digits(_at(path, 3)))
    if _at(path, 2) in {"posts", "permalink"}:
        return Named(post=_at(path, 3) or None)
    return Named(post=query.get("multi_permalinks"))


def _instagram(address: Address) -> Named:
    path = address.path
    first, second, third = (_at(path, index) for index in range(3))
    if first in {"p", "reel", "reels", "tv"}:
        return Named(post=second or None)
    if first == "stories":
        return Named(handle=None if second == "highlights" else valid_handle("instagram", second), post=third or None)
    handle = valid_handle("instagram", first)
    post = third if second in {"p", "reel", "tv"} else None
    return Named(handle=handle, post=post or None) if handle else _NOTHING


def _threads(address: Address) -> Named:
    first, second, third = (_at(address.path, index) for index in range(3))
    if first == "t":
        return Named(post=second or None)
    handle = valid_handle("threads", first) if first.startswith("@") else None
    return Named(handle=handle, post=(third or None) if second == "post" else None)


_VK_NUMBER: Final = re.compile(r"(?P<kind>id|club|public|event)(?P<number>\d+)")
_VK_POST: Final = re.compile(r"(?:wall|photo|video|clip|topic|story)(?P<post>(?P<owner>-?\d+)_\d+)(?:\D.*)?")


def _vk(address: Address) -> Named:
    first = _at(address.path, 0)
    inside = address.query.get("w") or address.query.get("z") or ""
    for candidate in (inside, first):
        post = _VK_POST.match(candidate)
        if post:
            owner = _vk_owner(first) if candidate == inside else _NOTHING
            named = owner.handle or owner.numeric_id
            return Named(
                handle=owner.handle, numeric_id=owner.numeric_id if named else post["owner"], post=post["post"]
            )
    return _vk_owner(first)


def _vk_owner(name: str) -> Named:
    number = _VK_NUMBER.fullmatch(name)
    if number:
        return Named(numeric_id=number["number"] if number["kind"] == "id" else f"-{number['number']}")
    handle = valid_handle("vk", name)
    return Named(handle=handle) if handle else _NOTHING


def _ok(address: Address) -> Named:
    path = address.path
    first, second, third, fourth = (_at(path, index) for index in range(4))
    post = fourth if third in {"topic", "statuses", "album", "photos", "pphotos"} else ""
    if first == "profile":
        return Named(numeric_id=_digits(second), post=post or None)
    if first == "group":
        number = _digits(second)
        return Named(numeric_id=f"-{number}" if number else None, post=post or None)
    if first in {"video", "live"}:
        return Named(post=_digits(second))
    handle = valid_handle("ok", first)
    return Named(handle=handle, post=(third or None) if second in {"topic", "statuses"} else None)


def _tiktok(address: Address) -> Named:
    first, second, third = (_at(address.path, index) for index in range(3))
    if address.host.split(".")[0] in {"vm", "vt"}:
        return Named(post=first or None)
    if first in {"t", "v"}:
        return Named(post=second.removesuffix(".html") or None)
    handle = valid_handle("tiktok", first) if first.startswith("@") else None
    return Named(handle=handle, post=(third or None) if second in {"video", "photo"} else None)


def _youtube(address: Address) -> Named:
    first, second = _at(address.path, 0), _at(address.path, 1)
    if address.host.endswith("youtu.be"):
        return Named(post=first or None)
    if first == "watch":
        return Named(post=address.query.get("v"))
    if first in {"shorts", "live", "embed", "post", "v"}:
        return Named(post=second or None)
    if first == "channel":
        return Named(numeric_id=second or None, post=address.query.get("lb"))
    if first in {"c", "user"} and second:
        # "c/x", "user/x" and "@x" may be three different people.
        return Named(handle=f"{first}/{second}")
    handle = valid_handle("youtube", first)
    if handle and not first.startswith("@"):
        handle = f"c/{handle}"
    return Named(handle=handle) if handle else _NOTHING


def _x(address: Address) -> Named:
    path, query = address.path, address.query
    first, second, third = (_at(path, index) for index in range(3))
    if first == "i":
        status = path[-1] if "status" in path[:-1] else None
        return Named(numeric_id=_digits(third) if second == "user" else None, post=_digits(status))
    if first == "intent":
        handle = valid_handle("x", query.get("screen_name", ""))
        return Named(handle=handle, numeric_id=_digits(query.get("user_id")))
    handle = valid_handle("x", first)
    return Named(handle=handle, post=_digits(third) if second in {"status", "statuses"} else None)


def _telegram(address: Address) -> Named:
    path = address.path
    subdomain = address.host.split(".")[0] if address.host.count(".") == 2 else ""
    if subdomain and subdomain != "www":
        return Named(handle=valid_handle("telegram", subdomain), post=_digits(_at(path, 0)))
    if _at(path, 0) == "s":
        path = path[1:]
    first, last = _at(path, 0), path[-1] if len(path) > 1 else ""
    if first == "c":
        number = _digits(_at(path, 1))
        return Named(numeric_id=f"-100{number}" if number else None, post=_digits(last) if len(path) > 2 else None)
    handle = valid_handle("telegram", first)
    return Named(handle=handle, post=_digits(last)) if handle else _NOTHING


def _telegram_scheme(address: Address) -> Named:
    query = address.query
    if address.host == "resolve":
        return Named(handle=valid_handle("telegram", query.get("domain", "")), post=_digits(query.get("post")))
    if address.host == "user":
        return Named(numeric_id=_digits(query.get("id")))
    if address.host == "privatepost":
        number = _digits(query.get("channel"))
        return Named(numeric_id=f"-100{number}" if number else None, post=_digits(query.get("post")))
    return _NOTHING


def _digits(value: str | None) -> str | None:
    return value if value and value.isascii() and value.isdecimal() else None


_READERS: Final[dict[Platform, Callable[[Address], Named]]] = {
    "facebook": _facebook,
    "instagram": _instagram,
    "threads": _threads,
    "vk": _vk,
    "ok": _ok,
    "tiktok": _tiktok,
    "youtube": _youtube,
    "x": _x,
    "telegram": _telegram,
}
