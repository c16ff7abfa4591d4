"""`kalkan doctor`: is everything there that Kalkan needs?"""

import typer


def doctor() -> None:
    """Look at settings, data folder, database, languages and disk; exit code 1 if something is wrong."""
    from bot.cli.runs.doctor import signs  # noqa: PLC0415 - loads the heavy rooms

    seen = list(signs())
    for sign in seen:
        typer.echo(f"{'ok     ' if sign.fine else 'PROBLEM'}  {sign.what}: {sign.said}")
    if not all(sign.fine for sign in seen):
        raise typer.Exit(1)
