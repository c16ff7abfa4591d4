"""Farms on cards: a farm with all that is known of it, the list, suggested links; a line for an account's card."""

from collections.abc import Sequence

from bot.i18n import Html
from bot.model.farm import Farm, FarmLine, FarmView, LinkLine, Membership, SwitchFacts
from bot.model.plain import one_line
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, quote
from handlers.cards.farm_words import evidence, farm_name, reason, strength, week_says
from handlers.cards.sealed import short

_PAGE = 10
_NAME = 60
_REASON = 90
_QUOTE = 160

Rows = tuple[tuple[Button, ...], ...]


def farm_list(found: Sequence[FarmLine], page: int, reader: Reader) -> Card:
    """Farms, ten a page; the eleventh says that there is more."""
    t = reader.t
    shown = found[:_PAGE]
    text = lines(
        bold(t.gettext("Farms: accounts run together")),
        *(_in_list(each, reader) for each in shown),
        None if shown else t.gettext("No farm is known yet. /fake with a line “farm: name” begins one."),
        t.gettext("An account belongs to a farm by people's word only; links are suggested, people decide."),
    )
    buttons = []
    turn = _turning("farms", page, len(found) > _PAGE, None)
    if turn:
        buttons.append(turn)
    if reader.member.may(Right.DECIDE_FARMS):
        plain = t.plain
        buttons.append(
            (
                Button(label=plain.pgettext("button", "Suggested links"), press=Press(action="foffers")),
                Button(label=plain.pgettext("button", "Look anew"), press=Press(action="fagain")),
            )
        )
    if shown:
        label = t.plain.pgettext("button", "Picture of the network")
        buttons.append((Button(label=label, press=Press(action="fpicture", argument="network")),))
    return Card(text=text, buttons=tuple(buttons))


def _in_list(line: FarmLine, reader: Reader) -> Html:
    t = reader.t
    parts = [Html(f"/farm_{line.farm.number}")]
    if line.farm.name:
        parts.append(clipped(one_line(line.farm.name), _NAME))
    parts.append(_count(line.members, reader))
    if line.gone:
        parts.append(t.gettext("{count} gone", count=t.number(line.gone)))
    if line.suggested:
        parts.append(t.gettext("{count} suggested", count=t.number(line.suggested)))
    return Html(" · ").join(parts)


def _count(count: int, reader: Reader) -> Html:
    t = reader.t
    return t.ngettext("{count} account", "{count} accounts", count, count=t.number(count))


def farm_card(view: FarmView, reader: Reader) -> Card:
    """A farm: members with reason, confidence, author and date; campaigns, targets, its week, changes of sides."""
    t, farm = reader.t, view.line.farm
    counts = [_count(view.line.members, reader)]
    if view.line.gone:
        counts.append(t.gettext("{count} gone", count=t.number(view.line.gone)))
    if view.line.suggested:
        counts.append(t.gettext("{count} suggested", count=t.number(view.line.suggested)))
    text = lines(
        bold(farm_name(farm.label, one_line(farm.name)[:_NAME] if farm.name else None)),
        Html(" · ").join(counts),
        *(_member(each, reader) for each in view.members),
        None if view.members else t.gettext("Nobody belongs to it by a person's word yet."),
        _suggested(view, reader),
        _campaigns(view, reader),
        _targets(view, reader),
        *(Html("🕘 ") + Html.escaped(each) for each in week_says(view.rhythm, reader)),
        *(part for each in view.switches for part in _switch(each, reader)),
        _as_of(view, reader),
    )
    return Card(text=text, buttons=_farm_buttons(view, reader))


def _member(membership: Membership, reader: Reader) -> Html:
    """An account with why it belongs, how surely, by whose word, since when."""
    t = reader.t
    gone = t.gettext(" (removed by its platform)") if membership.status.value == "gone" else Html("")
    who = membership.author or t.plain.gettext("an import")
    said = t.gettext(
        "{sure} · {reason} · {who}, {day}",
        sure=t.percent(membership.confidence / 100),
        reason=one_line(reason(membership, t))[:_REASON],
        who=one_line(who)[:40],
        day=reader.day(membership.at),
    )
    return Html(f"• {bold(words.account_name(membership.account))}{gone}: {said}")


def _suggested(view: FarmView, reader: Reader) -> Html | None:
    if not view.suggested:
        return None
    t = reader.t
    named = ", ".join(f"{words.account_name(label)} ({t.percent(sure / 100)})" for _, label, sure in view.suggested)
    more = view.line.suggested - len(view.suggested)
    tail = Html("") if more <= 0 else t.gettext(" and {count} more", count=t.number(more))
    return t.gettext("💡 Suggested, nobody decided yet: {names}", names=one_line(named)) + tail


def _campaigns(view: FarmView, reader: Reader) -> Html | None:
    if not view.campaigns:
        return None
    named = [Html(f"/campaign_{number} ×{reader.t.number(times)}") for number, _name, times in view.campaigns]
    return reader.t.gettext("Campaigns: {names}", names=Html(", ").join(named))


def _targets(view: FarmView, reader: Reader) -> Html | None:
    if not view.targets:
        return None
    named = ", ".join(f"{one_line(page)[:60]} ×{reader.t.number(times)}" for page, times in view.targets)
    return reader.t.gettext("Comments most under: {names}", names=named)


