"""`kalkan withdraw`: an imported file of comments no longer counts."""

from typing import Annotated

import typer


def withdraw(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="The file, as the list calls it.")] = None,
    back: Annotated[bool, typer.Option("--back", help="Put it back.")] = False,
) -> None:
    """List the imported files of comments, or withdraw one whole: poisoned, or the wrong one.

    What members forwarded stays. Lists of accounts are withdrawn in the chat: /withdraw. Interrupted, the same command
    goes on where it was.
    """
    from bot.cli.runs.withdraw import run_files, run_withdraw  # noqa: PLC0415 - loads the heavy rooms

    if name is None:
        run_files()
    else:
        run_withdraw(name, back=back)
