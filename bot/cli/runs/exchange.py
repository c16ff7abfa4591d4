"""Keys, partners and their files, for whoever holds the server."""

from pathlib import Path
from typing import Final

from bot.cli.runs.desks import at_desk
from bot.cli.words import printable
from bot.errors import Refusal
from bot.model.exchange import MOST_BYTES, ImportPreview, Issuer, Partner, Standing
from bot.services.batchfiles.plain_files import open_plain
from bot.services.exchange.keys import key_line, mark_of, read_key_line
from bot.wiring import Desk

#: A file with a key in it is a line; one that is this long is something else.
_LONGEST_KEY_FILE: Final = 10_000
_STANDINGS: Final = {
    Standing.OWN: "signed with our own key: nothing is taken in",
    Standing.TRUSTED: "the key was accepted",
    Standing.WITHDRAWN: "the key was accepted, and withdrawn since: nothing is taken in",
    Standing.UNKNOWN: "nobody has accepted this key: nothing is taken in",
}


def run_key() -> None:
    """Print our key line and its mark."""
    issuer = at_desk(_issuer)
    print(printable(key_line(issuer)))
    print(f"mark: {mark_of(issuer.key)}")


def run_trust(given: str, name: str | None) -> None:
    """Accept the key in a line or in a file. Raises Refusal."""
    path = Path(given)
    text = (
        given
        if given.startswith("kalkan-exchange-key:")
        else bytes_of(path, _LONGEST_KEY_FILE).decode("utf-8", "replace")
    )
    issuer = read_key_line(text)

    async def act(desk: Desk) -> Partner:
        return await desk.exchange.partners.trust(issuer, name)

    kept = at_desk(act)
    print(printable(f"accepted: {kept.name}, mark {mark_of(kept.key)}"))
    print("Compare the mark with them by another way than the one by which the key came.")


def run_partners() -> None:
    """Print a line for each partner."""

    async def act(desk: Desk) -> list[Partner]:
        return await desk.exchange.partners.everyone()

    found = at_desk(act)
    if not found:
        print("Nobody's key was accepted yet.")
    for each in found:
        state = f"{each.items} count" if each.withdrawn_at is None else f"withdrawn {each.withdrawn_at:%Y-%m-%d}"
        read = f"file {each.sequence} of {each.read_at:%Y-%m-%d}" if each.read_at is not None else "no file yet"
        print(printable(f"{mark_of(each.key)}  {state}, {read}  {each.name}"))


def run_withdraw(words: str, *, back: bool) -> None:
    """Withdraw a partner, or put it back. Raises Refusal."""

    async def act(desk: Desk) -> Partner:
        partner = await desk.exchange.partners.named(words)
        await desk.exchange.partners.withdraw(partner.id, back=back)
        return partner

    print(printable(f"{'put back' if back else 'withdrawn'}: {at_desk(act).name}"))


def run_import(file: Path, *, apply: bool) -> None:
    """Say what a file would change; with `apply` change it. Raises Refusal."""
    data = bytes_of(file, MOST_BYTES + 1)

    async def act(desk: Desk) -> ImportPreview:
        said = await desk.exchange.into.read(data)
        return await (desk.exchange.into.apply(said) if apply else desk.exchange.into.preview(said))

    for line in _lines(at_desk(act), applied=apply):
        print(printable(line))


def _lines(shown: ImportPreview, *, applied: bool) -> list[str]:
    name = shown.known_as or f"“{shown.issuer.name}”, as it calls itself"
    told = [
        f"signed by {name}, mark {mark_of(shown.issuer.key)}: {_STANDINGS[shown.standing]}",
        f"file {shown.sequence} of {shown.made_at:%Y-%m-%d %H:%M} UTC",
        f"added {shown.added}, changed {shown.changed}, recalled {shown.recalled}, as before {shown.same}",
    ]
    if shown.expired or shown.foreign:
        told.append(f"not taken: {shown.expired} expired, {shown.foreign} made by another version")
    if applied:
        return [*told, "taken in"]
    if shown.is_old:
        return [*told, "a file as new, or newer, was taken in already: nothing would change"]
    return [*told, "nothing was changed: --apply takes it in"] if shown.may_apply else told


async def _issuer(desk: Desk) -> Issuer:
    return await desk.exchange.out.issuer()


def bytes_of(path: Path, most: int) -> bytes:
    """The first bytes of a file that somebody names. Raises Refusal."""
    try:
        with open_plain(path) as file:
            return file.read(most)
    except FileNotFoundError:
        raise Refusal("file_missing", file=str(path)) from None
    except (OSError, ValueError) as error:
        raise Refusal("file_unreadable", file=str(path), why=getattr(error, "strerror", "") or "") from None
