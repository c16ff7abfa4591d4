"""The folder of backups: which of them stay, and when the last good one was made.

One a day stays for some days, one a week for some weeks, and none longer than the limit: what was erased since must
not live on in a copy (docs/backups.md).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

NAME: Final = re.compile(r"kalkan-(\d{8}T\d{6}Z)-\d+-[0-9a-f]{16}\.tar\.age\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepFor:
    """How many backups stay: one for each of so many days and weeks; none is older than `most`."""

    daily: int
    weekly: int
    most: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelved:
    """A complete backup on the shelf, by its name."""

    path: Path
    made_at: datetime


def shelved(folder: Path) -> list[Shelved]:
    """The backups in the folder, the newest first."""
    if not folder.is_dir():
        return []
    found = ((NAME.match(path.name), path) for path in folder.iterdir())
    every = [Shelved(path=path, made_at=_moment(name[1])) for name, path in found if name is not None]
    return sorted(every, key=lambda each: each.made_at, reverse=True)


def expired(backups: Iterable[Shelved], keep: KeepFor, now: datetime) -> list[Shelved]:
    """Those that go: too old, or neither among the last days' nor the last weeks'. The newest stays, if it may."""
    young = [each for each in backups if now - each.made_at < keep.most]
    stay = {each.path for each in _newest_of(young, keep.daily, "%Y-%j")}
    stay |= {each.path for each in _newest_of(young, keep.weekly, "%G-%V")}
    return [each for each in backups if each.path not in stay]


def clear(folder: Path, keep: KeepFor, now: datetime) -> int:
    """Delete what has expired; returns how many."""
    gone = expired(shelved(folder), keep, now)
    for each in gone:
        each.path.unlink(missing_ok=True)
    return len(gone)


def _newest_of(backups: Collection[Shelved], most: int, span: str) -> list[Shelved]:
    found: dict[str, Shelved] = {}
    for each in sorted(backups, key=lambda one: one.made_at, reverse=True):
        found.setdefault(each.made_at.strftime(span), each)
    return list(found.values())[:most]


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
