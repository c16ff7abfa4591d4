"""The card of a report to a platform: what is to be removed, where that stands, and what a person may do with it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.i18n import Html
from bot.model.account import AccountStatus
from bot.model.plain import one_line, without_bidi
from bot.model.rights import Right
from bot.model.takedown import OPEN, Takedown, TakedownStatus, TakedownView, may_become
from bot.model.threat import Event
from bot.services.takedown_steps import RECHECKS
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, quote
from handlers.cards.takedown_names import (
    TAKEDOWN_CHANNEL_BUTTONS,
    TAKEDOWN_CHANNELS,
    TAKEDOWN_EVENTS,
    TAKEDOWN_STATUS_BUTTONS,
    TAKEDOWN_STATUSES,
    WHY_BUTTONS,
    WHYS,
)

_LINK = 200
_NAME = 64
_ANSWER = 700
_NOTE = 400
_MOST_EVENTS = 25
_MOST_EVIDENCE = 12

Rows = tuple[tuple[Button, ...], ...]


def takedown_card(view: TakedownView, reader: Reader, outcome: str | None = None) -> Card:
    """A report with its steps; `outcome` says why it is shown: "filed", "known" or "reminder"."""
    t, found = reader.t, view.takedown
    text = lines(
        _outcome(outcome, reader),
        head(found, reader),
        Html(f"<code>{clipped(one_line(found.target), _LINK)}</code>"),
        _account(view, reader),
        t.gettext("What is fake: {what}", what=_whys(found.why, reader)) if found.why else None,
        _evidence(found.evidence, reader),
        _when_sent(found, reader),
        t.gettext("Reported before: {label}; this is report number {n}.", label=view.previous, n=found.attempt)
        if view.previous
        else None,
        t.gettext("Ticket: {ticket}", ticket=Html(f"<code>{clipped(one_line(found.ticket), 100)}</code>"))
        if found.ticket
        else None,
        _ended(found, reader),
        _recheck(found, reader),
        _answer(found, reader),
        quote(Html(f"📝 {clipped(without_bidi(found.note), _NOTE)}")) if found.note else None,
    )
    return Card(text=text, buttons=_buttons(view, reader, outcome))


def _outcome(outcome: str | None, reader: Reader) -> Html | None:
    t = reader.t
    said = {
        "filed": t.gettext("Recorded. When there is an answer, press what came of it."),
        "known": t.gettext("⚠️ This was reported already. “Report again” records one more report."),
        "reminder": t.gettext("⏰ It is time to look whether this is still there."),
    }
    return said.get(outcome or "")


def head(found: Takedown, reader: Reader) -> Html:
    """TD-12 · Facebook · sent, waiting · a form."""
    facts = [
        bold(found.label),
        Html.escaped(words.platform(found.platform)),
        bold(words.word(reader.t, TAKEDOWN_STATUSES, found.status.value)),
        Html.escaped(words.word(reader.t, TAKEDOWN_CHANNELS, found.channel)),
    ]
    return Html(" · ").join(facts)


def _account(view: TakedownView, reader: Reader) -> Html | None:
    found, account = view.takedown, view.account
    if account is None and not found.account:
        return None
    name = clipped(one_line(words.account_name(account.label if account else found.account or "")), _NAME)
    if account is None:
        return reader.t.gettext("Account: {account}, not on the list", account=name)
    status = words.word(reader.t, words.STATUSES, account.status.value)
    said = reader.t.gettext("Account: {account}, {status}", account=name, status=status)
    if account.status is AccountStatus.CLEARED:
        warning = reader.t.gettext("It was checked and cleared: please take the report back at the platform.")
        return Html("\n").join([said, Html(f"⚠️ {warning}")])
    return said


def _whys(codes: Sequence[str], reader: Reader) -> str:
    return ", ".join(words.word(reader.t, WHYS, code) for code in codes)


def _evidence(labels: Sequence[str], reader: Reader) -> Html | None:
    if not labels:
        return None
    shown = ", ".join(one_line(label)[:12] for label in labels[:_MOST_EVIDENCE])
    return reader.t.gettext("Evidence: {labels}", labels=shown + ("…" if len(labels) > _MOST_EVIDENCE else ""))


def _when_sent(found: Takedown, reader: Reader) -> Html | None:
    if found.sent_at is None:
        return None
    who = clipped(one_line(found.reporter or ""), _NAME) or words.lister(reader.t, "command line")
    return reader.t.gettext("Sent {date}, recorded by {who}", date=reader.day(found.sent_at), who=who)


def _ended(found: Takedown, reader: Reader) -> Html | None:
    t, days = reader.t, found.days(reader.now or found.recorded_at)
    if days is None:
        return None
    count = int(days)
    if found.closed_at is None:
        return t.ngettext("It waits {count} day.", "It waits {count} days.", count, count=t.number(count))
    took = t.ngettext("after {count} day", "after {count} days", count, count=t.number(count))
    return t.gettext("Ended {date}, {took}", date=reader.day(found.closed_at), took=took)


def _recheck(found: Takedown, reader: Reader) -> Html | None:
    if found.recheck_at is None or found.status is TakedownStatus.DRAFT:
        return None
    return reader.t.gettext("Look again: {date}", date=reader.day(found.recheck_at))


def _answer(found: Takedown, reader: Reader) -> Html | None:
    if not found.answer:
        return None
    day = reader.day(found.answered_at) if found.answered_at is not None else "?"
    said = reader.t.gettext("Answer, {date}:", date=day)
    return Html(f"{said} {quote(clipped(without_bidi(found.answer), _ANSWER))}")


def _press(action: str, takedown_id: int, argument: str = "") -> Press:
    return Press(action=action, subject=takedown_id, argument=argument)


def _buttons(view: TakedownView, reader: Reader, outcome: str | None) -> Rows:
    t, found = reader.t.plain, view.takedown

    def button(label: str, action: str, argument: str = "") -> Button:
        return Button(label=label, press=_press(action, found.id, argument))

    again = button(t.pgettext("button", "Report again"), "tdagain")
    if outcome == "known":
        return ((again,), (button(t.pgettext("button", "Open the report"), "tdown"),))
    steps = [
        button(t.pgettext("button", text), "tdset", code)
        for code, text in TAKEDOWN_STATUS_BUTTONS.items()
        if may_become(found.status, TakedownStatus(code)) and (code != "sent" or found.status not in OPEN)
    ]
    rows = [tuple(steps[n : n + 3]) for n in range(0, len(steps), 3)]
    account = view.account
    is_there = account is not None and account.status in (AccountStatus.SUSPECTED, AccountStatus.CONFIRMED)
    if found.status is TakedownStatus.REMOVED and found.kind == "account" and is_there:
        rows.insert(0, (button(t.pgettext("button", "The account is gone: note it"), "tdgone"),))
    ended = found.status in (TakedownStatus.REFUSED, TakedownStatus.NO_ANSWER, TakedownStatus.PARTLY)
    rows += [
        (
            button(t.pgettext("button", "Answer…"), "tdask", "answer"),
            button(t.pgettext("button", "Ticket…"), "tdask", "ticket"),
        ),
        (
            button(t.pgettext("button", "Channel…"), "tdmenu", "channel"),
            button(t.pgettext("button", "What is fake…"), "tdmenu", "why"),
        ),
        (
            button(t.pgettext("button", "Look again…"), "tdmenu", "recheck"),
            button(t.pgettext("button", "Add a note"), "tdask", "note"),
        ),
        (button(t.pgettext("button", "History"), "tdhist"), *([again] if ended else [])),
    ]
    return tuple(rows)


def takedown_menu(view: TakedownView, menu: str, reader: Reader) -> Card:
    """The choice of a channel, of what is fake, or of a day to look again."""
    t, found = reader.t, view.takedown
    back = Button(label=t.plain.pgettext("button", "Back"), press=_press("tdown", found.id))
    if menu == "why":
        asked = t.gettext("{label}: what is fake about it? The platform is told exactly this.", label=found.label)
        choice = [
            Button(
                label=("✅ " if code in found.why else "") + t.plain.pgettext("button", text),
                press=_press("tdwhy", found.id, code),
            )
            for code, text in WHY_BUTTONS.items()
        ]
    elif menu == "recheck":
        asked = t.gettext("{label}: in how many days shall I remind you to look again?", label=found.label)
        choice = [Button(label=str(days), press=_press("tdcheck", found.id, str(days))) for days in RECHECKS]
        choice.append(Button(label=t.plain.pgettext("button", "Not at all"), press=_press("tdcheck", found.id, "0")))
    else:
        asked = t.gettext("{label}: by which way was it reported?", label=found.label)
        choice = [
            Button(label=t.plain.pgettext("button", text), press=_press("tdchan", found.id, code))
            for code, text in TAKEDOWN_CHANNEL_BUTTONS.items()
        ]
    rows = [tuple(choice[n : n + 2]) for n in range(0, len(choice), 2)]
    return Card(text=asked, buttons=(*rows, (back,)))


def takedown_history(view: TakedownView, reader: Reader) -> Card:
    """All that happened to a report, the latest last."""
    back = Button(label=reader.t.plain.pgettext("button", "Back"), press=_press("tdown", view.takedown.id))
    shown = [
        event_line(event, TAKEDOWN_EVENTS, _value(event, reader), reader) for event in view.history[-_MOST_EVENTS:]
    ]
    return Card(text=lines(bold(view.takedown.label), *shown), buttons=((back,),))


def event_line(event: Event, table: Mapping[str, str], value: str, reader: Reader) -> Html:
    """When, who, what."""
    when = reader.t.datetime(event.at, reader.zone, "short")
    who = f" · {clipped(one_line(event.member), _NAME)}" if event.member else ""
    said = reader.t.gettext(table[event.event], value=value or "–") if event.event in table else event.event
    return Html(f"{when}{who} · {Html.escaped(said)}")


def _value(event: Event, reader: Reader) -> str:
    details = event.details
    match event.event:
        case "takedown_status":
            return words.word(reader.t, TAKEDOWN_STATUSES, details.get("status", ""))
        case "takedown_channel":
            return words.word(reader.t, TAKEDOWN_CHANNELS, details.get("channel", ""))
        case "takedown_why":
            return _whys([code for code in details.get("why", "").split(",") if code], reader)
        case "takedown_recheck":
            at = details.get("until")
            return reader.day(datetime.fromisoformat(at)) if at else ""
        case "takedown_told":
            return one_line(details.get("text", ""))[:120]
    return ""


def takedown_lines(found: Sequence[Takedown], reader: Reader) -> list[Html]:
    """What the card of an account says of the reports about it, the latest last; nothing for whoever may not see it."""
    if not found or not reader.member.may(Right.TAKEDOWNS):
        return []
    t, latest = reader.t, found[-1]
    status = words.word(t, TAKEDOWN_STATUSES, latest.status.value)
    count = t.ngettext("reported {count} time", "reported {count} times", len(found), count=len(found))
    link = Html(f"/takedown_{latest.number}")
    return [Html(" · ").join([Html("📮 ") + count, Html.escaped(status), link])]
