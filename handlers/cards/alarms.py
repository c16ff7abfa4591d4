"""The alarm's one message: what it is about, how much of it there is, and who answered."""

from bot.i18n import Html
from bot.model.alarm import AlarmState
from bot.model.plain import one_line, without_bidi
from bot.model.rights import Right
from bot.model.threat import ThreatLine
from bot.services.alarms import AlarmView
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, quote, spoiler
from handlers.cards.sealed import words_sealed
from handlers.cards.seen import times
from handlers.cards.threat_list import aimed_at, what

_TEXT = 300
_NAME = 60
_MOST_CALLED = 6


def alarm_card(view: AlarmView, reader: Reader) -> Card:
    """An alarm as it is now; whoever a threat is aimed at reads none of its words here."""
    return Card(text=lines(*_text(view, reader)), buttons=_buttons(view, reader))


def _text(view: AlarmView, reader: Reader) -> list[Html | None]:
    t, alarm = reader.t, view.alarm
    worst = view.lines[0]
    mark = "🚨" if alarm.state is AlarmState.RINGING else "🔔"
    named = bold(t.gettext("Alarm"))
    head = Html(f"{mark} {Html(' · ').join([named, bold(worst.label), what(worst, reader)])}")
    urgent = t.gettext("A time, a place, a gathering or guards are named: perhaps urgent.") if alarm.imminent else None
    names = aimed_at(view.lines, reader)
    aim = t.gettext("Aimed at: {names}", names=names[:200]) if names else None
    return [
        head,
        urgent,
        aim,
        _size(view, reader),
        *(_words(line, reader) for line in view.lines),
        _answer(view, reader),
    ]


def _size(view: AlarmView, reader: Reader) -> Html:
    t = reader.t
    since = t.datetime(view.alarm.raised_at, reader.zone, "short")
    records = t.ngettext("{count} record", "{count} records", view.records, count=t.number(view.records))
    seen = t.gettext("seen {times}", times=times(max(1, view.times), t))
    return Html(" · ").join([records, seen, view.incident.label, t.gettext("since {time}", time=since)])


def _words(line: ThreatLine, reader: Reader) -> Html | None:
    if line.aims_at(reader.member.id):
        return reader.t.gettext("{record} is aimed at you: its words are left out here.", record=line.label)
    if line.sealed and not line.text:
        return words_sealed(reader.t)
    return quote(spoiler(clipped(without_bidi(line.text), _TEXT))) if line.text else None


def _answer(view: AlarmView, reader: Reader) -> Html:
    t, alarm = reader.t, view.alarm
    called = one_line(", ".join(view.called[:_MOST_CALLED]))[:200]
    if alarm.state is AlarmState.RINGING:
        return t.gettext("⏳ Nobody has answered yet. Called: {names}", names=called)
    who = one_line(view.answered_by or "")[:_NAME]
    when = t.time(alarm.answered_at, reader.zone) if alarm.answered_at is not None else ""
    if alarm.state is AlarmState.TAKEN:
        return t.gettext("✅ {who} sees to it, since {time}.", who=who, time=when)
    return t.gettext("🔕 {who} says: false alarm, {time}.", who=who, time=when)


def _buttons(view: AlarmView, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    t, alarm = reader.t.plain, view.alarm
    rows: list[tuple[Button, ...]] = []
    if alarm.state is AlarmState.RINGING and reader.member.may(Right.ANSWER_ALARM):
        rows.append((Button(label=t.pgettext("button", "I take it"), press=Press(action="atake", subject=alarm.id)),))
        rows.append(
            (
                Button(label=t.pgettext("button", "Escalate"), press=Press(action="aup", subject=alarm.id)),
                Button(label=t.pgettext("button", "False alarm"), press=Press(action="afalse", subject=alarm.id)),
            )
        )
    if reader.member.may(Right.SEE_THREATS):
        line = view.lines[0]
        press = Press(action="trec", subject=line.id, argument="new")
        rows.append((Button(label=t.pgettext("button", "Open {record}", record=line.label), press=press),))
    return tuple(rows)
