"""The takedown ledger in lists: what answers a query, tallies by platform and channel, batch lists."""

from collections.abc import Mapping, Sequence

from bot.i18n import Html
from bot.model.plain import one_line
from bot.model.takedown import (
    Batch,
    BatchItem,
    Takedown,
    TakedownFigures,
    TakedownPage,
    TakedownQuery,
    Tally,
)
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines
from handlers.cards.takedown_names import TAKEDOWN_CHANNELS, TAKEDOWN_STATUSES, WHYS

_NAME = 44
_MOST_SAID = 200
_SHOWN = 10

Rows = tuple[tuple[Button, ...], ...]


def takedown_list(
    found: TakedownPage, asked: TakedownQuery, query_id: int, typed: str, batches: Sequence[Batch], reader: Reader
) -> Card:
    """A page of what answers a query, with the tally of all of it; what was not understood is said first."""
    t = reader.t
    count = t.ngettext("{count} report", "{count} reports", found.total, count=t.number(found.total))
    page = t.gettext("page {page} of {pages}", page=found.page + 1, pages=t.number(found.pages))
    shown = [bold(t.gettext("Takedowns")), count, *([page] if found.pages > 1 else [])]
    text = lines(
        Html(" · ").join(shown),
        Html(f"<code>{clipped(one_line(typed), _MOST_SAID)}</code>") if typed else None,
        t.gettext("❔ Not understood, and left out: {words}", words=one_line(", ".join(asked.unknown))[:_MOST_SAID])
        if asked.unknown
        else None,
        _tally(found.whole, reader) if found.total else None,
        *(_line(line, reader) for line in found.lines),
        None if found.lines else t.gettext("Nothing in the ledger answers this."),
        None if typed else _how(reader),
    )
    return Card(text=text, buttons=_list_buttons(found, query_id, batches if not typed else (), reader))


def _how(reader: Reader) -> Html:
    t = reader.t
    query = Html("<code>/takedowns platform:facebook status:refused since:30d</code>")
    batch = Html("<code>/takedowns batch facebook</code>")
    return lines(
        t.gettext("Narrow it down, in any of three languages: {example}", example=query),
        t.gettext("A list for a platform's trust team: {example}", example=batch),
    )


def _tally(each: Tally, reader: Reader) -> Html:
    """12 of 20 removed, half of them within 3 days."""
    t = reader.t
    said = [t.gettext("{removed} of {sent} removed", removed=t.number(each.removed), sent=t.number(each.sent))]
    if each.median_days is not None:
        said.append(t.gettext("median {days} d", days=t.number(round(each.median_days, 1))))
    if each.partly:
        said.append(t.gettext("{count} in part", count=t.number(each.partly)))
    if each.waiting:
        said.append(t.gettext("{count} waiting", count=t.number(each.waiting)))
    return Html(", ").join(said)


def _line(found: Takedown, reader: Reader) -> Html:
    status = words.word(reader.t, TAKEDOWN_STATUSES, found.status.value)
    when = found.sent_at or found.recorded_at
    name = words.account_name(found.account) if found.account and found.kind == "account" else found.target
    return Html(" · ").join(
        [
            Html(f"/takedown_{found.number}"),
            clipped(one_line(name).removeprefix("https://").removeprefix("www."), _NAME),
            Html.escaped(status),
            reader.day(when),
        ]
    )


def _list_buttons(found: TakedownPage, query_id: int, batches: Sequence[Batch], reader: Reader) -> Rows:
    t = reader.t.plain

    def button(label: str, action: str, argument: str) -> Button:
        return Button(label=label, press=Press(action=action, subject=query_id, argument=argument))

    turn = [button("◀", "tdlist", str(found.page - 1))] if found.page > 0 else []
    turn += [button("▶", "tdlist", str(found.page + 1))] if found.page + 1 < found.pages else []
    files = []
    if found.lines:
        files.append(button(t.pgettext("button", "In figures"), "tdfig", ""))
        files += [button("CSV", "tdfile", "csv"), button("XLSX", "tdfile", "xlsx")]
    waiting = [
        Button(
            label=t.pgettext(
                "button", "List {label}: {platform}", label=each.label, platform=words.platform(each.platform)
            ),
            press=Press(action="tdbatch", subject=each.id),
        )
        for each in batches
    ]
    return tuple(tuple(row) for row in (turn, files, *((each,) for each in waiting)) if row)


def figures_card(figures: TakedownFigures, typed: str, query_id: int, reader: Reader) -> Card:
    """N of M removed and the median of days: in all, by platform, by channel."""
    t = reader.t
    back = Button(
        label=t.plain.pgettext("button", "Back"), press=Press(action="tdlist", subject=query_id, argument="0")
    )
    channels = {words.word(t, TAKEDOWN_CHANNELS, name): each for name, each in figures.by_channel.items()}
    text = lines(
        Html(" · ").join([bold(t.gettext("Takedowns")), _tally(figures.whole, reader)]),
        Html(f"<code>{clipped(one_line(typed), _MOST_SAID)}</code>") if typed else None,
        *_group(t.gettext("Platform"), {words.platform(name): e for name, e in figures.by_platform.items()}, reader),
        *_group(t.gettext("Channel"), channels, reader),
    )
    return Card(text=text, buttons=((back,),))


def _group(name: str, tallies: Mapping[str, Tally], reader: Reader) -> list[Html]:
    if not tallies:
        return []
    shown = [Html(f"• {Html.escaped(label)}: {_tally(each, reader)}") for label, each in tallies.items()]
    return [bold(name), *shown[:12]]


def batch_card(batch: Batch, reader: Reader) -> Card:
    """A list for a trust team: how many, the first of them, files, and one press that marks all as sent."""
    t = reader.t
    count = t.ngettext("{count} line", "{count} lines", len(batch.items), count=t.number(len(batch.items)))
    state = (
        t.gettext("sent {date}", date=reader.day(batch.sent_at))
        if batch.sent_at is not None
        else t.gettext("not sent yet")
    )
    more = len(batch.items) - _SHOWN
    text = lines(
        Html(" · ").join([bold(batch.label), Html.escaped(words.platform(batch.platform)), count, state]),
        *(_item(item, reader) for item in batch.items[:_SHOWN]),
        t.gettext("… and {count} more", count=t.number(more)) if more > 0 else None,
        t.gettext(
            "The file names nobody of the newsroom. Send it to the platform yourself, then press “Mark all as sent”."
        )
        if batch.sent_at is None
        else None,
    )

    def button(label: str, action: str, argument: str = "") -> Button:
        return Button(label=label, press=Press(action=action, subject=batch.id, argument=argument))

    files = (
        button(t.plain.pgettext("button", "As text"), "tdbfile", "txt"),
        button("CSV", "tdbfile", "csv"),
        button("XLSX", "tdbfile", "xlsx"),
    )
    sent = (button(t.plain.pgettext("button", "Mark all as sent"), "tdbsent"),)
    if not batch.items:
        return Card(text=text)
    return Card(text=text, buttons=(files, sent) if batch.sent_at is None else (files,))


def _item(item: BatchItem, reader: Reader) -> Html:
    found = item.takedown
    why = ", ".join(words.word(reader.t, WHYS, code) for code in found.why)
    name = words.account_name(found.account) if found.account and found.kind == "account" else found.target
    shown = clipped(one_line(name).removeprefix("https://").removeprefix("www."), _NAME)
    return Html(f"• {shown}{f' – {Html.escaped(why)}' if why else ''}")
