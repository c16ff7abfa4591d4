"""One row of a ledger of reports to platforms, as newsrooms keep it in a spreadsheet; columns in three languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.errors import Refusal
from bot.model.takedown import OPEN, OUTCOMES, TakedownChannel, TakedownStatus
from bot.services.batchfiles.rows import Row
from bot.services.checks.lines import clean
from bot.services.imports.columns import said
from bot.services.imports.times import DateOrder, posted_at
from bot.services.takedown_words import CHANNEL_WORDS, STATUS_WORDS, named

_NAMES: Final[Mapping[str, str]] = {
    "link": "link url href target post account аккаунт ссылка адрес профиль пост шилтеме дарек баракча",
    "status": "status outcome result статус итог результат исход абалы жыйынтык",
    "channel": "channel via канал способ жолу",
    "ticket": "ticket ticketnumber casenumber тикет номеробращения обращение номер кайрылууномери кайрылуу",
    "sent": "sent sentat reported reportedat date датажалобы отправлено датаотправки дата жөнөтүлдү күнү",
    "answered": "answered answeredat ответили датаответа жоопкелди жоопкүнү",
    "ended": "ended closed closedat removedat завершено датарешения закрыто бүттү",
    "answer": "answer reply ответ ответплатформы жооп",
    "note": "note notes comment заметка примечание комментарий эскертүү",
}
_FIELD_OF: Final = {name: (field, rank) for field, names in _NAMES.items() for rank, name in enumerate(names.split())}
_MOST: Final = {"link": 1000, "ticket": 100, "answer": 4000, "note": 2000}


class TakedownColumns:
    """Which column is which field, by the names that spreadsheets have."""

    def knows(self, name: str) -> bool:
        """Whether a column of this name is one of those looked for."""
        return _squeezed(name) in _FIELD_OF

    def named(self, names: Sequence[str]) -> Sequence[str]:
        """The field of each column. Raises Refusal when none is a link."""
        taken: dict[str, tuple[int, int]] = {}
        for place, name in enumerate(names):
            field, rank = _FIELD_OF.get(_squeezed(name), ("", 0))
            if field and (field not in taken or rank < taken[field][0]):
                taken[field] = (rank, place)
        if "link" not in taken:
            raise Refusal("takedown_columns", found=said(names))
        field_at = {place: field for field, (_, place) in taken.items()}
        return tuple(field_at.get(place, "") for place in range(len(names)))


@dataclass(frozen=True, kw_only=True, slots=True)
class TakedownRow:
    """A report of a file; `link` is still to be read."""

    number: int
    link: str
    status: TakedownStatus
    channel: TakedownChannel
    ticket: str | None
    sent_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    answer: str | None
    note: str


def read_takedown_row(row: Row) -> TakedownRow:
    """The report of a row. Raises Refusal with the code of what is wrong."""
    values = row.values
    if values is None:
        raise Refusal(row.error or "not_an_object")
    link = _text(values, "link")
    if link is None:
        raise Refusal("link_unknown")
    answered, ended = _moment(values, "answered"), _moment(values, "ended")
    status = _status(_text(values, "status"), ended is not None, answered is not None)
    if status in OUTCOMES and ended is None:
        ended = answered
    return TakedownRow(
        number=row.number,
        link=link,
        status=status,
        channel=_channel(_text(values, "channel")),
        ticket=_text(values, "ticket"),
        sent_at=_moment(values, "sent"),
        answered_at=answered,
        closed_at=None if status in OPEN else ended,
        answer=_text(values, "answer"),
        note=_text(values, "note") or "",
    )


def _status(word: str | None, has_ended: bool, was_answered: bool) -> TakedownStatus:
    if word is None:
        # Nothing is guessed of how it ended.
        return TakedownStatus.ANSWERED if was_answered or has_ended else TakedownStatus.SENT
    found = named(STATUS_WORDS, word)
    if found is None:
        raise Refusal("takedown_status_unknown", word=word[:40])
    return TakedownStatus(found)


def _channel(word: str | None) -> TakedownChannel:
    if word is None:
        return TakedownChannel.OTHER
    found = named(CHANNEL_WORDS, word)
    if found is None:
        raise Refusal("takedown_channel_unknown", word=word[:40])
    return TakedownChannel(found)


def _moment(values: Mapping[str, Any], key: str) -> datetime | None:
    value = values.get(key)
    return None if value is None or value == "" else posted_at(value, DateOrder.DAY)


def _text(values: Mapping[str, Any], key: str) -> str | None:
    value = values.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise Refusal("row_broken")
    return clean(value or "").strip()[: _MOST.get(key, 200)] or None


def _squeezed(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
