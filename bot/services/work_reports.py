"""Leaked work reports come in by a door of their own, behind which nobody can see who brought them.

Kept are the words, a clean copy of the picture (no metadata, re-encoded) and the day. Not kept: member, name, chat,
message, where it was forwarded from, the update as Telegram wrote it, the moment. The custody log says that a report
came, and what its bytes hash to.
"""

import hashlib
import hmac
import json
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import Analysis, AnalysisFailed, ImageRefused
from bot.clock import Clock
from bot.errors import NotAllowed, Refusal
from bot.model.curator import WorkReport
from bot.model.newsroom import Member
from bot.model.paging import first_of
from bot.model.rights import Right
from bot.model.submission import Incoming, IncomingFile
from bot.services import notices
from bot.services.stage import After, Run, Stage
from bot.storage import custody, dialogs, farms, history, members, newsrooms, outbox, work_reports
from bot.storage.custody import NewEntry
from bot.storage.inbox import ClaimedUpdate
from bot.storage.store import Store
from bot.storage.vault import Vault

Fetch = Callable[[IncomingFile], Awaitable[bytes]]

#: What somebody writes who hands one in.
ORDER: Final = re.compile(r"/workreport(?:@\w+)?(?:\s|$)", re.IGNORECASE)
_SIDE: Final = 2_560
_LONGEST: Final = 8_000
PAGE: Final = 5
_WAITING: Final = timedelta(minutes=15)
_QUESTION: Final = "workreport"
#: How long the other pictures of an album may come after the first.
_ALBUM: Final = timedelta(days=1)


