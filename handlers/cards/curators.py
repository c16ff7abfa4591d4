"""People behind farms and leaked work reports on cards: for `security` only; the services ask for the right."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.i18n import N_, Html
from bot.model.curator import Curator, Tie, WorkReport
from bot.model.plain import one_line
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, spoiler

PERSON_KINDS: Final = {"curator": N_("curator"), "client": N_("client")}
ACCOUNT_KINDS: Final = {"hired": N_("hired accounts"), "attached": N_("accounts attached to a person")}
_EXCERPT: Final = 300
_NEW: Final = Html("<code>/curator add B2 Name</code>, <code>/curator client C3 Name</code>")


def curator_list(found: Sequence[Curator], reader: Reader) -> Card:
    """Every record in a line."""
    t = reader.t
    text = lines(
        bold(t.gettext("Curators and clients")),
        t.gettext("Only security leads see this. Nothing here is proven; every record has a grade (A–F, 1–6)."),
        *(_in_list(each, reader) for each in found),
        None if found else t.gettext("There is no record yet."),
        t.gettext("New: {example}", example=_NEW),
    )
    return Card(text=text)


def _in_list(record: Curator, reader: Reader) -> Html:
    kind = words.word(reader.t, PERSON_KINDS, record.kind)
    farms = ", ".join(dict.fromkeys(tie.farm for tie in record.ties if tie.farm))
    tail = Html(f" · {Html.escaped(farms)}") if farms else Html("")
    return Html(f"{record.label} · {Html.escaped(kind)} · {clipped(one_line(record.name), 60)} · {record.grade}{tail}")


def curator_card(record: Curator, reader: Reader) -> Card:
    """A record with its ties, and what else could explain the same."""
    t = reader.t
    kind = words.word(t, PERSON_KINDS, record.kind)
    text = lines(
        Html(f"{bold(record.label)} {bold(one_line(record.name)[:100])}"),
        t.gettext(
            "{kind} · grade {grade} · {who}, {day}",
            kind=kind,
            grade=record.grade,
            who=one_line(record.author),
            day=reader.day(record.at),
        ),
        clipped(record.note, 600) if record.note else None,
        *(_tie(tie, reader) for tie in record.ties),
        *(
            t.gettext(
                "❔ It could also be ({grade}): {text} · {who}",
                grade=each.grade,
                text=one_line(each.text)[:_EXCERPT],
                who=one_line(each.author),
            )
            for each in record.hypotheses
        ),
        None if record.hypotheses else t.gettext("❔ No other explanation is noted yet. What else could it be?"),
        t.gettext(
            "More: {example}",
            example=Html(
                f"<code>/curator {record.label} link F-3 B2 2020-07 2020-10 …</code>, "
                f"<code>/curator {record.label} or C3 …</code>"
            ),
        ),
    )
    return Card(text=text)


def _tie(tie: Tie, reader: Reader) -> Html:
    t = reader.t
    what = tie.farm or words.word(t, ACCOUNT_KINDS, tie.account_kind or "")
    if tie.farm and tie.account_kind:
        what = f"{tie.farm}, {words.word(t, ACCOUNT_KINDS, tie.account_kind)}"
    span = _span(tie.since, tie.until, reader)
    said = t.gettext(
        "{what}{span} · grade {grade} · {why} · {who}",
        what=what,
        span=f" ({span})" if span else "",
        grade=tie.grade,
        why=one_line(tie.why)[:_EXCERPT],
        who=one_line(tie.author),
    )
    return Html("🔗 ") + said


def _span(since: date | None, until: date | None, reader: Reader) -> str:
    if since is None and until is None:
        return ""
    ends = [reader.t.date(each) if each is not None else "…" for each in (since, until)]
    return " – ".join(ends)


def report_list(found: Sequence[WorkReport], is_more: bool, page: int, reader: Reader) -> Card:
    """Leaked work reports: the day, the farm, the words behind a spoiler; never who handed one in."""
    t = reader.t
    text = lines(
        bold(t.gettext("Leaked work reports")),
        t.gettext("Who handed one in is not kept anywhere."),
        *(_report(each, reader) for each in found),
        None if found else t.gettext("None has come in yet. /workreport takes one."),
        t.gettext("Of which farm: {example}", example=Html("<code>/workreports W-1 F-3</code>")) if found else None,
    )
    rows = [
        (
            Button(
                label=t.plain.pgettext("button", "Picture {label}", label=each.label),
                press=Press(action="wpicture", subject=each.number),
            ),
        )
        for each in found
        if each.sha256 is not None
    ]
    turn = []
    if page > 0:
        turn.append(Button(label="◀", press=Press(action="wreports", subject=page - 1)))
    if is_more:
        turn.append(Button(label="▶", press=Press(action="wreports", subject=page + 1)))
    if turn:
        rows.append(tuple(turn))  # type: ignore[arg-type]
    return Card(text=text, buttons=tuple(rows))


def _report(report: WorkReport, reader: Reader) -> Html:
    parts = [Html(report.label), Html.escaped(reader.t.date(report.day))]
    if report.farm:
        parts.append(Html(report.farm))
    words_of = f" {spoiler(clipped(report.text, _EXCERPT))}" if report.text else ""
    return Html(f"{Html(' · ').join(parts)}{words_of}")
