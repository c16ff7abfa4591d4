"""The card of a record T-n, its menus, the guided form, and the short questions after "this is a threat"."""

from collections.abc import Sequence

from bot.i18n import Html
from bot.i18n.event_record import NAMES
from bot.model.event_record import About
from bot.model.newsroom import Member
from bot.model.plain import one_line, without_bidi
from bot.model.restriction import RefNoun
from bot.model.rights import Right
from bot.model.staff import Staff
from bot.model.threat import QUESTIONS, Event, Threat, ThreatLine
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, quote, spoiler
from handlers.cards.event_records import entry_button
from handlers.cards.sealed import short, words_sealed
from handlers.cards.threat_list import aimed_at, what
from handlers.cards.threat_names import (
    ANSWERS,
    CATEGORIES,
    CATEGORY_BUTTONS,
    CHANNEL_BUTTONS,
    CHANNELS,
    EVENTS,
    MEASURE_BUTTONS,
    MEASURES,
    SHORT_QUESTIONS,
    STATUS_BUTTONS,
    STATUSES,
)
from handlers.cards.threat_names import QUESTIONS as QUESTION_WORDS

_TEXT = 600
_NAME = 60
_LINK = 120
_NOTE = 300
_MOST_NOTES = 3
_MOST_EVENTS = 25
_MOST_STAFF = 12
#: The platforms of the short questions.
_PLATFORMS = ("facebook", "instagram", "telegram", "whatsapp", "tiktok", "youtube", "vk", "ok", "x")
_ONLINE = ("comment", "message")

Rows = tuple[tuple[Button, ...], ...]


def threat_card(view: Threat, reader: Reader, *, full: bool = False) -> Card:
    """A record. Whoever it is aimed at reads one line first, and the rest only by a press: others read it before."""
    line = view.line
    if line.aims_at(reader.member.id) and not full:
        return _summary(line, reader)
    text = lines(
        *_head(view, reader),
        *_where(view, reader),
        _words(view, reader),
        *_work(view, reader),
        *(_note(event, reader) for event in view.notes[-_MOST_NOTES:]),
    )
    return Card(text=text, buttons=_buttons(view, reader))


def _summary(line: ThreatLine, reader: Reader) -> Card:
    t = reader.t
    status = words.word(t, STATUSES, line.status.value)
    said = Html(" · ").join([bold(line.label), t.gettext("aimed at you"), what(line, reader), status])
    who = t.gettext("{who} is seeing to it.", who=one_line(line.assignee)) if line.assignee else None
    care = t.gettext(
        "A colleague can read the words first. You need not read them; you can at any time, and you are not alone."
    )
    more = Button(label=t.plain.pgettext("button", "Show me the words"), press=_press("tmore", line.id))
    return Card(text=lines(said, who, care), buttons=((more,),))


def _head(view: Threat, reader: Reader) -> list[Html | None]:
    t, line = reader.t, view.line
    mark = "🔴 " if line.imminent or line.severity >= 4 else ""
    status = bold(words.word(t, STATUSES, line.status.value))
    first = Html(f"{mark}{Html(' · ').join([bold(line.label), what(line, reader), status])}")
    urgent = t.gettext("A time, a place, a gathering or guards are named: perhaps urgent.") if line.imminent else None
    against = None
    if view.finding.demotions:
        why = ", ".join(words.word(t, words.DEMOTIONS, code) for code in view.finding.demotions)
        against = t.gettext("Against that: {why}.", why=why)
    return [first, urgent, against, _targets(line, reader)]


def _targets(line: ThreatLine, reader: Reader) -> Html | None:
    if not (line.reporter_id == reader.member.id or reader.member.may(Right.SEE_TARGETS)):
        return None
    if not line.targets:
        return reader.t.gettext("It names nobody: whoever it addresses is meant.")
    return reader.t.gettext("Aimed at: {names}", names=aimed_at([line], reader)[:200])


