"""The duty roster on a card: who is on duty, whom an alarm goes to after that, whose hours are quiet."""

from collections.abc import Sequence

from bot.i18n import Html
from bot.model.alarm import Watch
from bot.model.plain import one_line
from handlers.buttons import Press
from handlers.cards.card import Button, Card, Reader, bold, lines

_NAME = 60


def duty_card(roster: Sequence[Watch], order: Sequence[Sequence[str]], minutes: float, reader: Reader) -> Card:
    """The roster, and the way of an alarm."""
    t = reader.t
    head = bold(t.gettext("Duty roster"))
    shown = [_watch(number, watch, reader) for number, watch in enumerate(roster, start=1)]
    nobody = t.gettext("Nobody is on the roster: alarms go to the security leads in the order in which they came.")
    way = Html(" → ").join(Html.escaped(one_line(", ".join(each))[:_NAME]) for each in order[:8])
    text = lines(
        head,
        *(shown or [nobody]),
        t.gettext("An alarm goes: {way}", way=way) if order else t.gettext("Nobody can be called: invite colleagues."),
        t.gettext("Without an answer it goes on after {minutes} min (/settings alarm_minutes).", minutes=int(minutes)),
        t.gettext("Quiet hours: /duty 22:00-07:00, /duty off. Alarms sound at any hour."),
    )
    return Card(text=text, buttons=_buttons(roster, reader))


def _watch(number: int, watch: Watch, reader: Reader) -> Html:
    said = [Html.escaped(one_line(watch.name)[:_NAME])]
    if number == 1:
        said.append(reader.t.gettext("on duty"))
    if watch.quiet_from is not None and watch.quiet_until is not None:
        hours = f"{_clock(watch.quiet_from)}–{_clock(watch.quiet_until)}"
        said.append(reader.t.gettext("quiet {hours}", hours=hours))
    mark = "🟢" if number == 1 else f"{number}."
    return Html(f"{mark} {Html(' · ').join(said)}")


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _buttons(roster: Sequence[Watch], reader: Reader) -> tuple[tuple[Button, ...], ...]:
    t, mine = reader.t.plain, [watch.member_id for watch in roster]
    row = []
    if mine[:1] != [reader.member.id]:
        row.append(Button(label=t.pgettext("button", "I am on duty now"), press=Press(action="dutytake")))
    if reader.member.id not in mine:
        row.append(Button(label=t.pgettext("button", "Join the roster"), press=Press(action="dutyjoin")))
    else:
        row.append(Button(label=t.pgettext("button", "Leave the roster"), press=Press(action="dutyleave")))
    return (tuple(row),)
