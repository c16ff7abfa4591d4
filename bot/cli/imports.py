"""`kalkan import`: staff, accounts, comments, photos, takedowns, posts, ads; twice the same file changes nothing."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Import staff, accounts, comments, photos, takedowns, posts or ads.", no_args_is_help=True)

_Table = Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSONL, also packed by gzip.")]
_Sheet = Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSONL or XLSX.")]
_List = Annotated[
    Path, typer.Argument(metavar="FILE|DIR|ZIP", help="CSV, JSONL or XLSX; or photos that are named by handle.")
]


@app.command("staff")
def import_staff(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSONL, or a line each: [outlet] Name; alias.")],
) -> None:
    """People and outlets under protection: kind, name, position, aliases, telegram_id."""
    _import("staff", file)


@app.command("accounts")
def import_accounts(
    file: _List,
    photos: Annotated[
        Path | None,
        typer.Option(metavar="DIR|ZIP", help="Where the pictures lie that the rows name, or that are named by handle."),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=NAME", help="Take a field from the column of this name; may be repeated."),
    ] = None,
    platform: Annotated[
        str | None, typer.Option(metavar="NAME", help="The platform of rows and photos that do not name theirs.")
    ] = None,
    takedown: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="A published list of removed accounts, and where it stands.")
    ] = None,
) -> None:
    """Accounts, as suspected ones: platform, handle or link, id, names, farm, reason, photos, and what else is known.

    Columns are known by their names in three languages. Interrupted, the same command goes on where it was.
    """
    from bot.cli.runs.imports import run_accounts  # noqa: PLC0415 - loads the heavy rooms

    if not run_accounts(file, photos, _columns(columns or (), "--map"), platform, takedown):
        raise typer.Exit(1)


@app.command("comments")
def import_comments(
    file: _Table,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=NAME", help="Take a field from the column of this name; may be repeated."),
    ] = None,
    platform: Annotated[
        str | None, typer.Option(metavar="NAME", help="The platform of rows that do not name theirs.")
    ] = None,
    date_order: Annotated[
        str | None, typer.Option(metavar="dmy|mdy", help="What comes first in dates such as 10/06/2026.")
    ] = None,
) -> None:
    """Comments: text, author, platform, post, time, id; columns are known by the names that exports give them.

    Interrupted, the same command goes on where it was.
    """
    _import("comments", file, columns=_columns(column or ()), platform=platform, date_order=date_order)


@app.command("photos")
def import_photos(
    place: Annotated[Path, typer.Argument(metavar="DIR|ZIP", help="A folder or a ZIP of pictures.")],
) -> None:
    """Photos, each called by its file name."""
    _import("photos", place)


@app.command("takedowns")
def import_takedowns(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSONL or XLSX.")],
) -> None:
    """Reports to platforms: link, status, channel, ticket, sent, answered, ended, answer, note; in three languages."""
    _import("takedowns", file)


_Columns = Annotated[
    list[str] | None,
    typer.Option("--column", metavar="FIELD=NAME", help="Take a field from the column of this name; may be repeated."),
]
_OnPlatform = Annotated[str | None, typer.Option("--platform", metavar="NAME", help="Of rows that do not name theirs.")]
_Order = Annotated[
    str | None, typer.Option("--date-order", metavar="dmy|mdy", help="What comes first in dates such as 10/06/2026.")
]


@app.command("posts")
def import_posts(
    file: _Sheet,
    column: _Columns = None,
    platform: _OnPlatform = None,
    captured: Annotated[
        str | None, typer.Option(metavar="DAY", help="When the counts of rows without such a column were read.")
    ] = None,
    date_order: _Order = None,
) -> None:
    """Posts for reports: actor, category, platform, venue, time, text, reactions, comments, shares, views, link.

    Interrupted, the same command goes on where it was; newer counts of a post take the place of older ones.
    """
    from bot.cli.runs.imports import run_posts  # noqa: PLC0415 - loads the heavy rooms

    if not run_posts(file, _columns(column or ()), platform, captured, date_order):
        raise typer.Exit(1)


@app.command("actors")
def import_actors(file: _Sheet, column: _Columns = None) -> None:
    """Actors of reports: actor, category, and for each platform a link, yes, or no for "not present here"."""
    from bot.cli.runs.imports import run_actors  # noqa: PLC0415 - loads the heavy rooms

    if not run_actors(file, _columns(column or ())):
        raise typer.Exit(1)


@app.command("ads")
def import_ads(file: _Sheet, column: _Columns = None, platform: _OnPlatform = None, date_order: _Order = None) -> None:
    """Sighted ads: advertiser, count, spend (100, or 100-199), currency, disclaimer, platform, first and last day."""
    from bot.cli.runs.imports import run_ads  # noqa: PLC0415 - loads the heavy rooms

    if not run_ads(file, _columns(column or ()), platform, date_order):
        raise typer.Exit(1)


def _columns(options: Iterable[str], hint: str = "--column") -> dict[str, str]:
    columns = {}
    for option in options:
        field, equals, name = option.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"write FIELD=NAME, not {option!r}", param_hint=hint)
        columns[field.strip()] = name
    return columns


def _import(
    noun: str,
    path: Path,
    photos: Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    platform: str | None = None,
    date_order: str | None = None,
) -> None:
    from bot.cli.runs.imports import form_of, run_import  # noqa: PLC0415 - loads the heavy rooms

    if not run_import(noun, path, photos, form_of(columns, platform, date_order)):
        raise typer.Exit(1)
