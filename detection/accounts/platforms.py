"""The platforms: their hosts, what a handle looks like there, and the address of a profile."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Final, Literal

Platform = Literal["facebook", "instagram", "vk", "ok", "tiktok", "youtube", "x", "threads", "telegram", "other"]


_HANDLES: Final[dict[Platform, re.Pattern[str]]] = {
    "facebook": re.compile(r"[A-Za-z0-9.\-]{3,80}"),
    "instagram": re.compile(r"[A-Za-z0-9._]{1,30}"),
    "threads": re.compile(r"[A-Za-z0-9._]{1,30}"),
    "vk": re.compile(r"[A-Za-z][A-Za-z0-9_.]{2,31}"),
    "ok": re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{2,40}"),
    "tiktok": re.compile(r"[A-Za-z0-9._]{2,24}"),
    "youtube": re.compile(r"[\w.\-·]{3,100}"),
    "x": re.compile(r"[A-Za-z0-9_]{1,20}"),
    "telegram": re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}"),
}
_HOSTS: Final[dict[str, Platform]] = {
    **dict.fromkeys(("facebook.com", "fb.com", "fb.me", "fb.watch", "m.me"), "facebook"),
    **dict.fromkeys(("instagram.com", "instagr.am"), "instagram"),
    **dict.fromkeys(("threads.net", "threads.com"), "threads"),
    **dict.fromkeys(("vk.com", "vk.ru", "vkontakte.ru"), "vk"),
    **dict.fromkeys(("ok.ru", "odnoklassniki.ru"), "ok"),
    **dict.fromkeys(("tiktok.com",), "tiktok"),
    **dict.fromkeys(("youtube.com", "youtu.be", "youtube-nocookie.com"), "youtube"),
    **dict.fromkeys(("x.com", "twitter.com"), "x"),
    **dict.fromkeys(("t.me", "telegram.me", "telegram.dog"), "telegram"),
}


@cache
def _reserved() -> dict[str, frozenset[str]]:
    """The platforms' own pages, from the data file."""
    table = resources.files("detection.accounts").joinpath("reserved_paths.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {platform: frozenset(paths.split()) for platform, paths in rows}


def platform_of(host: str) -> Platform:
    """The platform that owns a host; a host with look-alike letters belongs to nobody we know."""
    labels = host.split(".")
    for first in range(max(len(labels) - 1, 0)):
        known = _HOSTS.get(".".join(labels[first:]))
        if known:
            return known
    return "other"


def valid_handle(platform: Platform, handle: str) -> str | None:
    """`handle` without "@", if the platform could have given it to somebody."""
    handle = handle.removeprefix("@")
    pattern = _HANDLES.get(platform)
    if pattern is None or not pattern.fullmatch(handle) or handle.lower() in _reserved()[platform]:
        return None
    return handle


def profile_url(platform: Platform, handle: str | None = None, numeric_id: str | None = None) -> str | None:
    """The canonical address of an account, by handle if there is one, else by number; None if neither leads there."""
    if handle:
        prefix = "" if platform == "youtube" and "/" in handle else PROFILES.get(platform, ("", ""))[1]
        base = PROFILES.get(platform, ("", ""))[0]
        return f"{base}{prefix}{handle}" if base else None
    return _url_of_number(platform, numeric_id) if numeric_id else None


PROFILES: Final[dict[Platform, tuple[str, str]]] = {
    "facebook": ("https://www.facebook.com/", ""),
    "instagram": ("https://www.instagram.com/", ""),
    "threads": ("https://www.threads.com/", "@"),
    "vk": ("https://vk.com/", ""),
    "ok": ("https://ok.ru/", ""),
    "tiktok": ("https://www.tiktok.com/", "@"),
    "youtube": ("https://www.youtube.com/", "@"),
    "x": ("https://x.com/", ""),
    "telegram": ("https://t.me/", ""),
}


def _url_of_number(platform: Platform, number: str) -> str | None:
    group = number.startswith("-")
    bare = number.removeprefix("-")
    match platform:
        case "facebook":
            return f"https://www.facebook.com/profile.php?id={number}"
        case "vk":
            return f"https://vk.com/club{bare}" if group else f"https://vk.com/id{number}"
        case "ok":
            return f"https://ok.ru/group/{bare}" if group else f"https://ok.ru/profile/{number}"
        case "youtube":
            return f"https://www.youtube.com/channel/{number}"
        case "x":
            return f"https://x.com/i/user/{number}"
        case _:
            return None
