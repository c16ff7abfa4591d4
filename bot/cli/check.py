"""`kalkan check`: the detection from the command line (docs/check.md)."""

from pathlib import Path
from typing import Annotated

import typer

from bot.errors import Refusal


def check(
    text: Annotated[list[str] | None, typer.Option(metavar="TEXT", help="A text; may be repeated.")] = None,
    image: Annotated[
        list[Path] | None, typer.Option(metavar="FILE|DIR", help="An image, or a folder of them; may be repeated.")
    ] = None,
    jsonl: Annotated[
        str | None, typer.Option(metavar="FILE|-", help="Lines of JSON, also packed by gzip; - is stdin.")
    ] = None,
    store: Annotated[bool, typer.Option("--store", help="Also store what is checked, as submissions.")] = False,
    staff: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Staff that counts in this run beside the stored list.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Check texts and images: copies, stolen photos, listed accounts, threats."""
    if not text and not image and jsonl is None:
        raise Refusal("nothing_to_check")
    from bot.cli.runs.check import Given, run_check  # noqa: PLC0415 - loads the heavy rooms

    given = Given(texts=tuple(text or ()), images=tuple(image or ()), jsonl=jsonl, staff=staff)
    run_check(given, store=store, as_json=as_json)
