"""`kalkan report`: two equal periods compared, as a summary, pictures, a PDF and a workbook in a folder."""

from pathlib import Path
from typing import Annotated

import typer


def report(
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First day of the period, 2026-11-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Its last day.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the files are written.")],
    versus: Annotated[
        str,
        typer.Option(
            "--vs",
            metavar="DAY|DAY..DAY",
            help="What it is compared with: a period as long, or its first day; left out: the one right before.",
        ),
    ] = "",
    language: Annotated[str, typer.Option(metavar="ru|ky|en", help="Language of all words.")] = "ru",
) -> None:
    """Compare two periods: posts, tone, topics, ads, and what the newsroom was sent. Posts: kalkan import posts."""
    from bot.cli.runs.report import run_report  # noqa: PLC0415 - loads the heavy rooms

    if language not in ("ru", "ky", "en"):
        raise typer.BadParameter("ru, ky or en", param_hint="--language")
    run_report((first, last), versus, out, language)
