"""What the doctor looks at on the machine: disk, clock, limits, and how the bot that runs is shut in."""

import os
import resource
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.cli.runs.doctor_words import Lacking, Problem, Skipped
from bot.config import Settings
from bot.documents.fonts import font
from bot.services.disk import BALLAST, room_at
from bot.storage.instance import holder_of

#: Below this much free disk a burst of pictures could fill it.
_LEAST_FREE: Final = 500_000_000
_LEAST_FILES: Final = 1024
#: Telegram refuses nothing for it, but invites, digests and the custody log would carry a wrong time.
_CLOCK_SECONDS: Final = 30
_PATIENCE: Final = 5.0


def disk(settings: Settings) -> str:
    """Bytes and inodes, against the settings' lines."""
    at = nearest(settings.data_dir)
    room, free = room_at(at), shutil.disk_usage(at).free
    said = f"{free / 1e9:.1f} GB free, {room.percent:.0f} % of the disk or of its inodes"
    if free < _LEAST_FREE:
        raise Problem(f"{said}: less than {_LEAST_FREE / 1e9:.1f} GB; delete what is not needed, or take a larger disk")
    if room.percent < settings.disk_files_percent:
        raise Problem(f"{said}: files wait with Telegram below {settings.disk_files_percent:g} %; make room")
    if room.percent < settings.disk_alarm_percent:
        raise Problem(f"{said}: less than {settings.disk_alarm_percent:g} %; make room before files have to wait")
    return said


def ballast(settings: Settings) -> str:
    """The room in reserve."""
    if not settings.ballast_bytes:
        raise Lacking("none is kept (KALKAN_BALLAST_BYTES=0): a full disk would stop the database altogether")
    path = settings.data_dir / BALLAST
    if not path.exists():
        raise Lacking("not there: a running bot makes it as soon as there is room; if it runs, the disk was full")
    if path.stat().st_blocks * 512 < path.stat().st_size:
        raise Lacking(f"{path} takes less room than it should: delete it, the bot makes it again")
    return f"{path.stat().st_size / 1e6:.0f} MB in reserve"


def clock(settings: Settings) -> str:
    """This machine's clock against the time in Telegram's answers; only where a token is set."""
    if settings.telegram_token is None:
        raise Skipped("not compared with Telegram's: there is no token yet")
    try:
        there = parsedate_to_datetime(_date_of(settings.api_root))
    except (OSError, HTTPException, ValueError) as error:
        raise Skipped(f"not compared: Telegram cannot be reached ({type(error).__name__})") from None
    off = (datetime.now(UTC) - there).total_seconds()
    if abs(off) > _CLOCK_SECONDS:
        way = "fast" if off > 0 else "slow"
        raise Problem(
            f"{abs(off):.0f} s {way} against Telegram's: turn on time synchronisation (timedatectl set-ntp true)"
        )
    return "agrees with Telegram's"


def _date_of(address: str) -> str:
    """What an HTTP server says that the time is. Raises OSError, HTTPException."""
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.netloc, timeout=_PATIENCE)) as connection:
        connection.request("HEAD", parts.path or "/")
        return connection.getresponse().getheader("Date", "")


def zones(settings: Settings) -> str:
    """Time zone data."""
    offset = datetime.now(ZoneInfo(settings.zone)).strftime("%z")
    return f"{settings.zone} is known, now UTC{offset[:3]}:{offset[3:]}"


def fonts(_: Settings) -> str:
    """What charts and pictures are drawn with."""
    try:
        font(12)
    except OSError:
        raise Problem("the shipped font is missing: install Kalkan again") from None
    return "there"


def open_files(settings: Settings) -> str:
    """How many files the bot, or else this command, may hold open."""
    most = _limit(settings, "Max open files", resource.RLIMIT_NOFILE)
    if most < _LEAST_FILES:
        raise Problem(
            f"{most} at once are too few: LimitNOFILE={_LEAST_FILES} in the unit, or ulimit -n {_LEAST_FILES}"
        )
    return f"{most} at once"


def core_dumps(settings: Settings) -> str:
    """Whether a crash writes the bot's memory to the disk."""
    if _limit(settings, "Max core file size", resource.RLIMIT_CORE) != 0:
        # A bot that serves forbids it itself; of this shell's own limit nothing hangs.
        kind = Problem if _serving(settings) is not None else Lacking
        raise kind("on: a crash would write what members sent to the disk; LimitCORE=0 in the unit, or ulimit -c 0")
    return "off"


def shut_in(settings: Settings) -> str:
    """What holds the running bot: whom it runs as, and whether it may gain rights."""
    pid = _serving(settings)
    if pid is None:
        raise Skipped("nobody serves here now, so it cannot be seen how the bot is shut in")
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines() if ":" in line
    )
    if status["Uid"].split()[0] == "0":
        raise Problem(f"process {pid} runs as root: make a user for it (docs/operations.md has a unit)")
    if status.get("NoNewPrivs", "").strip() != "1":
        raise Lacking(f"process {pid} may gain rights: use the unit in docs/operations.md (NoNewPrivileges=yes)")
    return f"process {pid} runs as user {status['Uid'].split()[0]} and gains no rights"


def file_modes(settings: Settings) -> str:
    """Nothing in the data folder is anybody else's to read."""
    if not settings.data_dir.is_dir():
        return "nothing is there yet"
    wide = list(islice(_open_to_others(settings.data_dir), 4))
    if wide:
        named = ", ".join(str(path) for path in wide[:3])
        raise Problem(
            f"open to other users: {named}{' and more' if len(wide) > 3 else ''}; chmod -R go= {settings.data_dir}"
        )
    return "private"


def _open_to_others(folder: Path) -> Iterator[Path]:
    # What lies deeper stands in folders that are looked at themselves: nobody comes by a closed one.
    for path in sorted(folder.iterdir()):
        if not path.is_symlink() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield path


def _serving(settings: Settings) -> int | None:
    holder = holder_of(settings.data_dir)
    pid = holder.pid if holder is not None else None
    return pid if pid is not None and Path(f"/proc/{pid}").is_dir() else None


def _limit(settings: Settings, named: str, number: int) -> int:
    pid = _serving(settings)
    if pid is not None:
        for line in Path(f"/proc/{pid}/limits").read_text("utf-8").splitlines():
            if line.startswith(named):
                soft = line[len(named) :].split()[0]
                return -1 if soft == "unlimited" and number == resource.RLIMIT_CORE else _whole(soft)
    return resource.getrlimit(number)[0]


def _whole(text: str) -> int:
    return 2**31 if text == "unlimited" else int(text)


def nearest(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return next(place for place in (path.absolute(), *path.absolute().parents) if place.exists())


def is_writable(path: Path) -> bool:
    """Whether this user may make files in a folder."""
    return os.access(path, os.W_OK | os.X_OK)
