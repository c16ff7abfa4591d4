"""`kalkan import`: staff, accounts, comments and photos from files; twice the same file changes nothing."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Import staff, accounts, comments or photos.", no_args_is_help=True)

_Table = Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSONL, also packed by gzip.")]


@app.command("staff")
def import_staff(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSONL, or a line each: [outlet] Name; alias.")],
) -> None:
    """People and outlets under protection: kind, name, position, aliases, telegram_id."""
    _import("staff", file)


@app.command("accounts")
def import_accounts(
    file: _Table,
    photos: Annotated[
        Path | None, typer.Option(metavar="DIR|ZIP", help="Where the pictures lie that the rows name.")
    ] = None,
) -> None:
    """Accounts, as suspected ones: platform, handle or link, id, names, farm, reason, photos."""
    _import("accounts", file, photos)


@app.command("comments")
def import_comments(file: _Table) -> None:
    """Comments, in the lines that `kalkan check` takes: id, text, image, account, post, at."""
    _import("comments", file)


@app.command("photos")
def import_photos(
    place: Annotated[Path, typer.Argument(metavar="DIR|ZIP", help="A folder or a ZIP of pictures.")],
) -> None:
    """Photos, each called by its file name."""
    _import("photos", place)


def _import(noun: str, path: Path, photos: Path | None = None) -> None:
    from bot.cli.runs.imports import run_import  # noqa: PLC0415 - loads the heavy rooms

    if not run_import(noun, path, photos):
        raise typer.Exit(1)
