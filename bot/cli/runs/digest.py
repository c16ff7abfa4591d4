"""Writes a day's digest to a folder: in each language the text, the pictures, a workbook and a PDF."""

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.runs.desks import at_desk
from bot.documents.charts.studio import Charts
from bot.i18n import Catalogs
from bot.model.digest import ALL_SECTIONS, ChatKind, ChatState, Digest, DigestChat, DigestContent, Place, Rhythm
from bot.model.digest import Schedule as DigestSchedule
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Role
from bot.services.digests import Digests
from bot.wiring import Desk
from handlers.cards.card import Reader
from handlers.cards.digest_handout import digest_handout
from handlers.cards.digests import digest_pages

_TAG = re.compile(r"<[^>]+>")
_BOT = "bot"


def write_digest(day: datetime, out: Path, languages: Sequence[str]) -> list[str]:
    """Write it; the names of the files that were made. Raises OSError, Outage."""

    async def act(desk: Desk) -> list[str]:
        content, _ = await Digests(desk.store, desk.clock).of_day(desk.newsroom.id, day)
        charts, catalogs = Charts(desk.analysis.drawn), Catalogs.load()
        made: list[str] = []
        for language in languages:
            reader = _reader(desk, catalogs, language)
            made += await _write(_digest(desk, content, day, language), reader, charts, out)
        return made

    out.mkdir(parents=True, exist_ok=True)
    return at_desk(act)


async def _write(digest: Digest, reader: Reader, charts: Charts, out: Path) -> list[str]:
    t, content, zone = reader.t.plain, digest.content, reader.newsroom.zone
    name = f"digest-{digest.days[0]:%Y-%m-%d}-{reader.t.language}"
    files = {f"{name}.txt": "\n\n".join(_plain(page) for page in digest_pages(digest, reader, _BOT)).encode()}
    for section, pictures in (await charts.digest(content, zone, t)).items():
        for number, picture in enumerate(pictures, 1):
            files[f"{name}-{section.value}-{number}.png"] = picture.png
            files[f"{name}-{section.value}-{number}.txt"] = picture.alt.encode()
    handout = digest_handout(digest, charts.digest_sets(content, zone, t), reader, _BOT)
    files[f"{name}.xlsx"] = await charts.workbook(handout)
    files[f"{name}.pdf"] = await charts.paper(handout, t)
    for each, data in files.items():
        (out / each).write_bytes(data)
    return [str(out / each) for each in files]


def _plain(page: str) -> str:
    return html.unescape(_TAG.sub("", page)) + "\n"


def _reader(desk: Desk, catalogs: Catalogs, language: str) -> Reader:
    """An editor: whoever holds the server reads what editors read."""
    member = Member(
        id=0,
        newsroom_id=desk.newsroom.id,
        telegram_id=0,
        name="",
        roles=frozenset({Role.EDITOR}),
        status=MemberStatus.ACTIVE,
        language=language,
        joined_at=datetime.fromtimestamp(0, UTC),
    )
    return Reader(member=member, newsroom=desk.newsroom, t=catalogs[language], now=desk.clock())


def _digest(desk: Desk, content: DigestContent, day: datetime, language: str) -> Digest:
    place = Place(chat_id=0, kind=ChatKind.PRIVATE)
    now = desk.clock()
    chat = DigestChat(
        id=0,
        newsroom_id=desk.newsroom.id,
        place=place,
        member_id=None,
        state=ChatState.ALLOWED,
        reason=None,
        added_by=None,
        added_at=now,
    )
    schedule = DigestSchedule(
        id=0,
        newsroom_id=desk.newsroom.id,
        chat=chat,
        rhythm=Rhythm(),
        language=language,
        sections=ALL_SECTIONS,
        told_until=content.until,
        begun_at=content.since,
    )
    return Digest(
        id=0,
        newsroom_id=desk.newsroom.id,
        schedule=schedule,
        days=(day.date(),),
        content=content,
        is_preview=False,
        made_at=now,
    )
