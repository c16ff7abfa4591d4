"""`kalkan doctor`: is everything there that Kalkan needs?"""

import typer


def doctor() -> None:
    """Look at settings, data folder, database, languages, disk and the reader of screenshots.

    Exit code 1 if something is wrong; what Kalkan can do without is only said.
    """
    from bot.cli.runs.doctor import signs  # noqa: PLC0415 - loads the heavy rooms

    seen = list(signs())
    for sign in seen:
        mark = "ok" if sign.fine else "MISSING" if sign.optional else "PROBLEM"
        typer.echo(f"{mark:7}  {sign.what}: {sign.said}")
    if not all(sign.fine or sign.optional for sign in seen):
        raise typer.Exit(1)
