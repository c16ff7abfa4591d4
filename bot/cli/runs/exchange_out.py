"""Writes what is shared with other newsrooms, in our signed form or in one that other systems read."""

import asyncio
import io
import sys
from pathlib import Path
from typing import Final

from PIL import Image

from bot.cli.runs.desks import at_desk
from bot.cli.runs.export import output
from bot.cli.words import printable
from bot.documents.exchange.misp import misp_file
from bot.documents.exchange.plain import pdq_file, table_file
from bot.documents.exchange.stix import stix_file
from bot.errors import Refusal
from bot.model.exchange import ENDING, ExportPreview, MadeExport, SharedPicture
from bot.services.exchange.exporting import Spell
from bot.services.exchange.gathering import Gathered
from bot.wiring import Desk
from detection.image.pdq import pdq_of

_ENDINGS: Final = {"pdq": ".pdq.csv", "stix": ".stix.json", "misp": ".misp.json", "csv": ".csv"}
_WRITERS: Final[dict[str, Spell]] = {"stix": stix_file, "misp": misp_file, "csv": table_file}


def run_export(file: Path, days: int, form: str, *, dry: bool) -> None:
    """Write a file, or only say what it would hold. Raises Refusal, and OSError where it cannot be written."""

    is_folder = file.is_dir()

    async def act(desk: Desk) -> None:
        if dry:
            _say(await desk.exchange.out.preview(days))
            return
        made = await _made(desk, form, days)
        path = file / (made.name.removesuffix(ENDING) + _ENDINGS.get(form, ENDING)) if is_folder else file
        with output(path) as out:
            out.write(made.data)
        print(printable(f"{path}: file {made.sequence}, {len(made.data)} bytes"))
        _say(made.preview)
        if form in _ENDINGS:
            print("This form is not signed: whoever reads it trusts the way by which it came.", file=sys.stderr)
        await desk.vigilance.exported_there(desk.newsroom.id, f"exchange {made.sequence}")
        # The log must hold the export before this process ends.
        await desk.custody.sequence()

    at_desk(act)


async def _made(desk: Desk, form: str, days: int) -> MadeExport:
    out = desk.exchange.out
    if form not in _ENDINGS:
        return await out.make(None, days)
    issuer, gathered = await out.gathered(days)
    if form == "pdq":
        pictures = await _hashed(desk, gathered)
        return await out.make_as(form, None, issuer, gathered, lambda file, _: pdq_file(file, pictures))
    try:
        return await out.make_as(form, None, issuer, gathered, _WRITERS[form])
    except ModuleNotFoundError as error:
        raise Refusal("exchange_library", extra="exchange") from error


async def _hashed(desk: Desk, gathered: Gathered) -> list[SharedPicture]:
    """PDQ of every photo that is told; of one whose original is sealed or gone there is none."""
    found, missing = [], 0
    for item in gathered.items:
        sha256 = gathered.pictures.get(item.id)
        if sha256 is None:
            continue
        clean = await desk.pictures.clean(sha256)
        if clean is None:
            missing += 1
            continue
        try:
            pdq, quality = await asyncio.to_thread(_pdq, clean)
        except ModuleNotFoundError as error:
            raise Refusal("exchange_library", extra="pdq") from error
        found.append(SharedPicture(item=item, pdq=pdq, quality=quality))
    if missing:
        print(f"without a PDQ hash, since the picture is sealed or gone: {missing}", file=sys.stderr)
    return found


def _pdq(clean: bytes) -> tuple[str, int]:
    """Of our own re-encoded copy: nothing of a stranger's is opened in this process."""
    with Image.open(io.BytesIO(clean)) as picture:
        return pdq_of(picture)


def _say(preview: ExportPreview) -> None:
    print(
        f"photos {preview.photos}, texts {preview.texts}, farms {preview.farms}:"
        f" new {preview.fresh}, recalled {preview.recalled}"
    )
    if preview.left_out:
        print(f"left out, as too many for one file: {preview.left_out} of the oldest")
