"""Lists imported files, and takes one back, for whoever holds the server."""

from bot.cli.runs.desks import at_desk
from bot.cli.runs.progress import ImportWatch
from bot.cli.words import printable
from bot.model.imported import ImportedFile, Withdrawal
from bot.services.imports.withdrawing import COMMENTS, every_file, withdraw
from bot.wiring import Desk
from bot.wiring.import_room import import_room


def run_files(kind: str | None = None) -> None:
    """Print a line for each file: its day, kind, rows, withdrawn ones, name, who brought it, its SHA-256."""

    async def act(desk: Desk) -> list[ImportedFile]:
        return [each for each in await every_file(import_room(desk)) if kind in (None, each.noun)]

    found = at_desk(act)
    if not found:
        print("No files were imported.")
    for each in found:
        state = "withdrawn" if each.is_withdrawn else f"{each.withdrawn} withdrawn" if each.withdrawn else "counts"
        mark = f"  sha256:{each.sha256}" if each.sha256 else ""
        told = f"{each.at:%Y-%m-%d}  {each.noun}  {each.rows} rows, {state}  {each.name}  by {each.importer}{mark}"
        print(printable(told))


def run_withdraw(name: str, kind: str | None, *, back: bool) -> None:
    """Withdraw a file, or put it back, and say so. Raises Refusal."""

    async def act(desk: Desk) -> Withdrawal:
        with ImportWatch("withdrawal") as watch:
            done = await withdraw(import_room(desk), name, watch, noun=kind, back=back)
        if done.noun == COMMENTS:
            # Campaigns lose, or get back, what only this file told of them; stopped here, the bot goes on with it.
            with ImportWatch("campaigns") as watch:
                await desk.campaigns.sweep_all(watch.progress)
        return done

    for line in lines_of(at_desk(act), back=back):
        print(printable(line))


def lines_of(done: Withdrawal, *, back: bool) -> list[str]:
    """What came of it: a line for what went or came, and one for each kind of thing that stays."""
    lines = [f"{'put back' if back else 'withdrawn'}: {done.turned} {done.noun} of {done.name}"]
    if done.by_hand:
        lines.append(f"{_rows(done.by_hand)} since people here said so or edited them, or they were there before")
    if done.by_files:
        lines.append(f"{_rows(done.by_files)} since another file says the same")
    if done.codings:
        lines.append(f"codings of these posts that are kept, and count again with --back: {done.codings}")
    return lines


def _rows(count: int) -> str:
    return "1 row stays" if count == 1 else f"{count} rows stay"
