"""`kalkan newsroom`: what this newsroom is called where several share a database."""

from typing import Annotated

import typer


def newsroom(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Small letters, digits and -, at most 40.")],
) -> None:
    """Give the newsroom of a PostgreSQL database its key, so that others may share the database; stop the bot first."""
    from bot.cli.runs.newsroom import run_newsroom  # noqa: PLC0415 - loads the heavy rooms

    typer.echo(run_newsroom(key))
