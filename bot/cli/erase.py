"""`kalkan erase`: a case, for good."""

from typing import Annotated

import typer


def erase(
    case: Annotated[str, typer.Argument(metavar="K-12", help="The case.")],
    ground: Annotated[str, typer.Option(help="On what legal ground, and who asked: it stands in the custody log.")],
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a case: its texts, pictures, threats and the custody log's key to them. Nothing brings it back.

    Stop `kalkan serve` first. The custody log keeps its lines and proofs. Backups from before hold the case until they
    expire.
    """
    from bot.cli.runs.erase import run_erase  # noqa: PLC0415 - loads the heavy rooms

    if not is_sure:
        typer.confirm(f"Erase {case} for good?", abort=True)
    run_erase(case, ground)
