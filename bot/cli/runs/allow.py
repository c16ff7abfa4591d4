"""Allows acts, lets frozen members back, and takes second factors away, on the word of whoever holds the server."""

from bot.cli.runs.desks import at_desk
from bot.errors import Refusal
from bot.services.two_people import ActView
from bot.wiring import Desk


def allow(act_id: int | None) -> list[str]:
    """The lines to print. Raises Refusal for an act that does not wait."""

    async def act(desk: Desk) -> list[str]:
        waiting = await desk.two_people.waiting(desk.newsroom.id)
        if act_id is None:
            return [_line(view) for view in waiting] or ["Nothing waits for a second person."]
        found = next((view for view in waiting if view.act.id == act_id), None)
        if found is None or not await desk.two_people.allow_by_command(desk.newsroom.id, act_id):
            raise Refusal("act_unknown")
        await desk.erasure.settle()
        return [f"Allowed: {_line(found)}"]

    return at_desk(act)


def thaw(number: int | None) -> list[str]:
    """The lines to print. Raises Refusal for who is not frozen."""

    async def act(desk: Desk) -> list[str]:
        frozen = await desk.freezing.frozen(desk.newsroom.id)
        if number is None:
            return [f"{n}  {member.name}" for n, member in frozen.items()] or ["Nobody's access is frozen."]
        if number not in frozen or not await desk.freezing.thaw_by_command(desk.newsroom.id, frozen[number].id):
            raise Refusal("not_frozen")
        return [f"{frozen[number].name} has access again."]

    return at_desk(act)


def totp_reset(name: str) -> list[str]:
    """The lines to print. Raises Refusal for a name that is nobody's, or more than one person's."""

    async def act(desk: Desk) -> list[str]:
        found = await desk.waking.named(desk.newsroom.id, name)
        if not name.strip():
            return [f"{each.name}  {', '.join(sorted(each.roles))}" for each in found] or ["There are no members yet."]
        if len(found) != 1:
            raise Refusal("member_ambiguous" if found else "member_nobody")
        if not await desk.waking.reset_by_command(desk.newsroom.id, found[0].id):
            raise Refusal("member_nobody")
        await desk.custody.sequence()
        return [f"The second factor of {found[0].name} is gone; /totp sets it up anew. All leads are told."]

    return at_desk(act)


def _line(view: ActView) -> str:
    body = " ".join(f"{name}={value}" for name, value in view.act.body.items() if name != "member")
    about = f" {view.about}" if view.about else ""
    return f"{view.act.id}  {view.act.kind.value}{about}{f' {body}' if body else ''}, asked for by {view.asked_by}"
