"""People fill in the event record of a threat or an incident: what no machine can know, field by field."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.errors import Refusal
from bot.model.event_record import FIELDS, FORMS, PRIVATE, PUBLIC, About, EventRecord, Form, RecordField, Way, codes_of
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.model.staff import StaffKind
from bot.services import notices
from bot.services.stage import Stage
from bot.services.threats import Threats
from bot.storage import dialogs, event_records, history, members, outbox, staff
from bot.storage.store import Store

_ANSWER_WITHIN: Final = timedelta(minutes=30)
_LONGEST: Final = 2000
_MOST_PEOPLE: Final = 10_000_000
_DEGREES: Final = re.compile(r"[-+]?\d{1,3}[.,]\d{1,9}|[-+]?\d{1,3}(?![\d.,])")
_SHORTEST_NAME: Final = 3
#: Below this a name with an ending is mostly another word.
_SHORT_NAME: Final = 4
_ENDING: Final = re.compile(r"(?<=\w{2})(?:ая|яя|ый|ий|ой|[аяыиеёуюоөүэaeiou])$", re.IGNORECASE)


class EventRecords:
    """Reads and fills in event records. Raises Refusal for what there is not, and for a value that a field refuses."""

    def __init__(self, store: Store, clock: Clock, log: Threats) -> None:
        self._store = store
        self._clock = clock
        self._log = log

    async def view(self, member: Member, about: About, number: int) -> EventRecord:
        """What is filled in of T-number or I-number; of a merged incident, that into which it was merged."""
        if not member.may(Right.SEE_THREATS):
            raise Refusal("threat_unknown" if about is About.THREAT else "incident_unknown")
        row_id, shown = await self._row(member, about, number)
        async with self._store.read() as conn:
            values = await event_records.of(conn, member.newsroom_id, (about.value, row_id))
        return EventRecord(about=about, row_id=row_id, number=shown, values=values)

    async def _row(self, member: Member, about: About, number: int) -> tuple[int, int]:
        if about is About.THREAT:
            return await self._log.by_number(member, number), number
        incident = (await self._log.incident(member, number)).incident
        return incident.id, incident.number

    async def choose(
        self, stage: Stage, member: Member, about: About, number: int, form: Form, place: int, code: str
    ) -> None:
        """A press on a value of a list: chosen; of several, added or taken away; without a code, emptied."""
        field = field_at(form, place)
        record = await self.view(member, about, number)
        held = record.values[field.code].value if field.code in record.values else None
        if code and code not in field.values:
            raise Refusal("button_not_yours")
        value = _toggled(field, held, code) if field.way is Way.SEVERAL and code else code or None

        async def act(conn: AsyncConnection) -> None:
            await self._keep(conn, member, record, field, value)

        stage.stage_once(act)

    async def ask(self, stage: Stage, member: Member, about: About, number: int, form: Form, place: int) -> None:
        """Ask for a value in words; the member's next message is the answer."""
        field = field_at(form, place)
        record = await self.view(member, about, number)
        body = {"about": about.value, "number": record.number, "form": form.value, "place": place}

        async def act(conn: AsyncConnection) -> None:
            now = self._clock()
            await dialogs.ask(conn, member.newsroom_id, member.id, "record", body, now + _ANSWER_WITHIN)
            asked = notices.reply(member, "ask_record", label=record.label, field=field.code)
            await outbox.put(conn, [asked], now)

        stage.stage_once(act)

    async def write(
        self, stage: Stage, member: Member, about: About, number: int, form: Form, place: int, text: str
    ) -> None:
        """A value in words, then the next field of the form. A number or a position that it is none is asked again."""
        field = field_at(form, place)
        record = await self.view(member, about, number)
        value = _typed(field, text)
        if field.code in PUBLIC:
            await self._without_names(member.newsroom_id, value)

        async def act(conn: AsyncConnection) -> None:
            await dialogs.end(conn, member.id)
            await self._keep(conn, member, record, field, value)
            told = {"about": about.value, "number": record.number, "form": form.value, "place": place + 1}
            await outbox.put(conn, [notices.reply(member, "record_form", **told)], self._clock())

        stage.stage_once(act)

    async def _keep(
        self, conn: AsyncConnection, member: Member, record: EventRecord, field: RecordField, value: str | None
    ) -> None:
        subject, now = (record.about.value, record.row_id), self._clock()
        await event_records.put(conn, member.newsroom_id, member.id, subject, field.code, value, now)
        # Histories are shown and exported: a private text stands in the record alone.
        told = {"field": field.code} | ({} if field.code in PRIVATE else {"value": value or ""})
        await history.note(conn, member.newsroom_id, member.id, subject, "record", now, **told)

    async def _without_names(self, newsroom_id: int, published: str) -> None:
        async with self._store.read() as conn:
            names = await known_names(conn, newsroom_id)
        found = next(iter(names_in(published, names)), None)
        if found is not None:
            raise Refusal("summary_named", name=found)


