"""Runs one import, shows how far it is, and says what came of it."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from bot.cli.runs.desks import at_desk
from bot.cli.runs.progress import ImportWatch
from bot.errors import Refusal
from bot.services.checks.lines import platform_named
from bot.services.imports.accounts import AccountForm, import_accounts
from bot.services.imports.ads import import_ads
from bot.services.imports.comment_rows import CommentForm
from bot.services.imports.comments import import_comments
from bot.services.imports.photos import import_photos
from bot.services.imports.post_rows import PostForm
from bot.services.imports.posts import import_actors, import_posts
from bot.services.imports.room import ImportRoom, Tally, Watch
from bot.services.imports.staff import import_staff
from bot.services.imports.takedowns import import_takedowns
from bot.services.imports.times import DateOrder, posted_at
from bot.wiring import Desk
from bot.wiring.import_room import import_room

Import = Callable[[ImportRoom, Path, Watch], Awaitable[Tally]]


def run_accounts(
    path: Path, photos: Path | None, columns: Mapping[str, str], platform: str | None, takedown: str | None
) -> bool:
    """Import a list of accounts; False when there was something in it and nothing could be taken. Raises Refusal."""
    form = AccountForm(columns=columns, platform=_platform(platform), takedown=takedown)
    return _run("accounts", path, partial(import_accounts, photos=photos, form=form))


def run_posts(
    path: Path, columns: Mapping[str, str], platform: str | None, captured: str | None, date_order: str | None
) -> bool:
    """Import posts; False when there was something in it and nothing could be taken. Raises Refusal."""
    form = PostForm(
        columns=columns,
        platform=_platform(platform),
        captured_at=posted_at(captured) if captured else None,
        date_order=_order(date_order),
    )
    return _run("posts", path, partial(import_posts, form=form))


def run_actors(path: Path, columns: Mapping[str, str]) -> bool:
    """Import actors; False when there was something in it and nothing could be taken. Raises Refusal."""
    return _run("actors", path, partial(import_actors, columns=columns))


def run_ads(path: Path, columns: Mapping[str, str], platform: str | None, date_order: str | None) -> bool:
    """Import ads; False when there was something in it and nothing could be taken. Raises Refusal."""
    named, order = _platform(platform), _order(date_order)
    return _run("ads", path, partial(import_ads, columns=columns, platform=named, order=order))


def _platform(word: str | None) -> str | None:
    named = platform_named(word) if word is not None else None
    if word is not None and named is None:
        raise Refusal("platform_unknown", platform=word[:40])
    return named


def _order(word: str | None) -> DateOrder | None:
    if word is not None and word not in set(DateOrder):
        raise Refusal("date_order_wrong")
    return DateOrder(word) if word else None


def run_import(noun: str, path: Path, photos: Path | None, form: CommentForm) -> bool:
    """Import a file; False when there was something in it and nothing could be taken."""
    return _run(noun, path, _import_of(noun, photos, form))


def _run(noun: str, path: Path, run: Import) -> bool:

    async def act(desk: Desk) -> Tally:
        with ImportWatch(noun) as watch:
            tally = await run(import_room(desk), path, watch)
        _say(noun, tally)
        if noun == "comments":
            # Stopped here, it costs nothing: the bot goes on with what is left.
            with ImportWatch("campaigns") as watch:
                await desk.campaigns.sweep_all(watch.progress)
        return tally

    return not at_desk(act, whole_machine=True).nothing_read


def form_of(columns: Mapping[str, str] | None, platform: str | None, date_order: str | None) -> CommentForm:
    """The form of a file of comments, from the options. Raises Refusal for an order that there is not."""
    return CommentForm(columns=columns, platform=platform, date_order=_order(date_order))


def _say(noun: str, tally: Tally) -> None:
    if tally.resumed_after:
        print(f"went on behind line {tally.resumed_after}, where the import was interrupted", file=sys.stderr)
    print(summary(tally), flush=True)
    if noun == "accounts" and tally.added:
        print(f"they are suspected; two people confirm them in the chat: /confirm {tally.batch}", file=sys.stderr)


def summary(tally: Tally) -> str:
    """The last line of an import."""
    said = f"added {tally.added}, changed {tally.changed}, same {tally.same}, refused {tally.refused}"
    if tally.photos_added or tally.photos_refused:
        said += f"; photos added {tally.photos_added}, refused {tally.photos_refused}"
    if tally.erased:
        said += f"; {tally.erased} about accounts that were erased for good: not taken"
    return said


def _import_of(noun: str, photos: Path | None, form: CommentForm) -> Import:
    runs: dict[str, Import] = {
        "staff": import_staff,
        "accounts": partial(import_accounts, photos=photos),
        "comments": partial(import_comments, form=form),
        "photos": import_photos,
        "takedowns": import_takedowns,
    }
    return runs[noun]
