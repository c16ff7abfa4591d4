"""`kalkan allow`, `kalkan thaw` and `kalkan totp-reset`: who holds the server is the second person."""

from typing import Annotated

import typer


def allow(
    act: Annotated[int | None, typer.Argument(help="The act's number; without it, everything that waits.")] = None,
) -> None:
    """Allow what waits for a second person; without a number, list it."""
    from bot.cli.runs.allow import allow as run  # noqa: PLC0415 - loads the heavy rooms

    for line in run(act):
        typer.echo(line)


def thaw(
    member: Annotated[int | None, typer.Argument(help="The member's number; without it, who is frozen.")] = None,
) -> None:
    """Let a member back who froze their own access with /panic; without a number, list them."""
    from bot.cli.runs.allow import thaw as run  # noqa: PLC0415 - loads the heavy rooms

    for line in run(member):
        typer.echo(line)


def totp_reset(
    member: Annotated[str, typer.Argument(help="A name, or a number of /members; without it, everybody.")] = "",
) -> None:
    """Take away the second factor of who lost it or was away too long; all leads are told. Without a name, list all."""
    from bot.cli.runs.allow import totp_reset as run  # noqa: PLC0415 - loads the heavy rooms

    for line in run(member):
        typer.echo(line)