def field_at(form: Form, place: int) -> RecordField:
    """The field at a place of a form. Raises Refusal when there is none."""
    if not 0 <= place < len(FORMS[form]):
        raise Refusal("button_not_yours")
    return FIELDS[FORMS[form][place]]


async def member_names(conn: AsyncConnection, newsroom_id: int) -> list[str]:
    """How people of the newsroom are called."""
    return list(dict.fromkeys(each.name for each in await members.all_of(conn, newsroom_id, *MemberStatus)))


async def known_names(conn: AsyncConnection, newsroom_id: int) -> list[str]:
    """How people of the newsroom and those under its protection are called; outlets are no people."""
    people = [each for each in await staff.all_of(conn, newsroom_id) if each.kind is StaffKind.PERSON]
    protected = [name for each in people for name in each.names]
    return list(dict.fromkeys([*protected, *await member_names(conn, newsroom_id)]))


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Those of the names that a text holds, also with an ending behind each word: «Бек Асанов» is in «Беку Асанову»."""
    return [name for name in names if (pattern := _pattern(name)) is not None and pattern.search(text)]


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with three dots for each of the names in it."""
    for name in sorted(names, key=len, reverse=True):
        pattern = _pattern(name)
        text = pattern.sub("…", text) if pattern is not None else text
    return text


def _pattern(name: str) -> re.Pattern[str] | None:
    words = re.findall(r"\w+", name)
    if sum(map(len, words)) < _SHORTEST_NAME:
        return None
    if len(words) == 1 and len(name) <= _SHORT_NAME:
        return re.compile(rf"\b{re.escape(words[0])}\b")
    # Names end otherwise in other cases: a last vowel or an adjective's ending goes, some letters may come.
    stems = [re.escape(_ENDING.sub("", word)) for word in words]
    return re.compile(r"\b" + r"\w{0,4}\W+".join(stems) + r"\w{0,4}\b", re.IGNORECASE)


def _toggled(field: RecordField, held: str | None, code: str) -> str | None:
    chosen = set(codes_of(held or "")) ^ {code}
    return ",".join(each for each in field.values if each in chosen) or None


def _typed(field: RecordField, text: str) -> str:
    if field.values:
        raise Refusal("button_not_yours")
    words = text.strip()[:_LONGEST]
    if not words:
        raise Refusal("record_empty")
    if field.way is Way.NUMBER:
        digits = "".join(words.split())
        if not digits.isascii() or not digits.isdecimal() or int(digits[:9]) > _MOST_PEOPLE:
            raise Refusal("record_number")
        return str(int(digits[:9]))
    return _position(words) if field.way is Way.COORDINATES else words


def _position(words: str) -> str:
    found = _DEGREES.findall(words)
    if len(found) != 2:
        raise Refusal("record_position")
    north, east = (float(each.replace(",", ".")) for each in found)
    if abs(north) > 90 or abs(east) > 180:
        raise Refusal("record_position")
    return f"{north:.6f}, {east:.6f}"
