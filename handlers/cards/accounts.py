"""Cards of listed accounts: the record in pages, the list, the history, and what to press."""

from collections.abc import Sequence
from datetime import date

from bot.i18n import Html
from bot.model.account import Account, AccountPage, AccountStatus
from bot.model.account_record import (
    STANCES,
    TAGS,
    AccountEvent,
    AccountKind,
    AccountRecord,
    Fact,
    FactKind,
    LinkState,
    Succession,
)
from bot.model.rights import Right
from handlers.buttons import Press
from handlers.cards import account_words, words
from handlers.cards.card import Button, Card, Reader, bold, clipped, lines, quote, spoiler
from handlers.cards.deeds import deed_buttons

PAGE = 8
_PAGE_CHARS = 2_800
_MOST_EVENTS = 40
_MOST_NAMES = 12
_LABEL = 40

Buttons = tuple[tuple[Button, ...], ...]


def account_list(found: AccountPage, reader: Reader, query_id: int) -> Card:
    """A page of accounts, each with its status and a button."""
    t = reader.t
    if not found.total:
        return Card(text=t.gettext("No such account is on the list. /fake adds one."))
    head = t.ngettext("{count} account", "{count} accounts", found.total, count=found.total)
    rows: list[tuple[Button, ...]] = [
        (Button(label=words.account_name(row.label)[:_LABEL], press=Press(action="account", subject=row.id)),)
        for row in found.accounts
    ]
    turns = _turns(reader, "fakes", query_id, found.page, -(-found.total // PAGE))
    return Card(
        text=lines(Html(f"<b>{head}</b>"), *(account_line(row, reader) for row in found.accounts)),
        buttons=(*rows, *turns),
    )


def _turns(reader: Reader, action: str, subject: int, page: int, pages: int) -> Buttons:
    t, row = reader.t.plain, []
    if page > 0:
        earlier = Press(action=action, subject=subject, argument=str(page - 1))
        row.append(Button(label=t.pgettext("button", "Back"), press=earlier))
    if page + 1 < pages:
        later = Press(action=action, subject=subject, argument=str(page + 1))
        row.append(Button(label=t.pgettext("button", "More"), press=later))
    return (tuple(row),) if row else ()


def account_line(row: Account, reader: Reader) -> Html:
    """One account in a list."""
    status = words.word(reader.t, words.STATUSES, row.status.value)
    farm = Html(" · ") + reader.t.gettext("farm “{farm}”", farm=row.farm) if row.farm else ""
    names = f" · {Html.escaped(', '.join(row.names[:2]))}" if row.names else ""
    return Html(f"{bold(words.account_name(row.label))}{names}{farm} · {status}")


def account_card(
    record: AccountRecord, reader: Reader, outcome: str | None = None, page: int = 0, parts: Sequence[Html] = ()
) -> Card:
    """One page of a record: what was decided, what was seen, what may be done."""
    pages = _pages([*_record_lines(record, reader, outcome), *parts])
    page = min(max(0, page), len(pages) - 1)
    mark = [Html(f"<i>{page + 1}/{len(pages)}</i>")] if len(pages) > 1 else []
    turns = _turns(reader, "accpage", record.account.id, page, len(pages))
    return Card(
        text=lines(*pages[page], *mark),
        buttons=(*turns, *_buttons(record, reader), *deed_buttons(record.account, reader)),
    )


def _pages(shown: Sequence[Html | None]) -> list[list[Html]]:
    pages: list[list[Html]] = [[]]
    size = 0
    for line in shown:
        if not line:
            continue
        if size + len(line) > _PAGE_CHARS and pages[-1]:
            pages.append([])
            size = 0
        pages[-1].append(line)
        size += len(line) + 1
    return pages


def _record_lines(record: AccountRecord, reader: Reader, outcome: str | None) -> list[Html | None]:
    account, t = record.account, reader.t
    listed = t.date(account.listed_at.astimezone(reader.zone).date(), style="medium")
    photos = len(account.photos)
    return [
        _outcome(outcome, reader),
        account_line(account, reader),
        t.gettext("Taken off the list with its reporter's other reports.") if account.is_withdrawn else None,
        *(t.gettext("⚠️ It uses the name or photo of {name}.", name=name) for name in record.impersonates),
        _named(record, reader),
        t.gettext("Also: {accounts}", accounts=_labels(account)) if account.others else None,
        t.gettext("Listed by {who} on {date}.", who=words.lister(t, account.listed_by), date=listed),
        t.gettext("Reason: {reason}", reason=account.reason) if account.reason else None,
        _standing(record, reader),
        _last_ruling(record, reader),
        *_details(record, reader),
        *_claims(record, reader),
        t.ngettext("{count} photo", "{count} photos", photos, count=photos) if photos else None,
        *_tags(record, reader),
        *_stances(record, reader),
        *(_succession_line(each, record, reader) for each in record.successions),
        _words_so_far(account, reader) if outcome not in ("first_word", "third_word") else None,
    ]


def _standing(record: AccountRecord, reader: Reader) -> Html | None:
    t = reader.t
    if record.account.status is not AccountStatus.SUSPECTED:
        return None
    if record.is_held:
        return t.gettext("It came with many others within minutes: it does not count until an admin has looked.")
    if record.counts or not record.voices:
        return None
    return t.gettext("Only one side suspects it so far: it does not count as a known fake.")


def _labels(account: Account) -> str:
    return ", ".join(words.account_name(label) for _, label in account.others)


def _named(record: AccountRecord, reader: Reader) -> Html | None:
    dated = {fact.value: fact for fact in record.of(FactKind.NAME)}
    names = [f"{name}{_since(dated.get(name), reader)}" for name in record.account.names[:_MOST_NAMES]]
    return reader.t.gettext("Names: {names}", names=", ".join(names)) if names else None


def _since(fact: Fact | None, reader: Reader) -> str:
    return f" ({_day(fact.seen_on, reader)})" if fact is not None and fact.seen_on is not None else ""


def _day(day: date | None, reader: Reader) -> str:
    return str(reader.t.date(day, style="medium")) if day is not None else ""


def _last_ruling(record: AccountRecord, reader: Reader) -> Html | None:
    """Who decided last, when and why."""
    told = [event for event in record.history if event.event in ("confirmed", "cleared", "gone")]
    if not told or record.account.status is AccountStatus.SUSPECTED:
        return None
    last = told[-1]
    day = reader.t.date(last.at.astimezone(reader.zone).date(), style="medium")
    who = last.member or words.lister(reader.t, "command line")
    said = reader.t.gettext("Decided by {who} on {date}.", who=who, date=day)
    why = str(last.details.get("reason") or "")
    return Html(f"{said} {clipped(why, 300)}") if why else said


def _details(record: AccountRecord, reader: Reader) -> list[Html | None]:
    t, known = reader.t, record.details
    kind = None
    if known.kind is AccountKind.HIRED:
        kind = t.gettext("Type: hired for a time")
    elif known.kind is AccountKind.ATTACHED:
        kind = t.gettext("Type: attached to {whom}", whom=known.attached_to or "?")
    amount = f"{known.posts_a_day:g}" if known.posts_a_day is not None else ""
    return [
        kind,
        t.gettext("First seen: {date}", date=_day(known.first_seen, reader)) if known.first_seen else None,
        t.gettext("Last seen: {date}", date=_day(known.last_seen, reader)) if known.last_seen else None,
        t.gettext("Profile photo of {date}", date=_day(known.photo_on, reader)) if known.photo_on else None,
        t.gettext("Cover photo of {date}", date=_day(known.cover_on, reader)) if known.cover_on else None,
        t.gettext("Posts a day: {amount}", amount=amount) if amount else None,
    ]


def _claims(record: AccountRecord, reader: Reader) -> list[Html]:
    t, told = reader.t, {}
    for kind in (FactKind.WORK, FactKind.STUDY, FactKind.PLACE, FactKind.GROUP, FactKind.LINK):
        facts = [f"{fact.value}{_since(fact, reader)}" for fact in record.of(kind)]
        if facts:
            told[kind] = clipped("; ".join(facts), 900)
    said = {
        FactKind.WORK: t.gettext("Claims to work at: {what}", what=told.get(FactKind.WORK, "")),
        FactKind.STUDY: t.gettext("Claims to study at: {what}", what=told.get(FactKind.STUDY, "")),
        FactKind.PLACE: t.gettext("Claims to live in: {what}", what=told.get(FactKind.PLACE, "")),
        FactKind.GROUP: t.gettext("Groups: {what}", what=told.get(FactKind.GROUP, "")),
        FactKind.LINK: t.gettext("Links: {what}", what=told.get(FactKind.LINK, "")),
    }
    return [said[kind] for kind in told]


def _tags(record: AccountRecord, reader: Reader) -> list[Html]:
    """The checklist: a mark, why, who says so. Nothing is added up."""
    facts = sorted(record.of(FactKind.TAG), key=lambda fact: TAGS.index(fact.value) if fact.value in TAGS else 99)
    return [
        Html(f"☑ {words.word(reader.t, account_words.TAGS, fact.value)}: {clipped(fact.why or '', 300)}{_by(fact)}")
        for fact in facts
    ]


def _by(fact: Fact) -> str:
    return f" <i>({Html.escaped(fact.member)})</i>" if fact.member else ""


def _stances(record: AccountRecord, reader: Reader) -> list[Html]:
    found = []
    for fact in record.of(*STANCES):
        mark = "👍" if fact.kind is FactKind.PRAISED else "👎"
        day = f"{_day(fact.seen_on, reader)} · " if fact.seen_on else ""
        where = f" · {Html.escaped(fact.link)}" if fact.link else ""
        found.append(Html(f"{mark} {day}{Html.escaped(fact.value)}{where}{_by(fact)}"))
        if fact.why:
            found.append(quote(spoiler(clipped(fact.why, 400))))
    return found


def _succession_line(link: Succession, record: AccountRecord, reader: Reader) -> Html:
    t = reader.t
    why = ", ".join(words.word(t, account_words.WHY_SUCCESSOR, code) for code in link.why)
    because = Html(f" ({why})") if why else Html("")
    is_old = link.account_id == record.account.id
    other = words.account_name(link.successor if is_old else link.account)
    if link.state is LinkState.LINKED:
        told = (
            t.gettext("Continued by {account}", account=other)
            if is_old
            else t.gettext("Continues {account}", account=other)
        )
    elif is_old:
        told = t.gettext("❓ May be continued by {account}", account=other)
    else:
        told = t.gettext("❓ May continue {account}", account=other)
    return told + because


def _outcome(outcome: str | None, reader: Reader) -> Html | None:
    t = reader.t
    said = {
        "added": t.gettext("Listed as suspected."),
        "changed": t.gettext("The entry was updated."),
        "same": t.gettext("This was known already."),
        "first_word": t.gettext("Your word is noted. A second person has to confirm it."),
        "third_word": t.gettext(
            "Your word is noted. One of you two brought the other here not long ago: a third person has to confirm it, "
            "or somebody else has to report it."
        ),
        "confirmed": t.gettext("Confirmed by two people."),
        "gone": t.gettext("Its platform has removed this account: there is nothing to confirm."),
        "gone_now": t.gettext("Noted: its platform has removed this account."),
        "cleared": t.gettext("Cleared. Everybody whose case relied on it is being told."),
    }
    return said.get(outcome or "")


def _words_so_far(account: Account, reader: Reader) -> Html | None:
    if account.status is not AccountStatus.SUSPECTED or not account.confirmations:
        return None
    return reader.t.gettext("One person has confirmed it; one more is needed.")


def _buttons(record: AccountRecord, reader: Reader) -> Buttons:
    account, t = record.account, reader.t.plain

    def button(label: str, action: str, argument: str = "", subject: int = account.id) -> Button:
        return Button(label=label[:60], press=Press(action=action, subject=subject, argument=argument))

    rows: list[tuple[Button, ...]] = []
    may_decide = reader.member.may(Right.DECIDE_ACCOUNT)
    if may_decide:
        rows.append(_decisions(account, reader))
        rows += [
            (
                button(t.pgettext("button", "Yes, its successor"), "accsucc", "yes", link.id),
                button(t.pgettext("button", "No"), "accsucc", "no", link.id),
            )
            for link in record.successions
            if link.state is LinkState.OFFERED
        ]
    rows.append(
        (
            button(t.pgettext("button", "Add facts"), "acctell"),
            button(t.pgettext("button", "Mark"), "acctags"),
            button(t.pgettext("button", "Praised/attacked"), "accstance"),
        )
    )
    row = [button(t.pgettext("button", "Photo"), "accphoto"), button(t.pgettext("button", "History"), "acchist")]
    if may_decide:
        row.append(button(t.pgettext("button", "More…"), "accmore"))
    rows.append(tuple(row))
    return tuple(row for row in rows if row)


def _decisions(account: Account, reader: Reader) -> tuple[Button, ...]:
    t, row = reader.t.plain, []
    if account.status in (AccountStatus.SUSPECTED, AccountStatus.CLEARED):
        row.append(Button(label=t.pgettext("button", "Confirm"), press=Press(action="confirm", subject=account.id)))
    if account.status is not AccountStatus.CLEARED:
        row.append(
            Button(label=t.pgettext("button", "Clear: not a fake"), press=Press(action="clear", subject=account.id))
        )
    return tuple(row)


def more_card(record: AccountRecord, reader: Reader) -> Card:
    """What is done less often: successor, merge, split, removed by the platform; taking apart; taking facts out."""
    account, t = record.account, reader.t.plain

    def button(label: str, action: str, subject: int = account.id, argument: str = "") -> Button:
        return Button(label=label[:60], press=Press(action=action, subject=subject, argument=argument))

    rows: list[tuple[Button, ...]] = [
        (
            button(t.pgettext("button", "It has a successor"), "accheir"),
            button(t.pgettext("button", "Is gone"), "accgone"),
        ),
        (button(t.pgettext("button", "Merge"), "accmerge"), button(t.pgettext("button", "Split"), "accsplit")),
    ]
    for other, label in account.others:
        apart = t.pgettext("button", "Take apart: {account}", account=words.account_name(label))
        rows.append((button(apart, "accapart", other),))
    if any(event.event == "split" for event in record.history):
        rows.append((button(t.pgettext("button", "Undo the last split"), "accunsplit"),))
    rows += [
        (button(f"✖ {fact.kind.value}: {fact.value}", "accdrop", account.id, f"{fact.id:x}"),)
        for fact in record.facts[-PAGE:]
    ]
    rows.append((button(t.pgettext("button", "Back"), "account"),))
    return Card(text=account_line(account, reader), buttons=tuple(rows))


def tags_card(record: AccountRecord, reader: Reader) -> Card:
    """The marks of the checklist: each that is put on asks for its explanation."""
    t = reader.t
    there = {fact.value for fact in record.of(FactKind.TAG)}
    rows = [
        (
            Button(
                label=("☑ " if tag in there else "") + t.plain.gettext(account_words.TAGS[tag])[:50],
                press=Press(action="acctag", subject=record.account.id, argument=str(TAGS.index(tag))),
            ),
        )
        for tag in TAGS
    ]
    asked = t.gettext("Which mark? I will ask you to explain it. Marks are a checklist, not a verdict.")
    return Card(text=lines(account_line(record.account, reader), asked), buttons=tuple(rows))


def stance_card(record: AccountRecord, reader: Reader) -> Card:
    """Praised or attacked?"""
    t = reader.t.plain
    pairs = (("praised", t.pgettext("button", "👍 Praised")), ("attacked", t.pgettext("button", "👎 Attacked")))
    row = tuple(
        Button(label=label, press=Press(action="accsaid", subject=record.account.id, argument=kind))
        for kind, label in pairs
    )
    return Card(text=account_line(record.account, reader), buttons=(row,))


def history_card(record: AccountRecord, reader: Reader) -> Card:
    """Who did what, and when; the latest first."""
    head = account_line(record.account, reader)
    told = [_event_line(event, reader) for event in reversed(record.history[-_MOST_EVENTS:])]
    back = Button(
        label=reader.t.plain.pgettext("button", "Back"), press=Press(action="account", subject=record.account.id)
    )
    return Card(text=lines(head, *told), buttons=((back,),))


def _event_line(event: AccountEvent, reader: Reader) -> Html:
    t = reader.t
    said = words.word(t, account_words.EVENTS, event.event)
    who = Html.escaped(event.member or words.lister(t, "command line"))
    more = event.details.get("reason") or "; ".join(map(str, event.details.get("facts", ())))
    told = f": {clipped(str(more), 150)}" if more else ""
    return Html(f"{t.datetime(event.at, reader.zone)} · {who} · {said}{told}")
