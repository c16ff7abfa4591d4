"""Changes and shows to whom originals are sealed."""

from bot.cli.runs.desks import at_desk
from bot.wiring import Desk


def add_key(key: str, name: str) -> list[str]:
    """Seal to a key; what to say of it. Raises Refusal."""

    async def act(desk: Desk) -> int:
        await desk.seal_recipients.add(key, name)
        await desk.custody.sequence()
        return len(await desk.seal_recipients.all())

    count = at_desk(act)
    what = "Originals, and the words of threats, are sealed to"
    lines = [f"{what} {count} keys; whoever has the secret part of one opens them: age -d -i FILE."]
    if count == 1:
        lines.append("ONE KEY ONLY: if it is lost, nobody opens an original again. Add a second lead's key.")
    return lines


def remove_key(key: str) -> None:
    """Seal to a key no longer. Raises Refusal."""

    async def act(desk: Desk) -> None:
        await desk.seal_recipients.remove(key)
        await desk.custody.sequence()

    at_desk(act)


def keys() -> list[str]:
    """A line for each key."""

    async def act(desk: Desk) -> list[str]:
        found = await desk.seal_recipients.all()
        return [f"{each.recipient}  {each.name}  since {each.added_at:%Y-%m-%d}" for each in found]

    return at_desk(act)
