"""The threat log in lists: what answers a query, page by page; incidents; counts."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.i18n import Html
from bot.model.event_record import About
from bot.model.plain import one_line
from bot.model.rights import Right
from bot.model.threat import IncidentView, SavedQuery, ThreatLine, ThreatPage, ThreatQuery, ThreatStats
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, spoiler
from handlers.cards.event_records import entry_button
from handlers.cards.sealed import short
from handlers.cards.seen import times
from handlers.cards.threat_names import CATEGORIES, STATUSES

_EXCERPT = 70
_NAME = 40
_MOST_QUERIES = 8
_MOST_SAID = 200

Rows = tuple[tuple[Button, ...], ...]


def threat_list(found: ThreatPage, asked: ThreatQuery, query_id: int, typed: str, reader: Reader) -> Card:
    """A page of what answers a query; what of it was not understood is said first."""
    t = reader.t
    sees_all = reader.member.may(Right.SEE_THREATS)
    head = bold(t.gettext("Threat log") if sees_all else t.gettext("Your records in the threat log"))
    count = t.ngettext("{count} record", "{count} records", found.total, count=t.number(found.total))
    page = (
        t.gettext("page {page} of {pages}", page=found.page + 1, pages=t.number(found.pages))
        if found.pages > 1
        else None
    )
    shown = Html(" · ").join(part for part in (head, count, page) if part is not None)
    text = lines(
        shown,
        Html(f"<code>{clipped(one_line(typed), _MOST_SAID)}</code>") if typed else None,
        _not_understood(asked, reader),
        *(threat_line(line, reader) for line in found.lines),
        None if found.lines else t.gettext("Nothing in the log answers this."),
        _unsearched(found, reader),
        None if typed else _how(reader),
    )
    return Card(text=text, buttons=_list_buttons(found, query_id, typed, reader))


def _unsearched(found: ThreatPage, reader: Reader) -> Html | None:
    if not found.unsearched:
        return None
    return reader.t.ngettext(
        "🔐 {count} record is sealed: its words were not searched.",
        "🔐 {count} records are sealed: their words were not searched.",
        found.unsearched,
        count=reader.t.number(found.unsearched),
    )


def _not_understood(asked: ThreatQuery, reader: Reader) -> Html | None:
    if not asked.unknown:
        return None
    said = one_line(", ".join(asked.unknown))
    return reader.t.gettext("❔ Not understood, and left out: {words}", words=said[:_MOST_SAID])


def _how(reader: Reader) -> Html:
    example = Html("<code>/threats target:azattyk kind:death,arson severity:&gt;=3 since:7d status:new</code>")
    return reader.t.gettext("Narrow it down, in any of three languages: {example}", example=example)


def threat_line(line: ThreatLine, reader: Reader) -> Html:
    """A record in one line, with a link that opens it; its words are left out for whoever they are aimed at."""
    t = reader.t
    mark = "🔴 " if line.imminent or line.severity >= 4 else ""
    facts = [
        Html(f"{mark}/threat_{line.number}"),
        what(line, reader),
        words.word(t, STATUSES, line.status.value),
        reader.day(line.last_seen),
    ]
    if line.times > 1:
        facts.append(Html(f"×{t.number(line.times)}"))
    if line.assignee:
        facts.append(Html(f"👤 {clipped(one_line(line.assignee), _NAME)}"))
    said = Html(" · ").join(facts)
    if line.aims_at(reader.member.id):
        return Html(" · ").join([said, t.gettext("aimed at you")])
    names = aimed_at([line], reader)
    aim = Html(f" → {clipped(names, _NAME)}") if names and _sees_targets(line, reader) else ""
    excerpt = f" {spoiler(clipped(one_line(line.text), _EXCERPT))}" if line.text else ""
    if line.sealed and not line.text:
        excerpt = f" · {short(t)}"
    return Html(f"{said}{aim}{excerpt}")


def aimed_at(found: Iterable[ThreatLine], reader: Reader) -> str:
    """Who is meant, in one line; whose word alone it is stands behind the name."""
    t = reader.t.plain
    said = (
        each.name if each.said_by is None else t.gettext("{name} ({who} says)", name=each.name, who=each.said_by)
        for line in found
        for each in line.targets
    )
    return one_line(", ".join(dict.fromkeys(said)))


def _sees_targets(line: ThreatLine, reader: Reader) -> bool:
    return line.reporter_id == reader.member.id or reader.member.may(Right.SEE_TARGETS)


def what(line: ThreatLine, reader: Reader) -> Html:
    """What it is: kinds and severity of a threat, else the category."""
    t = reader.t
    if line.category.value != "threat":
        return Html.escaped(words.word(t, CATEGORIES, line.category.value))
    kinds = [words.word(t, words.KINDS, kind) for kind in line.kinds[:3]]
    named = Html.escaped(", ".join(kinds)) if kinds else t.gettext("threat")
    return named if not line.severity else Html(f"{named} {line.severity}/4")


def _list_buttons(found: ThreatPage, query_id: int, typed: str, reader: Reader) -> Rows:
    t, turn = reader.t.plain, []
    if found.page > 0:
        turn.append(_turn("◀", query_id, found.page - 1))
    if found.page + 1 < found.pages:
        turn.append(_turn("▶", query_id, found.page + 1))
    files = []
    if found.lines and reader.member.may(Right.SEE_THREATS):
        files.append(_file(t.pgettext("button", "Picture"), query_id, "picture"))
    if found.lines and reader.member.may(Right.MANAGE_THREATS):
        files += [_file("CSV", query_id, "csv"), _file("XLSX", query_id, "xlsx")]
    save = []
    if typed:
        save.append(
            Button(label=t.pgettext("button", "Save this query"), press=Press(action="tsave", subject=query_id))
        )
    else:
        save.append(Button(label=t.pgettext("button", "Saved queries"), press=Press(action="tqueries")))
    return tuple(tuple(row) for row in (turn, files, save) if row)


def _turn(label: str, query_id: int, page: int) -> Button:
    return Button(label=label, press=Press(action="threats", subject=query_id, argument=str(page)))


def _file(label: str, query_id: int, form: str) -> Button:
    return Button(label=label, press=Press(action="tfile", subject=query_id, argument=form))


def query_list(rows: Sequence[SavedQuery], reader: Reader) -> Card:
    """The queries that the reader keeps: a press asks one, another forgets it."""
    t = reader.t
    if not rows:
        return Card(text=t.gettext("You keep no queries yet. Ask one with /threats, then press “Save this query”."))
    shown = [
        Html(f"{number}. {bold(one_line(row.name or ''))}: <code>{clipped(one_line(row.words), 100)}</code>")
        for number, row in enumerate(rows[:_MOST_QUERIES], start=1)
    ]
    buttons = tuple(
        (
            Button(label=one_line(row.name or "")[:30] or "?", press=Press(action="threats", subject=row.id)),
            Button(
                label=t.plain.pgettext("button", "Forget {number}", number=str(number)),
                press=Press(action="tqforget", subject=row.id),
            ),
        )
        for number, row in enumerate(rows[:_MOST_QUERIES], start=1)
    )
    return Card(text=lines(bold(t.gettext("Saved queries")), *shown), buttons=buttons)


def incident_card(view: IncidentView, reader: Reader) -> Card:
    """An incident with its records; security leads may merge it with another, or split a record off."""
    t, incident = reader.t, view.incident
    period = t.gettext(
        "from {first} to {last}",
        first=t.datetime(incident.first_seen, reader.zone, "short"),
        last=t.datetime(incident.last_seen, reader.zone, "short"),
    )
    records = t.ngettext("{count} record", "{count} records", view.threats, count=t.number(view.threats))
    cases = t.ngettext("{count} case", "{count} cases", view.submissions, count=t.number(view.submissions))
    accounts = t.ngettext("{count} account", "{count} accounts", view.accounts, count=t.number(view.accounts))
    seen = t.gettext("seen {times}", times=times(view.times, t))
    head = Html(" · ").join([bold(t.gettext("Incident {incident}", incident=incident.label)), period])
    text = lines(
        head,
        Html(" · ").join([records, seen, cases, accounts]),
        *(
            t.gettext("🎭 {account} uses the name or photo of {name}.", account=words.account_name(account), name=name)
            for account, name in view.impersonations
        ),
        *(threat_line(line, reader) for line in view.lines),
    )
    return Card(text=text, buttons=_incident_buttons(view, reader))


def _incident_buttons(view: IncidentView, reader: Reader) -> Rows:
    t, number = reader.t.plain, view.incident.number
    rows: list[tuple[Button, ...]] = []
    entry = entry_button(About.INCIDENT, number, reader)
    if not reader.member.may(Right.MANAGE_THREATS):
        return ((entry,),)
    for other in view.others:
        press = Press(action="imerge", subject=number, argument=str(other.number))
        rows.append((Button(label=t.pgettext("button", "Merge into {incident}", incident=other.label), press=press),))
    if view.threats > 1:
        split = [
            Button(
                label=t.pgettext("button", "Split off {record}", record=line.label),
                press=Press(action="isplit", subject=line.id),
            )
            for line in view.lines[:4]
        ]
        rows += [tuple(split[n : n + 2]) for n in range(0, len(split), 2)]
    return (*rows, (entry,))


def stats_card(stats: ThreatStats, reader: Reader) -> Card:
    """Counts of a period: how many, where they stand, of which kind, against whom, how fast alarms were answered."""
    t = reader.t
    head = Html(" · ").join(
        [
            bold(t.gettext("Threats since {date}", date=reader.day(stats.since))),
            t.ngettext("{count} record", "{count} records", stats.total, count=t.number(stats.total)),
            t.gettext("seen {times}", times=times(stats.times, t)),
        ]
    )
    severity = {f"{number}/4": count for number, count in stats.by_severity.items()}
    alarms = None
    if stats.alarms:
        alarms = t.ngettext("{count} alarm", "{count} alarms", stats.alarms, count=t.number(stats.alarms))
    if alarms is not None and stats.answered_in is not None:
        wait = t.duration(timedelta(seconds=stats.answered_in))
        alarms = Html(", ").join([alarms, t.gettext("half of them answered within {time}", time=wait)])
    text = lines(
        head,
        _counted(t.gettext("Status"), {words.word(t, STATUSES, k): n for k, n in stats.by_status.items()}, reader),
        _counted(t.gettext("Kind"), {words.word(t, words.KINDS, k): n for k, n in stats.by_kind.items()}, reader),
        _counted(t.gettext("Severity"), severity, reader),
        _counted(t.gettext("Platform"), {words.platform(k): n for k, n in stats.by_platform.items()}, reader),
        _counted(t.gettext("Aimed at"), dict(stats.by_target), reader),
        alarms,
    )
    return Card(text=text)


def _counted(name: str, counts: dict[str, int], reader: Reader) -> Html | None:
    if not counts:
        return None
    shown = ", ".join(f"{one_line(key)[:_NAME]} {reader.t.number(count)}" for key, count in list(counts.items())[:8])
    return Html(f"{Html.escaped(name)}: {Html.escaped(shown)}")
