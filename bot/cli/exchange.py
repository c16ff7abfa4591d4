"""`kalkan exchange`: share hashes with other newsrooms, read what they share, countersign each other's checkpoints."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.model.exchange import USUAL_DAYS

app = typer.Typer(
    help="Share photo hashes, text fingerprints and farm ids with other newsrooms, in signed files; never people.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Form(StrEnum):
    """How a file is written: our own signed form, or one that others read."""

    KALKAN = "kalkan"
    PDQ = "pdq"
    STIX = "stix"
    MISP = "misp"
    CSV = "csv"


@app.command("key")
def key() -> None:
    """Print our own key: a line for partners, and the mark by which you compare it with them by another way."""
    from bot.cli.runs.exchange import run_key  # noqa: PLC0415 - loads the heavy rooms

    run_key()


@app.command("trust")
def trust(
    given: Annotated[str, typer.Argument(metavar="KEY|FILE", help="A partner's key line, or a file that holds it.")],
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What you call this newsroom.")] = None,
) -> None:
    """Accept a partner's key, once you compared its mark with them by another way: their files can then be taken in."""
    from bot.cli.runs.exchange import run_trust  # noqa: PLC0415 - loads the heavy rooms

    run_trust(given, name)


@app.command("partners")
def partners() -> None:
    """List whose keys were accepted, and how much of what each says counts today."""
    from bot.cli.runs.exchange import run_partners  # noqa: PLC0415 - loads the heavy rooms

    run_partners()


@app.command("withdraw")
def withdraw(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Its name, or the mark of its key.")],
    back: Annotated[bool, typer.Option("--back", help="Put it back.")] = False,
) -> None:
    """Let nothing that a partner said count any longer."""
    from bot.cli.runs.exchange import run_withdraw  # noqa: PLC0415 - loads the heavy rooms

    run_withdraw(partner, back=back)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write; a folder takes the file's own name.")],
    days: Annotated[int, typer.Option("--expires", metavar="DAYS", help="For how long it is said to hold.")] = (
        USUAL_DAYS
    ),
    form: Annotated[
        Form, typer.Option("--format", help="kalkan is signed and can be recalled; the others are for other systems.")
    ] = Form.KALKAN,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only say what the file would hold.")] = False,
) -> None:
    """Write what editors ruled on: photos of confirmed fakes, texts of their campaigns, their farms."""
    from bot.cli.runs.exchange_out import run_export  # noqa: PLC0415 - loads the heavy rooms

    run_export(file, days, form.value, dry=dry)


@app.command("import")
def take_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A partner's file.")],
    apply: Annotated[bool, typer.Option("--apply", help="Take it in; without this it is only looked at.")] = False,
) -> None:
    """Say what a partner's file would change; with --apply change it."""
    from bot.cli.runs.exchange import run_import  # noqa: PLC0415 - loads the heavy rooms

    run_import(file, apply=apply)


@app.command("countersign")
def countersign(
    file: Annotated[Path, typer.Argument(metavar="CHECKPOINTS", help="A partner's checkpoints: any text with them.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write there instead of stdout.")] = None,
) -> None:
    """Countersign the newest checkpoint of a partner's custody log: they can show that it stood so, and when."""
    from bot.cli.runs.countersign import run_countersign  # noqa: PLC0415 - loads the heavy rooms

    run_countersign(file, out)


@app.command("attach")
def attach(
    file: Annotated[
        Path, typer.Argument(metavar="CHECKPOINTS", help="Our checkpoints as a partner countersigned them.")
    ],
) -> None:
    """Keep what partners countersigned: `kalkan verify` then checks our custody log against it."""
    from bot.cli.runs.countersign import run_attach  # noqa: PLC0415 - loads the heavy rooms

    run_attach(file)
