"""`kalkan verify`: is the evidence what it was?"""

from pathlib import Path
from typing import Annotated

import typer


def verify(
    anchors: Annotated[
        list[Path] | None,
        typer.Option(
            "--anchors",
            metavar="FILE",
            help="Checkpoints that were kept outside: any text, or the export of the chat. May be given several times.",
        ),
    ] = None,
) -> None:
    """Check the custody log, the original files and the anchors; says the first break.

    Exit code 0: all good. 1: something was changed, cut off or is missing. 2: it could not be checked. 3: nothing
    contradicts itself, but no anchor from outside vouches for it, or the key that opens the entries is not there.
    """
    from bot.cli.runs.verify import run_verify  # noqa: PLC0415 - loads the heavy rooms

    raise typer.Exit(run_verify(anchors or []))
