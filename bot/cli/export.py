"""`kalkan export`: the store as JSONL or CSV, streamed."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class What(StrEnum):
    """What can be exported."""

    SUBMISSIONS = "submissions"
    COMMENTS = "comments"
    ACCOUNTS = "accounts"
    THREATS = "threats"


class Format(StrEnum):
    """How it is written."""

    JSONL = "jsonl"
    CSV = "csv"


def export(
    what: Annotated[What, typer.Argument(help="What to export.")],
    form: Annotated[Format, typer.Option("--format", help="One JSON object a line, or a table.")] = Format.JSONL,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write there instead of stdout.")] = None,
) -> None:
    """Write the store out: submissions, comments, accounts or threats."""
    from bot.cli.runs.export import run_export  # noqa: PLC0415 - loads the heavy rooms

    run_export(what.value, form is Format.CSV, out)