class WorkReports:
    """Of the newsroom of whoever brings or reads them."""

    def __init__(self, store: Store, clock: Clock, vault: Vault, analysis: Analysis, album_key: bytes) -> None:
        """Under the `album_key`, 32 bytes of the house's own, it is noted which albums bring a report."""
        self._store = store
        self._clock = clock
        self._vault = vault
        self._analysis = analysis
        # Also of a report that came just before the last stop.
        self._is_soiled = True
        # Albums of reports: here at once, and in the store with what brought the first of their pictures.
        self._album_key = album_key
        self._albums: dict[str, datetime] = {}

    def begin(self, stage: Stage, member: Member, order: Incoming, raw: str | None) -> None:
        """Ask for the report; that somebody began is forgotten with the answer, or after a quarter of an hour."""
        asked = {"after": order.message_id, "until": (order.sent_at + _WAITING).timestamp()}

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await dialogs.ask(conn, member.newsroom_id, member.id, _QUESTION, asked, now + _WAITING)
            await work_reports.forget_update(conn, member.newsroom_id, raw)
            await outbox.put(conn, [notices.quiet(member, "ask_workreport")], now)

        stage.stage(_then(act, self._soil), None)

    async def is_answer(self, member: Member, message_id: int, sent_at: datetime) -> bool:
        """Whether a message answers the question: by when it was sent, not by when it is read.

        What was sent before it, and waited, is something else; what was sent in time is a report however late it is
        read, and must not become a case that names who sent it.
        """
        async with self._store.read() as conn:
            asked = await dialogs.even_if_late(conn, member.id, _QUESTION)
        return asked is not None and _answers(asked.body, message_id, sent_at.timestamp())

    def expect_album(self, stage: Stage, newsroom_id: int, chat_id: int, media_group: str) -> None:
        """A report came as an album: its other pictures are reports too, whenever they come within a day."""
        now, key = self._clock(), self._album(newsroom_id, chat_id, media_group)
        self._albums = {album: until for album, until in self._albums.items() if until > now} | {key: now + _ALBUM}

        async def act(conn: AsyncConnection) -> None:
            await work_reports.expect_album(conn, newsroom_id, key, now + _ALBUM)

        stage.stage_once(act)

    async def is_of_album(self, newsroom_id: int, chat_id: int, media_group: str | None) -> bool:
        """Whether a picture belongs to an album that brings a report."""
        if media_group is None:
            return False
        async with self._store.read() as conn:
            return await self._is_noted(conn, newsroom_id, chat_id, media_group)

    async def _is_noted(self, conn: AsyncConnection, newsroom_id: int, chat_id: int, media_group: str) -> bool:
        key, now = self._album(newsroom_id, chat_id, media_group), self._clock()
        # Those that are handled beside one another know it before it is committed.
        until = self._albums.get(key)
        return (until is not None and until > now) or await work_reports.is_album(conn, newsroom_id, key, now)

    def forget(self, stage: Stage, newsroom_id: int, raw: str | None) -> None:
        """An update of which nothing was kept leaves nothing of its words and of its sender."""

        async def act(conn: AsyncConnection) -> None:
            await work_reports.forget_update(conn, newsroom_id, raw)

        stage.stage(_then(act, self._soil), None)

    async def take(self, stage: Stage, member: Member, incoming: Incoming, fetch: Fetch, raw: str | None) -> None:
        """Keep what was sent. Raises Refusal when there is nothing in it, or the picture cannot be read."""
        words = incoming.text.strip()[:_LONGEST]
        sha256 = await self._clean(incoming.file, fetch) if incoming.file is not None else None
        if not words and sha256 is None:
            raise Refusal("workreport_empty")

        async def act(conn: AsyncConnection) -> None:
            newsroom_id = member.newsroom_id
            newsroom = await newsrooms.get(conn, newsroom_id)
            # The day alone, at its midnight: a moment would lead to the chat in which something came just then.
            now = self._clock()
            day = now.astimezone(ZoneInfo(newsroom.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
            await members.lock_newsroom(conn, newsroom_id)
            number = await work_reports.add(conn, newsroom_id, sha256, words, day.date())
            body = {"event": "a work report was received", "sha256": sha256}
            entry = NewEntry(newsroom_id=newsroom_id, kind="kept", noun="work_report", row_id=number, body=body, at=day)
            await custody.put(conn, [entry])
            await work_reports.forget_update(conn, newsroom_id, raw)
            await dialogs.end(conn, member.id)
            await outbox.put(conn, [notices.quiet(member, "workreport_kept")], now)

        stage.stage(_then(act, self._soil), None)

    async def let_go(self, conn: AsyncConnection, update: ClaimedUpdate) -> bool:
        """Empty an update that was given up, if it brought a report or began one; says whether it did.

        A dead letter stays until somebody decides, and says who sent what.
        """
        message = _message_of(update.raw)
        if message is None or not await self._brings_one(conn, update, message):
            return False
        await work_reports.let_go(conn, update.newsroom_id, update.id)
        self._soil()
        return True

    async def _brings_one(self, conn: AsyncConnection, update: ClaimedUpdate, message: Mapping[str, Any]) -> bool:
        words, album = message.get("text") or message.get("caption"), message.get("media_group_id")
        if isinstance(words, str) and "forward_origin" not in message and ORDER.match(words.strip()):
            return True
        if isinstance(album, str) and await self._is_noted(conn, update.newsroom_id, update.chat_key, album):
            return True
        member = await members.by_telegram_id(conn, update.newsroom_id, update.chat_key)
        asked = await dialogs.even_if_late(conn, member.id, _QUESTION) if member is not None else None
        number, sent_at = message.get("message_id"), message.get("date")
        if asked is None or not isinstance(number, int) or not isinstance(sent_at, int):
            return False
        return _answers(asked.body, number, sent_at)

    async def scrub(self) -> None:
        """Have the database forget what it overwrote, if a report came since."""
        if self._is_soiled and await self._store.scrub():
            self._is_soiled = False

    async def purge(self) -> int:
        """Forget the albums whose day is over."""
        async with self._store.write() as conn:
            return await work_reports.purge_albums(conn, self._clock())

    async def page(self, member: Member, page: int) -> tuple[list[WorkReport], bool]:
        """Reports, the latest first, five a page, and whether there are more. Raises NotAllowed."""
        _require(member)
        async with self._store.read() as conn:
            found = await work_reports.page(conn, member.newsroom_id, PAGE + 1, first_of(page, PAGE))
        return found[:PAGE], len(found) > PAGE

    async def picture(self, member: Member, number: int) -> bytes | None:
        """The clean copy of a report's picture; None when it has none. Raises NotAllowed, Refusal."""
        report = await self._one(member, number)
        return await self._vault.get(report.sha256) if report.sha256 is not None else None

    async def assign(self, stage: Stage, member: Member, number: int, farm_number: int) -> None:
        """Say of which farm a report speaks."""
        report = await self._one(member, number)
        async with self._store.read() as conn:
            farm = await farms.by_number(conn, member.newsroom_id, farm_number)
        if farm is None:
            raise Refusal("farm_unknown")

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await work_reports.set_farm(conn, member.newsroom_id, report.id, farm.id)
            subject = ("work_report", number)
            await history.note(conn, member.newsroom_id, member.id, subject, "assigned", now, farm=farm.label)
            await outbox.put(conn, [notices.reply(member, "workreports", page=0)], now)

        stage.stage_once(act)

    def _soil(self) -> None:
        self._is_soiled = True

    def _album(self, newsroom_id: int, chat_id: int, media_group: str) -> str:
        return hmac.new(self._album_key, f"{newsroom_id}:{chat_id}:{media_group}".encode(), hashlib.sha256).hexdigest()

    async def _one(self, member: Member, number: int) -> WorkReport:
        _require(member)
        async with self._store.read() as conn:
            report = await work_reports.by_number(conn, member.newsroom_id, number)
        if report is None:
            raise Refusal("workreport_unknown")
        return report

    async def _clean(self, file: IncomingFile, fetch: Fetch) -> str:
        """The picture re-encoded, so that nothing of the phone it was made on is left; its bytes' SHA-256."""
        data = await fetch(file)
        try:
            copy = await self._analysis.clean_copy(data, _SIDE)
        except (ImageRefused, AnalysisFailed) as error:
            raise Refusal(f"image_{error.code}") from error
        return (await self._vault.put(copy)).sha256


def _answers(asked: Mapping[str, Any], message_id: int, sent_at: float) -> bool:
    """Whether a message came after the question, and in time; a question that says neither is answered by any."""
    return bool(message_id > asked.get("after", 0) and sent_at <= asked.get("until", math.inf))


def _message_of(raw: str) -> Mapping[str, Any] | None:
    """The message of an update as Telegram wrote it, which may be anything."""
    update = json.loads(raw)
    message = update.get("message") or update.get("edited_message") if isinstance(update, dict) else None
    return message if isinstance(message, dict) else None


def _then(act: Callable[[AsyncConnection], Awaitable[None]], after: After) -> Run:
    """A step of the transaction, with what is called after its commit."""

    async def run(conn: AsyncConnection, _items: list[Any]) -> After:
        await act(conn)
        return after

    return run


def _require(member: Member) -> None:
    if not member.may(Right.WORK_REPORTS):
        raise NotAllowed(Right.WORK_REPORTS)