def _where(view: Threat, reader: Reader) -> list[Html | None]:
    t, line = reader.t, view.line
    told = []
    if line.account:
        told.append(clipped(one_line(words.account_name(line.account)), _NAME))
    if line.channel:
        told.append(Html.escaped(one_line(words.word(t, CHANNELS, line.channel))))
    if line.platform and not (line.account or "").startswith(f"{line.platform}:"):
        told.append(Html.escaped(one_line(words.APPLICATIONS.get(line.platform, line.platform))))
    if line.place:
        told.append(clipped(one_line(line.place), _NAME))
    first, last = (t.datetime(moment, reader.zone, "short") for moment in (line.first_seen, line.last_seen))
    seen = t.gettext("Seen {first}", first=first)
    if line.times > 1:
        count = t.number(line.times)
        seen = t.ngettext(
            "Seen {count} time, from {first} to {last}",
            "Seen {count} times, from {first} to {last}",
            line.times,
            count=count,
            first=first,
            last=last,
        )
    link = Html(f"<code>{clipped(one_line(line.link), _LINK)}</code>") if line.link else None
    return [Html(" · ").join(told) if told else None, link, seen, _reported(view, reader)]


def _reported(view: Threat, reader: Reader) -> Html | None:
    line, t = view.line, reader.t
    case = next((each.case for each in view.sightings if each.case is not None), None)
    link = Html(f" /case_{case}") if case is not None and reader.member.may(Right.OWN_CASES) else Html("")
    if not line.reporter:
        return None
    return Html(t.gettext("Reported by {who}", who=one_line(line.reporter)[:_NAME]) + link)


def _words(view: Threat, reader: Reader) -> Html | None:
    if not view.line.text:
        return words_sealed(reader.t) if view.line.sealed else None
    text = without_bidi(view.line.text)
    if text != view.line.text:
        # What was taken out would shift the marks.
        return quote(spoiler(clipped(text, _TEXT)))
    return quote(spoiler(_marked(text, [(span.start, span.end) for span in view.finding.spans])))


def _marked(text: str, spans: Sequence[tuple[int, int]]) -> Html:
    cut = text[:_TEXT]
    inside = {place for start, end in spans for place in range(max(0, start), min(end, len(cut)))}
    pieces, start = [], 0
    for end in range(1, len(cut) + 1):
        if end == len(cut) or (end in inside) != (start in inside):
            piece = Html.escaped(cut[start:end])
            pieces.append(f"<b>{piece}</b>" if start in inside else piece)
            start = end
    return Html("".join(pieces) + ("…" if len(text) > _TEXT else ""))


def _work(view: Threat, reader: Reader) -> list[Html | None]:
    t, line = reader.t, view.line
    who = t.gettext("👤 {who} is seeing to it.", who=one_line(line.assignee)[:_NAME]) if line.assignee else None
    offered = ", ".join(words.word(t, MEASURES, code) for code in view.measures)
    yes = [words.word(t, SHORT_QUESTIONS, question) for question, answer in view.triage.items() if answer == "yes"]
    asked = len(view.triage)
    form = None
    if asked:
        form = t.gettext("Form: {count} of {total} answered.", count=asked, total=len(QUESTIONS))
        if yes:
            form = Html(form + " " + t.gettext("Yes: {answers}.", answers=", ".join(yes)))
    return [
        who,
        t.gettext("Offered: {measures}", measures=offered) if offered else None,
        form,
        _alarm(view, reader),
        t.gettext(
            "Part of incident {incident} {link}", incident=f"I-{line.incident}", link=f"/incident_{line.incident}"
        )
        if line.incident is not None and reader.member.may(Right.SEE_THREATS)
        else None,
    ]


def _alarm(view: Threat, reader: Reader) -> Html | None:
    t = reader.t
    if view.alarm is None:
        return None
    state, who, at = view.alarm
    if state == "ringing":
        return t.gettext("🔔 The alarm rings: nobody has answered yet.")
    when = t.datetime(at, reader.zone, "short") if at is not None else ""
    name = one_line(who or "")[:_NAME]
    if state == "taken":
        return t.gettext("🔔 {who} took the alarm, {time}.", who=name, time=when)
    return t.gettext("🔕 False alarm, says {who}, {time}.", who=name, time=when)


def _note(event: Event, reader: Reader) -> Html:
    when = reader.t.datetime(event.at, reader.zone, "short")
    who = clipped(one_line(event.member or ""), _NAME)
    said = clipped(without_bidi(event.details.get("text", "")), _NOTE) or short(reader.t)
    return Html(f"📝 {who}, {when}: {said}")


