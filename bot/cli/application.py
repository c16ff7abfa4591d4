"""`kalkan`: the commands, and what becomes of their errors: one clear line and an exit code, never a traceback.

Heavy rooms are imported inside the commands, so that `kalkan --help` answers at once.
"""

import sys
from collections.abc import Sequence
from typing import Annotated, Final

import typer

from bot import __version__
from bot.cli import (
    allow,
    backup,
    check,
    clear_old,
    demo,
    digest,
    doctor,
    erase,
    exchange,
    export,
    imports,
    invite,
    key,
    migrate_to,
    newsroom,
    queue,
    report,
    seal,
    serve,
    verify,
    withdraw,
)
from bot.cli.words import sentence
from bot.errors import Damaged, KalkanError, Refusal

#: The person can put it right (as for a wrong option); something else is wrong; the database is damaged, and starting
#: again mends nothing; stopped by Ctrl-C.
WRONG, FAILED, DAMAGED, INTERRUPTED = 2, 1, 4, 130

app: Final = typer.Typer(
    name="kalkan",
    help="A shield for newsrooms under organised attack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kalkan {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options of the program itself."""


app.command("serve")(serve.serve)
app.command("demo")(demo.demo)
app.command("invite")(invite.invite)
app.command("allow")(allow.allow)
app.command("thaw")(allow.thaw)
app.command("totp-reset")(allow.totp_reset)
app.command("check")(check.check)
app.add_typer(imports.app, name="import")
app.command("withdraw")(withdraw.withdraw)
app.command("export")(export.export)
app.add_typer(exchange.app, name="exchange")
app.command("digest")(digest.digest)
app.command("report")(report.report)
app.command("verify")(verify.verify)
app.command("backup")(backup.backup)
app.command("restore")(backup.restore)
app.command("clear-old")(clear_old.clear_old)
app.command("newsroom")(newsroom.newsroom)
app.command("queue")(queue.queue)
app.command("migrate-to")(migrate_to.migrate_to)
app.command("erase")(erase.erase)
app.add_typer(key.app, name="key")
app.add_typer(seal.app, name="seal")
app.command("doctor")(doctor.doctor)


def run(arguments: Sequence[str]) -> int:
    """Run a command; returns the exit code."""
    try:
        app(list(arguments), prog_name="kalkan")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Refusal as refusal:
        return _say(sentence(refusal.code, refusal.values), WRONG)
    except KalkanError as error:
        return _say(str(error), DAMAGED if isinstance(error, Damaged) else WRONG)
    except Exception as error:
        said = _outside(error)
        if said is None:
            raise
        return _say(said, DAMAGED if said == str(Damaged()) else FAILED)
    return 0


def _say(line: str, code: int) -> int:
    print(f"kalkan: {line}", file=sys.stderr)
    return code


def _outside(error: Exception) -> str | None:
    """What to say of an error of the database or of the disk; None for one of our own making."""
    if isinstance(error, ModuleNotFoundError) and error.name in ("asyncpg", "psycopg", "psycopg2"):
        return "the driver for PostgreSQL is missing: pip install 'kalkan[postgres]'"
    if "sqlalchemy" in sys.modules:
        from bot.cli.runs.database import database_trouble  # noqa: PLC0415 - loads the database's library

        if (said := database_trouble(error)) is not None:
            return said
    if isinstance(error, OSError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
    return None
