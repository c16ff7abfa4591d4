"""`kalkan digest`: what a day's digest says, with its pictures and files, without sending it."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class LanguageName(StrEnum):
    """A language of digests."""

    KYRGYZ = "ky"
    RUSSIAN = "ru"
    ENGLISH = "en"


def digest(
    at: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day, in the newsroom's zone.")],
    out: Annotated[Path, typer.Option(help="The folder to write to; it is made.")],
    language: Annotated[
        list[LanguageName] | None, typer.Option(help="Only in this language; may be given again. All by default.")
    ] = None,
) -> None:
    """Write a day's digest to a folder: text, pictures, XLSX and PDF. Nothing is sent, nothing is marked."""
    from bot.cli.runs.digest import write_digest  # noqa: PLC0415 - loads the heavy rooms

    chosen = [each.value for each in language or list(LanguageName)]
    for line in write_digest(at, out, chosen):
        typer.echo(line)