def _buttons(view: Threat, reader: Reader) -> Rows:
    t, line = reader.t.plain, view.line
    rows: list[tuple[Button, ...]] = []

    def button(label: str, action: str, argument: str = "") -> Button:
        return Button(label=label, press=_press(action, line.id, argument))

    if reader.member.may(Right.MANAGE_THREATS):
        mine = line.assignee_id == reader.member.id
        take = button(t.pgettext("button", "I see to it"), "tassign", f"{reader.member.id:x}")
        status = button(t.pgettext("button", "Status…"), "tmenu", "status")
        rows += [
            (status,) if mine else (take, status),
            (
                button(t.pgettext("button", "Assign…"), "tmenu", "assign"),
                button(t.pgettext("button", "Severity…"), "tmenu", "severity"),
            ),
            (
                button(t.pgettext("button", "Questions…"), "tform"),
                button(t.pgettext("button", "Measures…"), "tmenu", "measures"),
            ),
            (
                button(t.pgettext("button", "Add a note"), "tnote"),
                button(t.pgettext("button", "More details…"), "task"),
            ),
        ]
    if reader.member.may(Right.RESTRICT):
        who = Press(action="restrict", subject=line.number, argument=RefNoun.THREAT.value)
        rows.append((Button(label=t.pgettext("button", "Who may know…"), press=who),))
    if reader.member.may(Right.SEE_THREATS):
        rows.append(
            (button(t.pgettext("button", "History"), "thist"), button(t.pgettext("button", "Seen where"), "tseen"))
        )
        rows.append((entry_button(About.THREAT, line.number, reader),))
    if line.sealed and reader.member.may(Right.EXPORT_EVIDENCE):
        rows.append((button(t.pgettext("button", "Sealed text"), "tsealed"),))
    if line.aims_at(reader.member.id):
        rows.append((button(t.pgettext("button", "Hide the words"), "trec"),))
    return tuple(rows)


def _press(action: str, threat_id: int, argument: str = "") -> Press:
    return Press(action=action, subject=threat_id, argument=argument)


def menu_card(view: Threat, menu: str, people: Sequence[Member], reader: Reader) -> Card:
    """The choice of a status, of somebody to see to it, of a severity, or of measures."""
    t, line = reader.t, view.line
    back = Button(label=t.plain.pgettext("button", "Back"), press=_press("trec", line.id))
    if menu == "assign":
        asked, choice = t.gettext("{record}: who sees to it?", record=line.label), _people(view, people, reader)
    elif menu == "measures":
        asked = t.gettext("{record}: what was offered to those who are meant?", record=line.label)
        choice = [
            Button(
                label=("✅ " if code in view.measures else "") + _label(reader, text),
                press=_press("tmeas", line.id, code),
            )
            for code, text in MEASURE_BUTTONS.items()
        ]
    elif menu == "severity":
        asked = t.gettext("{record}: how grave is it, from 1 to 4?", record=line.label)
        choice = [Button(label=str(n), press=_press("tsev", line.id, str(n))) for n in range(1, 5)]
    else:
        asked = t.gettext("{record}: where does it stand?", record=line.label)
        choice = [
            Button(label=_label(reader, text), press=_press("tstat", line.id, code))
            for code, text in STATUS_BUTTONS.items()
            if code != line.status.value
        ]
    rows = [tuple(choice[n : n + 2]) for n in range(0, len(choice), 2)]
    return Card(text=asked, buttons=(*rows, (back,)))


def _people(view: Threat, people: Sequence[Member], reader: Reader) -> list[Button]:
    line = view.line
    choice = [
        Button(label=one_line(each.name)[:40] or "?", press=_press("tassign", line.id, f"{each.id:x}"))
        for each in people[:12]
        if each.id != line.assignee_id
    ]
    if line.assignee_id is not None:
        nobody = reader.t.plain.pgettext("button", "Nobody")
        choice.append(Button(label=nobody, press=_press("tassign", line.id, "0")))
    return choice


def _label(reader: Reader, text: str) -> str:
    return reader.t.plain.pgettext("button", text)


