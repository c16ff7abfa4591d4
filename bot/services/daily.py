"""What is done once a local day: the backup, the check of the custody log, the sweep of old cases, removed bytes.

Each has a row for its day, so that it is done once however often the clock ticks, and made up for when the bot was
down. What fails is tried again at the next tick, and people are told when the last good backup is too old.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import KalkanError
from bot.model.custody import CustodyReport, Trust
from bot.model.rights import Role
from bot.services import notices
from bot.services.backup.making import BackupMaker
from bot.services.backup.sealing import Recipients
from bot.services.backup.shelf import KeepFor, clear, shelved
from bot.services.erasing import Erasure
from bot.services.retention import Retention
from bot.storage import chores, members, newsrooms, outbox
from bot.storage.store import Store

log = logging.getLogger(__name__)

LATE: Final = timedelta(hours=48)
#: Seconds that the look at every page may take; what is not finished then is made up for the next day.
LOOK_SECONDS: Final = 300.0
Chore = Callable[[date], Awaitable[Mapping[str, Any] | None]]


class Told(NamedTuple):
    """Who is told of what came of a chore: the code of a reply, and its values."""

    roles: tuple[Role, ...]
    code: str
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupPlan:
    """How backups are made by the clock; without recipients none is."""

    maker: BackupMaker
    folder: Path
    recipients: Recipients
    keep: KeepFor


class Daily:
    """The chores of one newsroom, at an hour of its day."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        newsroom_id: int,
        hour: int,
        *,
        plan: BackupPlan,
        verify: Callable[[], Awaitable[CustodyReport]],
        retention: Retention,
        erasure: Erasure,
    ) -> None:
        self._store = store
        self._clock = clock
        self._newsroom_id = newsroom_id
        self._hour = hour
        self._plan = plan
        self._verify = verify
        self._retention = retention
        self._erasure = erasure
        self._began = clock()

    async def tick(self) -> int:
        """Do what is due; returns how many chores were done."""
        day = await self._day()
        chores_of_day: tuple[tuple[str, Chore], ...] = (
            ("retention", self._let_go),
            ("verify", self._check),
            ("pages", self._look_at_pages),
            ("backup", self._back_up),
            ("backup_late", self._say_late),
        )
        done = 0
        for kind, chore in chores_of_day:
            done += await self._once(kind, day, chore)
        monday = day - timedelta(days=day.weekday())
        return done + await self._once("no_backups", monday, self._say_none_is_made)

    async def _day(self) -> date:
        """The local day whose hour has come last."""
        async with self._store.read() as conn:
            zone = ZoneInfo((await newsrooms.get(conn, self._newsroom_id)).zone)
        return (self._clock().astimezone(zone) - timedelta(hours=self._hour)).date()

    async def _once(self, kind: str, day: date, chore: Chore) -> bool:
        async with self._store.read() as conn:
            if await chores.is_done(conn, self._newsroom_id, kind, day):
                return False
        try:
            outcome = await chore(day)
        except (KalkanError, OSError) as error:
            log.error("the daily %s could not be done: %s", kind, error)
            return False
        except Exception:
            log.exception("the daily %s could not be done", kind)
            return False
        if outcome is None:
            return False
        async with self._store.write() as conn:
            told = outcome.get("tell")
            saved = {name: value for name, value in outcome.items() if name != "tell"}
            await chores.done(conn, self._newsroom_id, kind, day, saved, self._clock())
            if told is not None:
                await self._tell(conn, told)
        return True

    async def _let_go(self, _day: date) -> Mapping[str, Any]:
        left = await self._retention.sweep()
        removed = await self._erasure.remove_files()
        await self._erasure.settle()
        told = Told((Role.ADMIN,), "cases_left", {"count": left}) if left else None
        return {"cases": left, "files": removed, "tell": told}

    async def _check(self, _day: date) -> Mapping[str, Any]:
        report = await self._verify()
        is_broken = report.trust is Trust.BROKEN
        broken = report.broken.code if report.broken is not None else None
        told = Told((Role.ADMIN, Role.SECURITY), "log_broken", {}) if is_broken else None
        if is_broken:
            log.error("the custody log does not verify: %s", broken)
        return {"trust": report.trust.value, "broken": broken, "lines": report.lines, "tell": told}

    async def _look_at_pages(self, _day: date) -> Mapping[str, Any]:
        """A page that nobody reads may be damaged for months: the oldest backup is gone by then. Raises Damaged."""
        found = await self._store.look_at_pages(LOOK_SECONDS)
        if found is None:
            log.warning("the look at the database's pages took more than %.0f s and was ended", LOOK_SECONDS)
        return {"whole": found}

    async def _back_up(self, day: date) -> Mapping[str, Any] | None:
        plan = self._plan
        if not plan.recipients:
            return None
        made = await self._adopted(day) or (await plan.maker.make(plan.folder, plan.recipients)).path.name
        gone = await asyncio.to_thread(clear, plan.folder, plan.keep, self._clock())
        return {"name": made, "expired": gone}

    async def _adopted(self, day: date) -> str | None:
        """The one that was made for this day already, by a process that was killed before it could say so."""
        async with self._store.read() as conn:
            zone = ZoneInfo((await newsrooms.get(conn, self._newsroom_id)).zone)
        for each in await asyncio.to_thread(shelved, self._plan.folder):
            if (each.made_at.astimezone(zone) - timedelta(hours=self._hour)).date() == day:
                return each.path.name
        return None

    async def _say_late(self, _day: date) -> Mapping[str, Any] | None:
        if not self._plan.recipients:
            return None
        last = next((each.made_at for each in await asyncio.to_thread(shelved, self._plan.folder)), None)
        now = self._clock()
        if now - (last or self._began) <= LATE:
            return None
        return {
            "last": last.isoformat() if last else None,
            "tell": Told((Role.ADMIN,), "backup_late", _hours(last, now)),
        }

    async def _say_none_is_made(self, _week: date) -> Mapping[str, Any] | None:
        return None if self._plan.recipients else {"tell": Told((Role.ADMIN,), "no_backups", {})}

    async def _tell(self, conn: AsyncConnection, told: Told) -> None:
        people = {
            each.id: each for role in told.roles for each in await members.with_role(conn, self._newsroom_id, role)
        }
        await outbox.put(
            conn, [notices.reply(each, told.code, **told.values) for each in people.values()], self._clock()
        )


def _hours(last: datetime | None, now: datetime) -> Mapping[str, Any]:
    return {"hours": int((now - last).total_seconds() // 3600)} if last is not None else {"hours": 0}
