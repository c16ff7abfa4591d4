"""`kalkan export`: the store as JSONL or CSV, streamed; or evidence as a bag that can be checked without Kalkan."""

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
    EVIDENCE = "evidence"


class Format(StrEnum):
    """How it is written."""

    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"


def export(
    what: Annotated[What, typer.Argument(help="What to export.")],
    items: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[T-42 T-50..53 K-7 I-3 kind:death since:7d hrd ky names]",
            help="Of evidence: threats, cases, incidents, queries as /threats takes them; hrd or newsroom for a"
            " profile; ru, ky or en; names to include those of reporters.",
        ),
    ] = None,
    form: Annotated[
        Format, typer.Option("--format", help="One JSON object a line, or a table; xlsx is for accounts.")
    ] = Format.JSONL,
    is_sure: Annotated[bool, typer.Option("--yes", help="Of several records: do not ask.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write there instead of stdout.")] = None,
) -> None:
    """Write the store out: submissions, comments, accounts, threats; or hand evidence over as a signed bag."""
    from bot.cli.runs.export import run_evidence, run_export  # noqa: PLC0415 - loads the heavy rooms

    if what is What.EVIDENCE:
        run_evidence(" ".join(items or []), out, is_sure=is_sure)
        return
    if items:
        raise typer.BadParameter("only evidence is exported by its numbers")
    if form is Format.XLSX and what is not What.ACCOUNTS:
        raise typer.BadParameter("a workbook is made of accounts only: take csv or jsonl")
    run_export(what.value, form.value, out)
