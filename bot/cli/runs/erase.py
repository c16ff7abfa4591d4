"""Erases a case for whoever holds the server."""

import re

from bot.cli.runs.desks import at_desk
from bot.errors import Refusal
from bot.wiring import Desk


def run_erase(case: str, ground: str) -> None:
    """Erase it and say so. Raises Refusal."""
    found = re.fullmatch(r"[Kk]-?(\d{1,15})", case.strip())
    if found is None or not ground.strip():
        raise Refusal("erase_words")
    number = int(found[1])

    async def act(desk: Desk) -> None:
        await desk.erasure.number(number, None, ground.strip())
        await desk.erasure.settle()

    at_desk(act)
    print(f"K-{number} is erased. The custody log says so; backups from before hold it until they expire.")
