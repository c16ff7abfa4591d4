"""What was read on screenshots: the page that shows it, and the question what is right instead."""

from bot.model.rights import Right
from bot.services import notices
from handlers.actions import Action, Pressed, number_of
from handlers.context import DeskContext
from handlers.gate import require


async def _screen(context: DeskContext, p: Pressed) -> None:
    """The first page in a message of its own; others take its place."""
    await context.desk.cases.see(context.member, p.press.subject)
    values = {"submission": p.press.subject, "page": p.number()}
    if p.press.argument:
        context.say(notices.edited_reply(context.member, p.message_id, "screen", **values))
    else:
        context.say(notices.reply(context.member, "screen", **values))


async def _correct(context: DeskContext, p: Pressed) -> None:
    case = await context.desk.cases.see(context.member, p.press.subject)
    if case.reporter_id != context.member.id:
        require(context, Right.CORRECT_SCREEN)
    part, _, number = p.press.argument.partition(".")
    where = (p.press.subject, number_of(part or "0", 16), number_of(number or "0", 16))
    await context.desk.screen_corrections.ask(context.stage, context.member, *where)


ACTIONS: dict[str, Action] = {
    "screen": Action(right=Right.OWN_CASES, act=_screen, writes=False),
    "correct": Action(right=Right.OWN_CASES, act=_correct, writes=False),
}
