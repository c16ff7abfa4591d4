"""`kalkan seal`: to whose age keys originals are sealed, so that this server cannot read them back."""

from typing import Annotated

import typer

app = typer.Typer(help="Seal originals to the security leads' age keys.", no_args_is_help=True)
_Key = Annotated[str, typer.Argument(metavar="age1…", help="A public age key: `age-keygen -o lead.key` shows it.")]


@app.command("add")
def add(key: _Key, name: Annotated[str, typer.Option(help="Whose key it is.")]) -> None:
    """Seal every original to this key too, those that are kept already included."""
    from bot.cli.runs.seal import add_key  # noqa: PLC0415 - loads the heavy rooms

    for line in add_key(key, name):
        typer.echo(line)


@app.command("remove")
def remove(key: _Key) -> None:
    """Seal no further originals to this key; it still opens the earlier ones."""
    from bot.cli.runs.seal import remove_key  # noqa: PLC0415 - loads the heavy rooms

    remove_key(key)


@app.command("list")
def show() -> None:
    """Show the keys that originals are sealed to."""
    from bot.cli.runs.seal import keys  # noqa: PLC0415 - loads the heavy rooms

    for line in keys():
        typer.echo(line)
