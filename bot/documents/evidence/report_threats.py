"""A threat in the report: its facts, each time that it was seen, what people did with it, and its event record."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from bot.documents.evidence.harmless import breakable, shown
from bot.documents.evidence.profiles import kind_words
from bot.documents.evidence.report_words import ANSWERS, said
from bot.documents.evidence.tables import public_record
from bot.i18n import PlainTranslator
from bot.i18n.event_record import NAMES, VALUES
from bot.i18n.threat_log import CATEGORIES, CHANNELS, EVENTS, MEASURES, SHORT_QUESTIONS, STATUSES
from bot.model.event_record import codes_of
from bot.model.evidence import ExportedSighting, ExportedStep, ExportedThreat

#: Rows of a table that the report shows; all of them are in tables/.
MOST_ROWS: Final = 200
_COLUMN: Final = 14
_MOST_NAMES: Final = 6
Facts = list[tuple[str, str]]
Moment = Callable[[datetime], str]
Table = dict[str, Any]


class ThreatWords:
    """Puts threats into words of one language; `moment` says a time in full, `short` on a line, in the `zone`."""

    def __init__(self, t: PlainTranslator, zone: str, moment: Moment, short: Moment) -> None:
        self._t = t
        self._zone = zone
        self._moment = moment
        self._short = short

    def data(self, threat: ExportedThreat) -> dict[str, Any]:
        """What report.typ reads of a threat."""
        title = self._t.pgettext("report", "Threat {threat}: message {n}", threat=threat.label, n=threat.part)
        facts = [*self._finding(threat), *self._where(threat), *self._work(threat), *self._record(threat)]
        return {
            "title": title,
            "facts": [(name, value) for name, value in facts if value],
            "tables": [each for each in (self._sightings(threat), self._steps(threat)) if each is not None],
        }

    def _finding(self, threat: ExportedThreat) -> Facts:
        t, more = self._t, threat.more
        imminent = t.pgettext("report", "yes") if threat.imminent else t.pgettext("report", "no")
        category = "" if more.category == "threat" else self._word(CATEGORIES, more.category)
        return [
            (t.pgettext("report", "What happened"), category),
            (t.pgettext("report", "Kind"), kind_words(threat.kinds, t)),
            (t.pgettext("report", "Severity"), t.pgettext("report", "{n} of 4", n=threat.severity)),
            (t.pgettext("report", "Imminent"), imminent),
            (t.pgettext("report", "Aimed at"), _clear(", ".join(threat.targets))),
            (t.pgettext("report", "Status"), self._word(STATUSES, threat.status)),
            (t.pgettext("report", "Recorded"), self._moment(threat.recorded_at)),
        ]

    def _where(self, threat: ExportedThreat) -> Facts:
        t, more = self._t, threat.more
        channel = self._word(CHANNELS, more.channel) if more.channel else ""
        counted = ""
        if more.sightings:
            counted = t.pgettext(
                "report", "{posted} posted, {seen} received", posted=more.times, seen=len(more.sightings)
            )
        return [
            (t.pgettext("report", "Came by"), channel),
            (t.pgettext("report", "Platform"), _clear(more.platform or "")),
            (t.pgettext("report", "Accounts"), _clear(_first_of(more.accounts))),
            (t.pgettext("report", "Link"), _clear(more.link or "")),
            (t.pgettext("report", "Place"), _clear(more.place or "")),
            (t.pgettext("report", "First seen"), self._moment(more.first_seen) if more.first_seen else ""),
            (t.pgettext("report", "Last seen"), self._moment(more.last_seen) if more.last_seen else ""),
            (t.pgettext("report", "Copies"), counted),
            (t.pgettext("report", "Incident"), more.incident or ""),
        ]

    def _work(self, threat: ExportedThreat) -> Facts:
        t, more = self._t, threat.more
        offered = ", ".join(self._word(MEASURES, code) for code in more.measures)
        answers = [
            f"{self._word(SHORT_QUESTIONS, question)}: {said(t, ANSWERS, answer)}"
            for question, answer in more.triage.items()
        ]
        return [
            (t.pgettext("report", "Seen to by"), _clear(more.assignee or "")),
            (t.pgettext("report", "Offered"), offered),
            (t.pgettext("report", "Questions of danger"), "\n".join(answers)),
            *((t.pgettext("report", "Note"), self._note(note)) for note in more.notes),
        ]

    def _note(self, note: ExportedStep) -> str:
        by = [_clear(note.by)] if note.by else []
        return " · ".join([_clear(note.details.get("text", "")), *by, self._short(note.at)])

    def _record(self, threat: ExportedThreat) -> Facts:
        return [
            (self._field(field, is_head=True), self._value(field, value))
            for field, value in public_record(threat.more).items()
        ]

    def _field(self, field: str, *, is_head: bool = False) -> str:
        name = self._t.pgettext("record", NAMES[field]) if field in NAMES else _clear(field)
        return name[:1].upper() + name[1:] if is_head else name

    def _value(self, field: str, value: str) -> str:
        if field not in VALUES:
            return _clear(value)
        words = VALUES[field]
        return ", ".join(self._t.pgettext("record", words[code]) if code in words else code for code in codes_of(value))

    def _sightings(self, threat: ExportedThreat) -> Table | None:
        t, seen = self._t, threat.more.sightings
        if len(seen) < 2:
            return None
        heads = [
            "№",
            t.pgettext("report", "Posted"),
            t.pgettext("report", "Received"),
            t.pgettext("report", "Account"),
            t.pgettext("report", "Link"),
            t.pgettext("report", "Case, message"),
        ]
        rows = [self._sighting(number, each) for number, each in enumerate(seen[:MOST_ROWS], start=1)]
        return self._table(t.pgettext("report", "Each time it was seen"), heads, rows, len(seen), "sightings")

    def _sighting(self, number: int, seen: ExportedSighting) -> list[str]:
        posted = self._short(seen.posted_at) if seen.posted_at is not None else "–"
        account, link = _narrow(seen.account or "–"), _narrow(seen.link or "–")
        return [str(number), posted, self._short(seen.seen_at), account, link, f"{seen.case}, {seen.part}"]

    def _steps(self, threat: ExportedThreat) -> Table | None:
        t, steps = self._t, threat.more.history
        if not steps:
            return None
        heads = [t.pgettext("report", "When"), t.pgettext("report", "What was done")]
        has_names = any(each.by for each in steps)
        heads += [t.pgettext("report", "Who")] if has_names else []
        rows = [
            [self._short(each.at), self._step(each), *([_clear(each.by or "–")] if has_names else [])]
            for each in steps[:MOST_ROWS]
        ]
        return self._table(t.pgettext("report", "History"), heads, rows, len(steps), "steps")

    def _table(self, title: str, heads: list[str], rows: list[list[str]], count: int, name: str) -> Table:
        left = count - len(rows)
        more = self._t.pgettext("report", "{count} more in {file}", count=left, file=f"tables/{name}.csv")
        return {
            "title": f"{title} ({self._zone})",
            "name": name,
            "columns": heads,
            "rows": rows,
            "more": more if left else "",
        }

    def _step(self, step: ExportedStep) -> str:
        value = _clear(self._told(step)) or "–"
        code = "unassigned" if step.event == "assigned" and step.details.get("who") == "" else step.event
        return self._t.gettext(EVENTS[code], value=value) if code in EVENTS else _clear(code)

    def _told(self, step: ExportedStep) -> str:
        details = step.details
        match step.event:
            case "status":
                return self._word(STATUSES, details.get("status", ""))
            case "offered" | "offer_back":
                return self._word(MEASURES, details.get("measure", ""))
            case "triage":
                question = self._word(SHORT_QUESTIONS, details.get("question", ""))
                return f"{question}: {said(self._t, ANSWERS, details.get('answer', ''))}"
            case "severity":
                return f"{details.get('before', '')} → {details.get('severity', '')}"
            case "told":
                tables = {"channel": CHANNELS, "category": CATEGORIES}
                return ", ".join(self._word(tables.get(key, {}), value) for key, value in details.items())
            case "record":
                return self._filled(details)
        return details.get("who") or details.get("other") or ""

    def _filled(self, details: Any) -> str:
        field = details.get("field", "")
        name = self._field(field)
        return f"{name}: {self._value(field, details['value']) or '–'}" if "value" in details else name

    def _word(self, words: dict[str, str], code: str) -> str:
        return self._t.gettext(words[code]) if code in words else _clear(code)


def _first_of(names: Sequence[str]) -> str:
    # All of them stand in the table of sightings.
    rest = len(names) - _MOST_NAMES
    return ", ".join(names[:_MOST_NAMES]) + (f" … (+{rest})" if rest > 0 else "")


def _clear(text: str) -> str:
    return breakable(shown(text))


def _narrow(text: str) -> str:
    return breakable(shown(text, lines=False), _COLUMN)