def form_card(view: Threat, place: int, reader: Reader) -> Card:
    """One question of the guided form, with what was answered so far; nothing is added up."""
    t, line = reader.t, view.line
    back = Button(
        label=t.plain.pgettext("button", "Back to {record}", record=line.label), press=_press("trec", line.id)
    )
    if place >= len(QUESTIONS):
        shown = [
            Html(f"{_answer(reader, view.triage.get(q))} – {Html.escaped(words.word(t, SHORT_QUESTIONS, q))}")
            for q in QUESTIONS
        ]
        head = t.gettext("{record}: the form. Answers help people to decide; they are no score.", record=line.label)
        again = Button(label=t.plain.pgettext("button", "From the beginning"), press=_press("tform", line.id, "0"))
        return Card(text=lines(head, *shown), buttons=((again, back),))
    question = QUESTIONS[place]
    head = t.gettext(
        "{record}: question {number} of {total}", record=line.label, number=place + 1, total=len(QUESTIONS)
    )
    known = view.triage.get(question)
    said = t.gettext("So far: {answer}", answer=_answer(reader, known)) if known else None
    answers = tuple(
        Button(label=_label(reader, text), press=_press("tans", line.id, f"{place}.{code}"))
        for code, text in ANSWERS.items()
    )
    skip = Button(label=t.plain.pgettext("button", "Skip"), press=_press("tform", line.id, str(place + 1)))
    asked = Html.escaped(words.word(t, QUESTION_WORDS, question))
    return Card(text=lines(head, bold(asked), said), buttons=(answers, (skip, back)))


def _answer(reader: Reader, code: str | None) -> str:
    return _label(reader, ANSWERS[code]) if code in ANSWERS else "…"


def history_card(view: Threat, reader: Reader) -> Card:
    """All that happened to a record, the latest last."""
    t = reader.t
    events = [_event(event, reader) for event in (*view.history, *view.notes)]
    stamped = sorted(zip((e.at for e in (*view.history, *view.notes)), events, strict=True), key=lambda pair: pair[0])
    recorded = t.gettext("recorded")
    first = Html(f"{t.datetime(view.line.recorded_at, reader.zone, 'short')} · {recorded}")
    shown = [text for _, text in stamped][-_MOST_EVENTS:]
    back = Button(label=t.plain.pgettext("button", "Back"), press=_press("trec", view.line.id))
    return Card(text=lines(bold(view.line.label), first, *shown), buttons=((back,),))


def _event(event: Event, reader: Reader) -> Html:
    t, details = reader.t, event.details
    when = t.datetime(event.at, reader.zone, "short")
    who = f" · {Html.escaped(one_line(event.member)[:_NAME])}" if event.member else ""
    if event.event == "note":
        said = clipped(one_line(details.get("text", "")), 120) or short(t)
        return Html(f"{when}{who} · 📝 {said}")
    code = "unassigned" if event.event == "assigned" and not details.get("who") else event.event
    value = one_line(_value(event, reader))[:120]
    said = t.gettext(EVENTS[code], value=value or "–") if code in EVENTS else Html.escaped(code)
    return Html(f"{when}{who} · {said}")


def _value(event: Event, reader: Reader) -> str:
    t, details = reader.t, event.details
    match event.event:
        case "status":
            return words.word(t, STATUSES, details.get("status", ""))
        case "offered" | "offer_back":
            return words.word(t, MEASURES, details.get("measure", ""))
        case "triage":
            question = words.word(t, SHORT_QUESTIONS, details.get("question", ""))
            return f"{question}: {_answer(reader, details.get('answer'))}"
        case "severity":
            return f"{details.get('before', '')} → {details.get('severity', '')}"
        case "told":
            return ", ".join(_told(key, value, reader) for key, value in details.items())
        case "record":
            return t.plain.pgettext("record", NAMES[name]) if (name := details.get("field", "")) in NAMES else name
    return details.get("who") or details.get("other") or ""


def _told(key: str, value: str, reader: Reader) -> str:
    tables = {"channel": CHANNELS, "category": CATEGORIES}
    return words.word(reader.t, tables[key], value) if key in tables else words.APPLICATIONS.get(value, value)


