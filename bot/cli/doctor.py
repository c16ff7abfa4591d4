"""`kalkan doctor`: is everything there that Kalkan needs?"""

import json
from typing import Annotated

import typer

_MARKS = {"ok": "ok", "missing": "MISSING", "problem": "PROBLEM", "skipped": "skipped"}


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of objects: what, state, said.")] = False,
) -> None:
    """Look at settings, keys, database, custody log, disk, clock, limits, backups, languages and more; change nothing.

    Exit code 1 if something is wrong; what Kalkan can do without is only said, and so is what could not be looked at.
    """
    from bot.cli.runs.doctor import signs  # noqa: PLC0415 - loads the heavy rooms

    seen = []
    for sign in signs():
        seen.append(sign)
        if not as_json:
            typer.echo(f"{_MARKS[sign.state]:7}  {sign.what}: {sign.said}")
    if as_json:
        typer.echo(json.dumps([{"what": s.what, "state": s.state, "said": s.said} for s in seen], indent=1))
    if any(sign.state == "problem" for sign in seen):
        raise typer.Exit(1)
