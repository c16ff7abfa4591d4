"""/audit: who saw, searched, exported, changed what; a page at a time, or as a file."""

from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from telegram import Update

from bot.errors import Refusal
from bot.model.outbox import Kind, Outgoing
from bot.model.rights import Right
from bot.services import notices
from bot.services.audit import AuditQuery
from handlers.actions import Action, Pressed
from handlers.context import DeskContext
from handlers.orders import numbered, words_of
from handlers.reading import clean_text
from handlers.since import read_since

#: What can be asked for, as people write it; the first letter stands in buttons.
WORDS: Final = {
    "saw": ("saw", "viewed", "смотрел", "видел", "көргөн"),
    "searched": ("searched", "search", "искал", "поиск", "издеген"),
    "exported": ("exported", "export", "выгрузка", "выгрузил", "чыгарган"),
    "changed": ("changed", "change", "изменил", "менял", "өзгөрткөн"),
    "all": ("all", "всё", "все", "баары"),
}
FORMS: Final = ("csv", "xlsx")
_DAY: Final = "%Y%m%d%H%M"


async def audit(update: Update, context: DeskContext) -> None:
    """/audit 2 7d exported: a member's number, since when, what; in any order, all of them optional."""
    newsroom = await context.desk.newsrooms.get(context.member.newsroom_id)
    since, member_number, deed = None, 0, "all"
    rest = " ".join(clean_text(words_of(update)).lower().split())
    while rest:
        moment, behind = read_since(rest, context.desk.now(), ZoneInfo(newsroom.zone))
        if moment is not None:
            since, rest = moment, behind
            continue
        word, _, rest = rest.partition(" ")
        if word.isascii() and word.isdecimal():
            await numbered(context, word)
            member_number = int(word)
        else:
            deed = _deed(word)
    asked = _spelled(member_number, since, deed)
    context.say(notices.reply(context.member, "audit", asked=asked))


def _deed(word: str) -> str:
    for deed, words in WORDS.items():
        if word in words:
            return deed
    raise Refusal("audit_words")


def _spelled(number: int, since: datetime | None, deed: str) -> str:
    return f"{number}.{since.astimezone(UTC).strftime(_DAY) if since is not None else ''}.{deed[0]}"


def read_asked(asked: str, people: dict[int, Any]) -> AuditQuery:
    """A query as buttons carry it. Raises Refusal for what no button of ours says."""
    try:
        number, since, letter = asked.split(".")
        moment = datetime.strptime(since, _DAY).replace(tzinfo=UTC) if since else None
        deed = next(each for each in WORDS if each[0] == letter)
        member = people[int(number)].id if int(number) else None
    except (ValueError, StopIteration, KeyError):
        raise Refusal("button_not_yours") from None
    return AuditQuery(member_id=member, since=moment, deed=deed)


async def _turn(context: DeskContext, p: Pressed) -> None:
    values = {"asked": p.press.argument, "before": p.press.subject}
    context.say(notices.edited_reply(context.member, p.message_id, "audit", **values))


async def _file(context: DeskContext, p: Pressed) -> None:
    form = FORMS[p.press.subject % len(FORMS)]
    member = context.member
    context.say(
        Outgoing(
            kind=Kind.TABLE,
            chat_id=member.telegram_id,
            newsroom_id=member.newsroom_id,
            member_id=member.id,
            body={"audit": p.press.argument, "form": form},
        )
    )


ACTIONS: dict[str, Action] = {
    "audit": Action(right=Right.AUDIT, act=_turn),
    "auditfile": Action(right=Right.AUDIT, act=_file, exports=True),
}
