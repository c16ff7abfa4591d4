"""`kalkan backup` and `kalkan restore`: the newsroom in one encrypted file, and back."""

from pathlib import Path
from typing import Annotated

import typer


def backup(
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep it there instead of in KALKAN_BACKUP_DIR; deletes nothing.")
    ] = None,
    recipients: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="KEY", help="A public key instead of KALKAN_BACKUP_RECIPIENTS. Several times."),
    ] = None,
) -> None:
    """Make a backup, also while the bot runs: database, originals and keys in one file that this server cannot open."""
    from bot.cli.runs.backup import run_backup  # noqa: PLC0415 - loads the heavy rooms

    run_backup(out, recipients or [])


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup: kalkan-….tar.age")],
    identity: Annotated[Path, typer.Option(metavar="KEY", help="The file with the private key.")],
    into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The new data folder; it must be empty or not there.")
    ] = None,
    is_check: Annotated[bool, typer.Option("--check", help="Only read it to its end: nothing is written.")] = False,
    custody_key: Annotated[
        Path | None,
        typer.Option(
            "--custody-key", metavar="FILE", help="custody.key, where it was kept apart: checks all of the log."
        ),
    ] = None,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="An empty PostgreSQL database instead of SQLite in the folder."),
    ] = None,
    even_if_broken: Annotated[
        bool, typer.Option("--even-if-broken", help="Restore also where the custody log does not verify.")
    ] = False,
) -> None:
    """Restore a backup into an empty place: all of it, or nothing. Set KALKAN_DATA_DIR to that folder afterwards."""
    from bot.cli.runs.backup import run_check, run_restore  # noqa: PLC0415 - loads the heavy rooms

    if is_check:
        run_check(file, identity)
        return
    if into is None:
        raise typer.BadParameter("say where: --into DIR; or --check to write nothing")
    run_restore(file, identity, into, custody_key=custody_key, database=database, even_broken=even_if_broken)
