"""`kalkan queue`: what waits between receivers and workers, and what was set aside there."""

from typing import Annotated

import typer


def queue(
    put_back: Annotated[
        bool, typer.Option("--put-back", help="Put what was set aside at the end of the queue again.")
    ] = False,
) -> None:
    """Say how many messages wait in the queue of KALKAN_QUEUE_URL, and how many were set aside unread."""
    from bot.cli.runs.queue import run_queue  # noqa: PLC0415 - loads the heavy rooms

    typer.echo(run_queue(put_back=put_back))
