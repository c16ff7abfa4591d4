"""Countersigns partners' checkpoints, and keeps what partners countersigned of ours."""

import sys
from pathlib import Path
from typing import Final

from bot.cli.runs.desks import at_desk
from bot.cli.runs.exchange import bytes_of
from bot.cli.runs.export import output
from bot.cli.words import printable
from bot.model.exchange import CountersignedCheckpoint
from bot.wiring import Desk

#: A file of checkpoints, some hundred bytes each.
_MOST_BYTES: Final = 20_000_000


def run_countersign(file: Path, out: Path | None) -> None:
    """Write a partner's newest checkpoint with our line. Raises Refusal, and OSError where it cannot be written."""
    text = _text(file)

    async def act(desk: Desk) -> str:
        return desk.exchange.countersigning.sign(text)

    note = at_desk(act)
    with output(out) as written:
        written.write(note.encode())
    print("Signed: it says that we saw this state of their log, now; nothing of what stands in it.", file=sys.stderr)


def run_attach(file: Path) -> None:
    """Keep checkpoints of ours that partners countersigned. Raises Refusal."""
    text = _text(file)

    async def act(desk: Desk) -> list[CountersignedCheckpoint]:
        return await desk.exchange.countersigning.attach(text)

    for each in at_desk(act):
        print(printable(f"kept: {each.partner} saw our log with {each.size} entries, {each.at:%Y-%m-%d %H:%M} UTC"))


def _text(file: Path) -> str:
    return bytes_of(file, _MOST_BYTES).decode("utf-8", "replace")
