"""`kalkan withdraw`: an imported file no longer counts."""

from typing import Annotated

import typer


def withdraw(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The file, as the list calls it.")] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Its kind, where two kinds have a file of this name.")
    ] = None,
    back: Annotated[bool, typer.Option("--back", help="Put it back.")] = False,
) -> None:
    """List the imported files, or withdraw one whole: poisoned, or the wrong one.

    Staff, actors, posts, ads, takedowns and photos go wholly or not at all; comments a portion at a time: interrupted,
    the same command goes on. What people here said or decided since stays, and what another file says alike. What
    members forwarded stays. Lists of accounts are withdrawn in the chat: /withdraw.
    """
    from bot.cli.runs.withdraw import run_files, run_withdraw  # noqa: PLC0415 - loads the heavy rooms

    if name is None:
        run_files(kind)
    else:
        run_withdraw(name, kind, back=back)