def _switch(facts: SwitchFacts, reader: Reader) -> list[Html]:
    t = reader.t
    many = t.ngettext("{count} account", "{count} accounts", facts.accounts, count=t.number(facts.accounts))
    head = t.gettext(
        "🔀 Changed sides about {day} ({first} – {last}), {accounts}: from {old} to {new}",
        day=reader.day(facts.at),
        first=reader.day(facts.earliest),
        last=reader.day(facts.latest),
        accounts=many,
        old=one_line(facts.turned_on)[:60],
        new=one_line(facts.turned_to)[:60],
    )
    quoted = []
    for label, found in ((t.gettext("before"), facts.before), (t.gettext("after"), facts.after)):
        for each in found[:2]:
            name = words.account_name(each.account)
            said = clipped(one_line(each.text), _QUOTE) or short(t)
            quoted.append(quote(Html(f"{label}, {reader.day(each.at)}, {Html.escaped(name)}: {said}")))
    return [head, *quoted]


def _as_of(view: FarmView, reader: Reader) -> Html | None:
    t = reader.t
    if view.running:
        return t.gettext("The farms are being looked for anew just now.")
    return t.gettext("Suggestions of {day}.", day=reader.day(view.last_run)) if view.last_run is not None else None


def _farm_buttons(view: FarmView, reader: Reader) -> Rows:
    t, number = reader.t.plain, view.line.farm.number
    rows: list[tuple[Button, ...]] = []
    turn = _turning("farm", view.page, view.line.members > (view.page + 1) * _PAGE, number)
    if turn:
        rows.append(turn)
    pictures = (
        (t.pgettext("button", "Network"), "network"),
        (t.pgettext("button", "Week"), "week"),
        (t.pgettext("button", "Sides"), "sides"),
    )
    rows.append(
        tuple(
            Button(label=label, press=Press(action="fpicture", subject=number, argument=form))
            for label, form in pictures
        )
    )
    if reader.member.may(Right.DECIDE_FARMS):
        label = t.pgettext("button", "Suggested links")
        rows.append((Button(label=label, press=Press(action="foffers", subject=number)),))
        forms = (("GraphML", "graphml"), ("GEXF", "gexf"), ("CSV", "csv"), ("XLSX", "xlsx"))
        rows.append(
            tuple(
                Button(label=name, press=Press(action="ffile", subject=number, argument=form)) for name, form in forms
            )
        )
    return tuple(rows)


def _turning(action: str, page: int, is_more: bool, subject: int | None) -> tuple[Button, ...]:
    """Back and forth; the page is the press's subject, or its argument where there is another subject."""
    found = []
    for label, to, there in (("◀", page - 1, page > 0), ("▶", page + 1, is_more)):
        if there:
            press = (
                Press(action=action, subject=to)
                if subject is None
                else Press(action=action, subject=subject, argument=str(to))
            )
            found.append(Button(label=label, press=press))
    return tuple(found)


def offers_card(found: Sequence[LinkLine], is_more: bool, number: int | None, page: int, reader: Reader) -> Card:
    """Suggested links, five a page, each with its two answers."""
    t = reader.t
    parts: list[Html | None] = [
        bold(t.gettext("Suggested links")),
        t.gettext("They change nothing about an account: same farm, or not linked?"),
    ]
    rows: list[tuple[Button, ...]] = []
    for place, link in enumerate(found, start=1):
        parts.append(_offer(place, link, reader))
        same, apart = t.plain.pgettext("button", "Same farm"), t.plain.pgettext("button", "Not linked")
        rows.append(
            (
                Button(label=f"{place} · {same}", press=Press(action="fsame", subject=link.id)),
                Button(label=f"{place} · {apart}", press=Press(action="fapart", subject=link.id)),
            )
        )
    if not found:
        parts.append(t.gettext("No link waits for a decision."))
    turn = _turning("foffers", page, is_more, number or 0)
    if turn:
        rows.append(turn)
    if number is not None:
        rows.append((Button(label=f"F-{number}", press=Press(action="farm", subject=number, argument="0")),))
    return Card(text=lines(*parts), buttons=tuple(rows))


def _offer(place: int, link: LinkLine, reader: Reader) -> Html:
    t = reader.t
    head = Html(f"{place}. ") + t.gettext(
        "{one} and {other}",
        one=words.account_name(link.account),
        other=words.account_name(link.other),
    )
    said = t.gettext("{strength}: {evidence}", strength=strength(link, t), evidence=evidence(link.weights, t))
    farm = Html(f" · {link.farm}") if link.farm else Html("")
    again = (
        Html("\n") + t.gettext("♻️ Told apart once; since then there is evidence of another kind.")
        if link.is_renewed
        else Html("")
    )
    return head + farm + Html("\n") + said + again


def farm_line(found: Sequence[tuple[Farm, Membership]], reader: Reader) -> Html | None:
    """For an account's card: its farms by people's word; nothing of what is only suggested."""
    if not found:
        return None
    named = [Html(f"/farm_{farm.number} ") + Html.escaped(farm_name(farm.label, farm.name)) for farm, _ in found]
    return reader.t.gettext("Farm: {names}", names=Html(", ").join(named))
