"""`kalkan serve`: the bot."""

from typing import Annotated

import typer

from bot.model.process import ProcessRole


def serve(
    role: Annotated[
        ProcessRole, typer.Option(help="What this process does; all but `all` share a PostgreSQL (docs/scale.md).")
    ] = ProcessRole.ALL,
) -> None:
    """Run the bot until it is stopped."""
    from bot.cli.runs.bot import serve as run  # noqa: PLC0415 - loads the heavy rooms

    run(role)
