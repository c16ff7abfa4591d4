"""The answer to a query of the threat log as a table: one row for a record, in the reader's words."""

from bot.i18n import NP_
from bot.model.threat import ThreatLine
from handlers.cards import words
from handlers.cards.card import Reader
from handlers.cards.threat_list import aimed_at
from handlers.cards.threat_names import CATEGORIES, CHANNELS, STATUSES

#: What a picture shows; a file has all of it.
PICTURED = ("record", "seen", "kind", "severity", "status", "target", "times", "text")
_HEADS = {
    "record": NP_("plain", "Record"),
    "seen": NP_("plain", "Last seen"),
    "first": NP_("plain", "First seen"),
    "category": NP_("plain", "Category"),
    "kind": NP_("plain", "Kind"),
    "severity": NP_("plain", "Severity"),
    "urgent": NP_("plain", "Urgent"),
    "status": NP_("plain", "Status"),
    "target": NP_("plain", "Aimed at"),
    "channel": NP_("plain", "Channel"),
    "platform": NP_("plain", "Platform"),
    "account": NP_("plain", "Account"),
    "link": NP_("plain", "Link"),
    "place": NP_("plain", "Place"),
    "times": NP_("plain", "Times"),
    "assignee": NP_("plain", "Sees to it"),
    "incident": NP_("plain", "Incident"),
    "text": NP_("plain", "Words"),
}


def heads(reader: Reader, columns: tuple[str, ...] = tuple(_HEADS)) -> list[str]:
    """The names of the columns."""
    return [reader.t.plain.pgettext("plain", _HEADS[name]) for name in columns]


def row(line: ThreatLine, reader: Reader, columns: tuple[str, ...] = tuple(_HEADS)) -> list[str | int]:
    """A record's cells; its words are left out for whoever it is aimed at."""
    cells = _cells(line, reader)
    return [cells[name] for name in columns]


def _cells(line: ThreatLine, reader: Reader) -> dict[str, str | int]:
    t, zone = reader.t.plain, reader.zone
    kinds = ", ".join(t.gettext(words.KINDS[kind]) if kind in words.KINDS else kind for kind in line.kinds)
    mine = line.aims_at(reader.member.id)
    return {
        "record": line.label,
        "seen": line.last_seen.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        "first": line.first_seen.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        "category": t.gettext(CATEGORIES[line.category.value]),
        "kind": kinds,
        "severity": line.severity,
        "urgent": t.gettext("yes") if line.imminent else "",
        "status": t.gettext(STATUSES[line.status.value]),
        "target": aimed_at([line], reader),
        "channel": t.gettext(CHANNELS[line.channel]) if line.channel in CHANNELS else "",
        "platform": words.APPLICATIONS.get(line.platform or "", line.platform or ""),
        "account": words.account_name(line.account) if line.account else "",
        "link": line.link or "",
        "place": line.place or "",
        "times": line.times,
        "assignee": line.assignee or "",
        "incident": f"I-{line.incident}" if line.incident is not None else "",
        "text": "" if mine else line.text or (t.gettext("🔐 sealed") if line.sealed else ""),
    }
