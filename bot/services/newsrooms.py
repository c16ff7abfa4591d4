"""The newsroom itself: made at first use, its name, zone and limits changed by the admin; dead letters replayed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal, SettingsError
from bot.model.access import ActKind, PendingAct
from bot.model.dead_letter import DeadLetter
from bot.model.newsroom import LIMITS, RETENTION_DAYS, Member, Newsroom
from bot.model.rights import Right
from bot.services import notices
from bot.services.stage import Stage
from bot.services.step_up import tell_leads
from bot.services.two_people import Doing, TwoPeople
from bot.storage import history, inbox, newsrooms, outbox, sent_messages
from bot.storage.store import Store
from bot.storage.tenant_wall import stands

LANGUAGES = ("ru", "ky", "en")
_FRESH_FOR = timedelta(seconds=1)
_KEEPING: Final = "retention_days"
#: Settings on which people's safety rests: how soon an alarm goes on, when work is odd, what is kept. The zone moves
#: the hours of duty and of what is odd.
_GUARDS: Final = frozenset({*LIMITS, "zone"})


@dataclass(frozen=True, kw_only=True, slots=True)
class NewsroomDefaults:
    """What a newsroom is made with at first use."""

    name: str
    zone: str
    language: str
    #: What the operator calls it, where several share a database.
    key: str = ""


class Newsrooms:
    """The tenant of this database, or one of several."""

    def __init__(self, store: Store, clock: Clock, acts: TwoPeople | None = None) -> None:
        self._store = store
        self._clock = clock
        self._seen: dict[int, tuple[datetime, Newsroom]] = {}
        self._acts = acts if acts is not None else TwoPeople(store, clock)
        doing = Doing(right=Right.SETTINGS, state=self._setting_state, perform=self._setting_allowed)
        self._acts.register(ActKind.SETTING, doing)

    async def ensure(self, defaults: NewsroomDefaults) -> Newsroom:
        """The newsroom, made at first use. Raises SettingsError where it may not share the database with others."""
        async with self._store.write() as conn:
            there = await newsrooms.with_key(conn, defaults.key)
            if there is not None:
                return there
            await _may_share(conn, defaults.key)
            made = (defaults.name, defaults.zone, defaults.language)
            return await newsrooms.add(conn, *made, self._clock(), defaults.key)

    async def get(self, newsroom_id: int) -> Newsroom:
        """The newsroom as it was a moment ago at the most: every card asks, and it hardly ever changes."""
        now = self._clock()
        read_at, newsroom = self._seen.get(newsroom_id, (None, None))
        if read_at is None or newsroom is None or abs(now - read_at) > _FRESH_FOR:
            async with self._store.read() as conn:
                newsroom = await newsrooms.get(conn, newsroom_id)
            self._seen[newsroom_id] = (now, newsroom)
        return newsroom

    async def change(self, stage: Stage, member: Member, name: str, value: str) -> None:
        """Set `name`, `zone`, `language` or a limit. Raises Refusal for anything else, or a wrong value.

        What guards people is told to everybody else who leads; to keep cases shorter than is usual takes two people.
        """
        checked = _checked(name, value.strip())

        async def act(conn: AsyncConnection) -> None:
            if name == _KEEPING and isinstance(checked, int) and await _is_shorter(conn, member.newsroom_id, checked):
                body = {"setting": name, "form": str(checked)}
                await self._acts.request_in(conn, member, ActKind.SETTING, body)
                return
            await self._set(conn, member, name, checked)

        stage.stage_once(act)

    async def _set(self, conn: AsyncConnection, member: Member, name: str, value: str | int) -> None:
        now = self._clock()
        if isinstance(value, int):
            await newsrooms.set_limit(conn, member.newsroom_id, name, value)
        else:
            await newsrooms.change(conn, member.newsroom_id, **{name: value})
        self._seen.pop(member.newsroom_id, None)
        subject = ("newsroom", member.newsroom_id)
        await history.note(conn, member.newsroom_id, member.id, subject, "setting", now, name=name)
        await outbox.put(conn, [notices.reply(member, "settings")], now)
        if name in _GUARDS:
            await tell_leads(conn, member, "setting_by", now, setting=name, value=str(value))

    async def _setting_state(self, conn: AsyncConnection, newsroom_id: int, body: dict[str, Any]) -> Any:
        return await newsrooms.limit(conn, newsroom_id, str(body["setting"]), RETENTION_DAYS)

    async def _setting_allowed(self, conn: AsyncConnection, act: PendingAct, first: Member, _: Member | None) -> None:
        await self._set(conn, first, str(act.body["setting"]), int(act.body["form"]))

    async def dead_letters(self, member: Member) -> tuple[list[DeadLetter], int, int]:
        """Updates that could not be handled; how many messages could not be sent, and not be taken away in time."""
        async with self._store.read() as conn:
            letters = await inbox.dead_letters(conn, member.newsroom_id)
            lost = await sent_messages.lost(conn, member.newsroom_id)
            return letters, await outbox.failed(conn, member.newsroom_id), lost

    async def replay(self, stage: Stage, member: Member, message_id: int) -> None:
        """Give every dead letter its tries again."""

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            count = await inbox.replay(conn, member.newsroom_id, now)
            await history.note(
                conn, member.newsroom_id, member.id, ("newsroom", member.newsroom_id), "replay", now, count=count
            )
            await outbox.put(conn, [notices.edited_reply(member, message_id, "replayed", count=count)], now)

        stage.stage_once(act)


async def _is_shorter(conn: AsyncConnection, newsroom_id: int, days: int) -> bool:
    return days < min(RETENTION_DAYS, await newsrooms.limit(conn, newsroom_id, _KEEPING, RETENTION_DAYS))


def _checked(name: str, value: str) -> str | int:
    if name in LIMITS:
        return _within(name, value)
    if name == "name" and value:
        return value[:100]
    if name == "zone":
        try:
            return ZoneInfo(value).key
        except (KeyError, ValueError, OSError):
            raise Refusal("zone_unknown", zone=value[:64]) from None
    if name == "language" and value in LANGUAGES:
        return value
    raise Refusal("setting_unknown")


def _within(name: str, value: str) -> int:
    least, most = LIMITS[name]
    if not value.isascii() or not value.isdecimal() or not least <= int(value[:9]) <= most:
        raise Refusal("limit_wrong")
    return int(value)


async def _may_share(conn: AsyncConnection, key: str) -> None:
    """Raise SettingsError unless a newsroom with this key may be added to a database."""
    others = await newsrooms.keys(conn)
    if not others:
        return
    if conn.dialect.name != "postgresql":
        raise SettingsError("the newsroom in this file has another key: set KALKAN_NEWSROOM as it was")
    if "" in others:
        raise SettingsError("the newsroom in this database has no key yet: give it one with `kalkan newsroom KEY`")
    if not key:
        raise SettingsError("several newsrooms share this database: set KALKAN_NEWSROOM to the key of this one")
    if not await stands(conn):
        raise SettingsError(
            "newsrooms share a database only behind row-level security, which this role passes by: connect as a role"
            " without SUPERUSER and BYPASSRLS (docs/scale.md)"
        )
