"""Makes an invite, and says how it is used."""

from bot.cli.runs.desks import at_desk
from bot.config import Settings
from bot.model.rights import Role
from bot.wiring import Desk


def invite(role: str) -> list[str]:
    """The lines to print for a new invite; the first is the link, or the line to send."""

    async def act(desk: Desk) -> list[str]:
        token = await desk.members.invite_by_command(desk.newsroom.id, Role(role))
        return _lines(token, await _username(desk.settings), role, desk.settings.invite_hours)

    return at_desk(act)


async def _username(settings: Settings) -> str | None:
    if settings.telegram_token is None:
        return None
    from bot.wiring.serving import bot_username  # noqa: PLC0415 - loads Telegram's library

    return await bot_username(settings)


def _lines(token: str, username: str | None, role: str, hours: int) -> list[str]:
    terms = f"It lets one person in as {role}, once, within {hours} hours."
    if username is not None:
        return [f"https://t.me/{username}?start={token}", f"Open this link in Telegram. {terms}"]
    return [f"/start {token}", f"Send this line to the bot in a private chat. {terms}"]
