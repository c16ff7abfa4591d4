"""/mydata: what is stored about whoever asks, on a card and as a file; /forget me: they leave."""

from telegram import Update

from bot.model.outbox import Kind, Outgoing
from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed
from handlers.context import DeskContext

#: Why no export: it asks for a code where one is set, by itself; one's own data must not hang on an authenticator.
_OWN = "what is stored about whoever asks, and about nobody else"


async def my_data(_update: Update, context: DeskContext) -> None:
    """/mydata"""
    context.say(notices.reply(context.member, "mydata"))


async def _file(context: DeskContext, _p: Pressed) -> None:
    """The file holds the texts of months, the chat those of a day: who has a second factor shows it.

    Of who has none it is not asked: one's own data must not hang on an authenticator.
    """
    member, step_up = context.member, context.desk.step_up
    if (await step_up.state(member)).is_set:
        await step_up.demand(member)
    context.say(
        Outgoing(
            kind=Kind.TABLE,
            chat_id=member.telegram_id,
            newsroom_id=member.newsroom_id,
            member_id=member.id,
            body={"mydata": member.id, "form": "json"},
        )
    )


async def _leave(context: DeskContext, _p: Pressed) -> None:
    context.desk.leaving.leave(context.stage, context.member)


ACTIONS: dict[str, Action] = {
    "mydatafile": Action(right=Right.SELF, act=_file, figures=_OWN, writes=False),
    "leave": Action(right=Right.SELF, act=_leave),
}