def sightings_card(view: Threat, reader: Reader) -> Card:
    """Where and when it was seen: by whom posted, in which cases."""
    t = reader.t
    count = t.number(view.sighting_count)
    head = t.ngettext("seen {count} time", "seen {count} times", view.sighting_count, count=count)
    shown = []
    for each in view.sightings:
        when = t.datetime(each.posted_at or each.seen_at, reader.zone, "short")
        who = one_line(words.account_name(each.account)) if each.account else t.plain.gettext("unknown author")
        case = f" · /case_{each.case}" if each.case is not None else ""
        link = f" · <code>{clipped(one_line(each.link), 60)}</code>" if each.link else ""
        shown.append(Html(f"{when} · {clipped(who, _NAME)}{link}{case}"))
    back = Button(label=t.plain.pgettext("button", "Back"), press=_press("trec", view.line.id))
    return Card(text=lines(Html(f"{bold(view.line.label)} · {head}"), *shown), buttons=((back,),))


def next_question(line: ThreatLine, place: int) -> int:
    """The first of the short questions from a place on that still has to be asked; 5 when there is none."""
    open_ = (
        not line.targets,
        line.channel is None,
        line.platform is None and (line.channel in _ONLINE or line.channel is None),
        line.place is None and line.channel is not None and line.channel not in _ONLINE,
        not line.imminent and line.severity < 4,
    )
    return next((n for n in range(place, len(open_)) if open_[n]), len(open_))


def question_card(line: ThreatLine, place: int, people: Sequence[Staff], reader: Reader) -> Card:
    """One of the short questions after "this is a threat": who, which way, where, is it urgent. Each can be skipped."""
    t = reader.t
    place = next_question(line, place)
    if place == 0 and not people:
        place = next_question(line, 1)
    skip = Button(label=t.plain.pgettext("button", "Skip"), press=_press("task", line.id, str(place + 1)))
    head = bold(line.label)
    if place == 0:
        choice = [
            Button(label=one_line(p.name)[:40] or "?", press=_press("twho", line.id, f"{p.id:x}"))
            for p in people[:_MOST_STAFF]
        ]
        return _asked(head, t.gettext("is in the threat log. Who is meant?"), choice, skip)
    if place == 1:
        choice = [
            Button(label=_label(reader, text), press=_press("tchan", line.id, code))
            for code, text in CHANNEL_BUTTONS.items()
        ]
        return _asked(head, t.gettext("is in the threat log. How did it come?"), choice, skip)
    if place == 2:
        choice = [Button(label=words.APPLICATIONS[p], press=_press("tplat", line.id, p)) for p in _PLATFORMS]
        return _asked(head, t.gettext("Where was it?"), choice, skip)
    if place == 3:
        choice = [Button(label=t.plain.pgettext("button", "Write the place"), press=_press("tplace", line.id))]
        return _asked(head, t.gettext("Where did it happen, or where is the danger?"), choice, skip)
    if place == 4:
        choice = [Button(label=t.plain.pgettext("button", "Urgent: call security"), press=_press("turge", line.id))]
        done = Button(label=t.plain.pgettext("button", "Not urgent"), press=_press("task", line.id, "5"))
        return _asked(head, t.gettext("Could something happen today? Then security is called now."), choice, done)
    text = t.gettext("{record} is in the threat log. Thank you.", record=line.label)
    opened = Button(
        label=t.plain.pgettext("button", "Open {record}", record=line.label), press=_press("trec", line.id, "new")
    )
    may_open = reader.member.may(Right.SEE_THREATS) or (
        reader.member.may(Right.OWN_THREATS) and line.reporter_id == reader.member.id
    )
    return Card(text=text, buttons=((opened,),) if may_open else ())


def _asked(head: Html, said: Html, choice: Sequence[Button], skip: Button) -> Card:
    rows = [tuple(choice[n : n + 2]) for n in range(0, len(choice), 2)]
    return Card(text=Html(f"{head} {said}"), buttons=(*rows, (skip,)))


def category_card(reader: Reader) -> Card:
    """What happened, if it is no threat in words."""
    choice = [
        Button(label=_label(reader, text), press=Press(action="tcat", argument=code))
        for code, text in CATEGORY_BUTTONS.items()
    ]
    rows = [tuple(choice[n : n + 2]) for n in range(0, len(choice), 2)]
    said = reader.t.gettext("What happened? A threat in words is filed with /threat.")
    return Card(text=said, buttons=tuple(rows))
