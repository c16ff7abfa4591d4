"""`kalkan clear-old`: nothing stays where a newsroom was."""

from typing import Annotated

import typer


def clear_old(
    url: Annotated[str, typer.Argument(metavar="URL", help="postgresql+asyncpg://…, the database that was left.")],
) -> None:
    """Remove every row of the newsroom from the PostgreSQL database that it left by `kalkan migrate-to`.

    It is checked first that the newsroom goes on where it is now: take a backup there before. Other newsrooms in the
    old database wait while its files are written anew.
    """
    from bot.cli.runs.clear_old import run_clear_old  # noqa: PLC0415 - loads the heavy rooms

    typer.echo(run_clear_old(url))
