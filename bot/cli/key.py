"""`kalkan key`: the master key, and the encryption of a data folder with it."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The master key that all data of the newsroom lies encrypted with.", no_args_is_help=True)


@app.command("new")
def new(
    file: Annotated[Path, typer.Argument(help="Where to put it: outside the data folder, best on another disk.")],
) -> None:
    """Make a master key."""
    from bot.cli.runs.key import new_key  # noqa: PLC0415 - loads libraries

    for line in new_key(file):
        typer.echo(line)


@app.command("passphrase")
def passphrase() -> None:
    """Use a passphrase, asked at each start on the terminal, instead of a file."""
    from bot.cli.runs.key import new_passphrase  # noqa: PLC0415 - loads libraries

    for line in new_passphrase():
        typer.echo(line)


@app.command("seal")
def seal() -> None:
    """Encrypt a data folder that is plain: the bot must not run. May be stopped and run again."""
    from bot.cli.runs.key import seal_data  # noqa: PLC0415 - loads libraries

    seal_data(typer.echo)
