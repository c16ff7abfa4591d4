"""`kalkan invite`: the first link into the newsroom."""

from enum import StrEnum
from typing import Annotated

import typer


class RoleName(StrEnum):
    """What a person can be."""

    JOURNALIST = "journalist"
    EDITOR = "editor"
    SECURITY = "security"
    ADMIN = "admin"


def invite(role: Annotated[RoleName, typer.Option(help="What the person will be.")] = RoleName.ADMIN) -> None:
    """Print a one-use invite link; whoever opens it first is a member."""
    from bot.cli.runs.invite import invite as run  # noqa: PLC0415 - loads the heavy rooms

    for line in run(role.value):
        typer.echo(line)
