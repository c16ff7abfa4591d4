"""`kalkan migrate-to`: from SQLite to PostgreSQL."""

from typing import Annotated

import typer


def migrate_to(
    url: Annotated[str, typer.Argument(metavar="URL", help="postgresql+asyncpg://…, of an empty database.")],
) -> None:
    """Move the newsroom from its SQLite file to PostgreSQL: every row is compared, and the custody log's root.

    Stop the bot first. Interrupted, the same command goes on. The SQLite file stays, and is not served any more.
    Leave the password out of URL, where others on this machine would see it: PGPASSWORD or ~/.pgpass give it.
    """
    from bot.cli.runs.migrate_to import run_migrate_to  # noqa: PLC0415 - loads the heavy rooms

    for line in run_migrate_to(url):
        typer.echo(line)
