"""Replies about what is stored of whoever reads them, and about leaving."""

from bot.i18n import N_, Html
from bot.model.newsroom import RETENTION_DAYS
from bot.model.own_data import OwnData
from handlers.buttons import Press
from handlers.cards import words
from handlers.cards.card import Button, Card, Reader, lines
from handlers.cards.render import Render, Values
from handlers.desk import FrontDesk

_SHOWN = 12


async def _own_data(desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    found = await desk.own_data.of(reader.member)
    button = Button(label=t.plain.pgettext("button", "As a file"), press=Press(action="mydatafile"))
    return Card(
        text=lines(
            t.gettext("What is stored about you here. Only you are shown this."),
            *_who(found, reader),
            *_work(found, reader),
            *_settings(found, reader),
            *_kept(reader),
        ),
        buttons=((button,),),
    )


def _who(found: OwnData, reader: Reader) -> list[Html]:
    t, me = reader.t, found.member
    roles = words.roles(t, ",".join(sorted(role.value for role in me.roles)))
    since = f"{me.joined_at.astimezone(reader.zone):%Y-%m-%d}"
    by = found.invited_by or t.plain.gettext("the server's operator")
    return [
        t.gettext(
            "{name} · Telegram id {id} · member no. {number}", name=me.name, id=me.telegram_id, number=found.number
        ),
        t.gettext("Roles: {roles}. Here since {date}; invited by {who}.", roles=roles, date=since, who=by),
    ]


def _work(found: OwnData, reader: Reader) -> list[Html]:
    t = reader.t
    labels = [each.label for each in found.cases if each.label]
    shown = ", ".join(labels[-_SHOWN:])
    more = " …" if len(labels) > _SHOWN else ""
    rows = sum(found.rows.values())
    return [
        t.gettext("Cases: {count}", count=len(labels)) + Html(f" ({shown}{more})" if shown else ""),
        t.gettext(
            "Rulings: {rulings}. Accounts reported: {reports}. Rows that name you in all tables: {rows}.",
            rulings=len(found.rulings),
            reports=len(found.reports),
            rows=rows,
        ),
        t.gettext(
            "Your messages as Telegram gave them: {updates}. My messages in this chat: {messages}.",
            updates=found.updates,
            messages=found.messages,
        ),
    ]


def _settings(found: OwnData, reader: Reader) -> list[Html]:
    t, me = reader.t, found.member
    said = []
    if found.has_second_factor:
        said.append(t.gettext("Second factor: set; its secret is sealed."))
    if found.duty_place is not None:
        said.append(t.gettext("You are on the duty roster."))
    if found.queries:
        said.append(t.gettext("Saved queries: {count}", count=len(found.queries)))
    if me.sweep_hours is not None:
        said.append(t.gettext("Sensitive messages leave this chat after {hours} h.", hours=me.sweep_hours))
    return said


def _kept(reader: Reader) -> list[Html]:
    t = reader.t
    days = reader.newsroom.limits.get("retention_days", RETENTION_DAYS)
    return [
        t.gettext(
            "How long: name and roles as long as you are a member and after; raw messages some days; cases on which "
            "nothing hangs {days} days; other cases until two people erase them.",
            days=days,
        ),
        t.gettext("/forget me – leave, and have erased who you are. /privacy – what is kept, and who sees it."),
    ]


async def _leaving(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
    t = reader.t
    button = Button(label=t.plain.pgettext("button", "Leave and erase who I am"), press=Press(action="leave"))
    return Card(
        text=lines(
            t.gettext("This ends your membership at once, and cannot be undone."),
            t.gettext(
                "Erased: your name, Telegram id, second factor, settings, conversations, your messages as Telegram "
                "gave them. What I wrote here in two days is deleted; older messages, and your own, you delete."
            ),
            t.gettext(
                "Staying with the newsroom: your cases, rulings and notes, as those of a former member with a number. "
                "If you are on the list of protected people, you stay on it until an editor takes you off."
            ),
            t.gettext("Backups from before expire by themselves. A new invite lets you come back, as somebody new."),
        ),
        buttons=((button,),),
    )


async def _left(_desk: FrontDesk, reader: Reader, v: Values) -> Card:
    text = reader.t.gettext(
        "A member has left, or was forgotten, and who they were is erased: in the records they are {member} now.",
        member=v["member"],
    )
    return Card(text=text)


def _plain(sentence: str) -> Render:
    async def render(_desk: FrontDesk, reader: Reader, _values: Values) -> Card:
        return Card(text=reader.t.gettext(sentence))

    return render


OWN_DATA_REPLIES: dict[str, Render] = {
    "mydata": _own_data,
    "leaving": _leaving,
    "member_left": _left,
    "leaving_last_admin": _plain(
        N_("You are the last administrator. Make somebody else administrator first: /role NUMBER admin")
    ),
    "leaving_last_security": _plain(
        N_("You are the last security lead. Somebody else must lead security first: an administrator uses /role.")
    ),
}
