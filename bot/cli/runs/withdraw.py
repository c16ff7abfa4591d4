"""Lists imported files of comments, and takes one back, for whoever holds the server."""

from bot.cli.runs.desks import at_desk
from bot.cli.runs.progress import ImportWatch
from bot.services.imports.withdrawing import comment_files, withdraw_comments
from bot.storage.imported_comments import ImportedFile
from bot.wiring import Desk
from bot.wiring.import_room import import_room


def run_files() -> None:
    """Print a line for each file: its day, comments, withdrawn ones, name."""

    async def act(desk: Desk) -> list[ImportedFile]:
        return await comment_files(import_room(desk))

    found = at_desk(act)
    if not found:
        print("No comments were imported.")
    for each in found:
        print(f"{each.at:%Y-%m-%d}  {each.comments} comments, {each.withdrawn} withdrawn  {each.name}")


def run_withdraw(name: str, *, back: bool) -> None:
    """Withdraw a file, or put it back, and say so. Raises Refusal."""

    async def act(desk: Desk) -> int:
        with ImportWatch("comments") as watch:
            count = await withdraw_comments(import_room(desk), name, watch, back=back)
        # Campaigns lose, or get back, what only this file told of them; stopped here, the bot goes on with it.
        with ImportWatch("campaigns") as watch:
            await desk.campaigns.sweep_all(watch.progress)
        return count

    count = at_desk(act)
    print(f"{'put back' if back else 'withdrawn'}: {count} comments of {name}")
