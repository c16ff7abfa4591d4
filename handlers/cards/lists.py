"""Cards that list things: cases, accounts, staff, members, dead letters."""

from collections.abc import Mapping, Sequence

from bot.i18n import Html
from bot.model.dead_letter import DeadLetter
from bot.model.newsroom import Member, MemberStatus
from bot.model.rights import Right
from bot.model.staff import Staff, StaffKind
from bot.model.submission import CaseLine, SubmissionState
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, bold, lines, spoiler
from handlers.cards.sealed import short

_MOST_BUTTONS = 8


def case_list(rows: Sequence[CaseLine], reader: Reader, *, mine: bool, further: bool = False) -> Card:
    """Cases, the newest first, with a button for the older ones; `further`: newer ones were shown before."""
    t = reader.t
    if not rows and further:
        return Card(text=t.gettext("There are no older cases."))
    if not rows and mine:
        return Card(text=t.gettext("You have sent nothing yet. Forward a comment or a screenshot to begin."))
    if not rows:
        return Card(text=t.gettext("There are no cases yet."))
    head = t.gettext("Your cases") if mine else t.gettext("All cases")
    older = Press(action="mine" if mine else "all", subject=rows[-1].number)
    more = ((Button(label=t.plain.pgettext("button", "Older"), press=older),),) if rows[-1].number > 1 else ()
    return Card(text=lines(Html(f"<b>{head}</b>"), *(_case_line(row, reader) for row in rows)), buttons=more)


def _case_line(row: CaseLine, reader: Reader) -> Html:
    mark = "⚠️ " if row.level == "threat" else ""
    state = Html(" · ") + reader.t.gettext("withdrawn") if row.state is SubmissionState.WITHDRAWN else ""
    day = reader.t.date(row.opened_at.astimezone(reader.zone).date(), style="short")
    excerpt = f" {spoiler(Html.escaped(row.excerpt))}" if row.excerpt else ""
    if row.sealed and not row.excerpt:
        excerpt = f" · {short(reader.t)}"
    return Html(f"{mark}/case_{row.number} · {day}{state}{excerpt}")


def staff_list(rows: Sequence[Staff], reader: Reader) -> Card:
    """Everybody under protection."""
    t = reader.t
    editable = reader.member.may(Right.EDIT_STAFF)
    how = t.gettext("To add: /staff add Name; other spelling; nickname\nFor an outlet: /staff add outlet Name; alias")
    if not rows:
        nobody = t.gettext(
            "Nobody is under protection yet. Until then, threats count when they address the reader or name media."
        )
        return Card(text=lines(nobody, how if editable else None))
    remove = Button(label=t.plain.pgettext("button", "Remove somebody"), press=Press(action="staffdel"))
    watch = Button(label=t.plain.pgettext("button", "Watch for impersonation"), press=Press(action="watch"))
    head = t.gettext("Under protection")
    text = lines(bold(head), *(_staff_line(row) for row in rows), how if editable else None)
    return Card(text=text, buttons=((watch,), (remove,)) if editable else ())


def _staff_line(row: Staff) -> Html:
    mark = "🏢" if row.kind is StaffKind.OUTLET else "👤"
    aliases = f" ({Html.escaped('; '.join(row.aliases))})" if row.aliases else ""
    return Html(f"{mark} {Html.escaped(row.name)}{aliases}")


def staff_choice(rows: Sequence[Staff], reader: Reader, action: str, subject: int, page: int = 0) -> Card:
    """A button for each protected person or outlet: whom is it about?"""
    t = reader.t
    if not rows:
        return Card(text=t.gettext("Nobody is under protection yet. /staff adds people and outlets."))
    start = page * _MOST_BUTTONS
    chosen = [(row, row.id if action == "staffrm" else subject) for row in rows[start : start + _MOST_BUTTONS]]
    buttons = [
        (Button(label=row.name[:40], press=Press(action=action, subject=about, argument=f"{row.id:x}")),)
        for row, about in chosen
    ]
    if start + _MOST_BUTTONS < len(rows):
        more = Press(action=f"{action}page", subject=subject, argument=str(page + 1))
        buttons.append((Button(label=t.plain.pgettext("button", "More"), press=more),))
    if action == "target":
        buttons.append((Button(label=t.plain.pgettext("button", "Back"), press=Press(action="case", subject=subject)),))
    asked = t.gettext("Who is it aimed at?") if action == "target" else t.gettext("Who is to leave the list?")
    return Card(text=asked, buttons=tuple(buttons))


def member_list(people: Mapping[int, Member], reader: Reader) -> Card:
    """The newsroom's people."""
    t = reader.t
    head = t.gettext("Members of the newsroom")
    editable = reader.member.may(Right.MANAGE_MEMBERS)
    how = t.gettext("For example: /invite editor · /role 2 editor, security · /remove 2")
    rows = [_member_line(number, member, reader) for number, member in people.items()]
    return Card(text=lines(bold(head), *rows, how if editable else None))


def _member_line(number: int, row: Member, reader: Reader) -> Html:
    waiting = Html(" · ") + reader.t.gettext("waiting to be let in") if row.status is MemberStatus.PENDING else ""
    names = words.roles(reader.t, ",".join(sorted(role.value for role in row.roles)))
    return Html(f"{number}. {Html.escaped(row.name)} · {names}{waiting}")


def dead_letter_list(rows: Sequence[DeadLetter], unsent: int, lost: int, reader: Reader) -> Card:
    """What could not be handled or sent, and what could not be taken out of the chats in time."""
    t = reader.t
    others = [
        t.ngettext("{count} message could not be sent.", "{count} messages could not be sent.", unsent, count=unsent)
        if unsent
        else None,
        t.ngettext(
            "{count} sensitive message could not be taken out of its chat in time: please delete it by hand.",
            "{count} sensitive messages could not be taken out of their chats in time: please delete them by hand.",
            lost,
            count=lost,
        )
        if lost
        else None,
    ]
    if not rows:
        return Card(text=lines(t.gettext("Every update was handled."), *others))
    head = t.ngettext(
        "{count} update could not be handled", "{count} updates could not be handled", len(rows), count=len(rows)
    )
    shown = [
        Html(f"{row.update_id} · {reader.t.datetime(row.received_at, reader.zone)} · {Html.escaped(row.error)}")
        for row in rows
    ]
    again = Button(label=t.plain.pgettext("button", "Try all again"), press=Press(action="replay"))
    return Card(text=lines(Html(f"<b>{head}</b>"), *shown, *others), buttons=((again,),))
