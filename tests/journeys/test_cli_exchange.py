"""`kalkan exchange` as an operator types it: trust, look, apply, withdraw, export in every form, countersign."""

import asyncio
import csv
import io
import json
import os
import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.clock import utcnow
from bot.config import Settings
from bot.custody.envelopes import public_of
from bot.model.exchange import Issuer
from bot.services.custody import Custody
from bot.services.custody_secret import read_or_make_custody_keys, secret_path
from bot.services.exchange.keys import key_line
from bot.simulator.avatars import avatar
from bot.storage import newsrooms
from bot.wiring.archive import Archive
from tests.exchange_ground import STRANGER, file_of, photo_item, text_item
from tests.journeys.command_line import CommandLine
from tests.stores import furnish

PARTNER = Issuer(name="Ала-Тоо", key=public_of(STRANGER.exchange_key(1)))
PHOTO, WORDS = photo_item(4, id="1" * 32), text_item(7, id="2" * 32)


@pytest.fixture
def kalkan(tmp_path: Path) -> CommandLine:
    """A data folder of its own."""
    furnish(tmp_path / "data")
    return CommandLine(tmp_path / "data")


def listed(kalkan: CommandLine, folder: Path) -> None:
    """An account with a photo, that two people confirmed."""
    (folder / "photos").mkdir()
    avatar(9, 320).save(folder / "photos" / "aibek.jpg", "JPEG", quality=90)
    done = kalkan.here("import", "accounts", folder / "photos", "--platform", "instagram")
    assert "photos added 1" in done.out, done.err
    assert done.code == 0, done.err
    with closing(sqlite3.connect(kalkan.data / "kalkan.sqlite")) as database, database:
        database.execute("UPDATE accounts SET status = 'confirmed'")


def checkpoint(kalkan: CommandLine) -> str:
    """The newest signed checkpoint of its custody log."""
    with patch.dict(os.environ, kalkan.environment, clear=True):
        settings = Settings.read()
    archive = Archive.of(settings)
    keys = read_or_make_custody_keys(secret_path(settings.custody_key_path), archive.secrets)

    async def made() -> str:
        store = archive.store()
        async with store.read() as conn:
            newsroom = await newsrooms.first(conn)
        assert newsroom is not None
        found = await Custody(store, utcnow, keys).checkpoint(newsroom.id)
        await store.close()
        assert found is not None
        return found.note

    return asyncio.run(made())


def test_a_partners_file_is_read(kalkan: CommandLine, tmp_path: Path) -> None:
    """An unknown key is shown and never taken; accepted, a look changes nothing; then it counts until withdrawn."""
    file = tmp_path / "x.kalkan-exchange.json"
    file.write_bytes(file_of(PHOTO, WORDS, sequence=3))
    unknown = kalkan.here("exchange", "import", file)
    assert "nobody has accepted this key" in unknown.out
    refused = kalkan.here("exchange", "import", file, "--apply")
    assert (refused.code, "kalkan exchange trust" in refused.err) == (2, True)
    key = tmp_path / "key.txt"
    key.write_text(f"Биздин ачкыч:\n{key_line(PARTNER)}\n")
    assert "accepted: Ала-Тоо" in kalkan.here("exchange", "trust", key).out
    looked = kalkan.here("exchange", "import", file)
    assert "added 2, changed 0, recalled 0" in looked.out
    assert "0 count, no file yet" in kalkan.here("exchange", "partners").out
    assert "taken in" in kalkan.here("exchange", "import", file, "--apply").out
    assert "2 count" in kalkan.here("exchange", "partners").out
    again = kalkan.here("exchange", "import", file, "--apply")
    assert (again.code, "taken in already" in again.err) == (2, True)
    file.write_bytes(file.read_bytes()[:-40])
    broken = kalkan.here("exchange", "import", file)
    assert (broken.code, "no exchange file" in broken.err) == (2, True)
    assert "withdrawn: Ала-Тоо" in kalkan.here("exchange", "withdraw", "ала-тоо").out
    assert "withdrawn 20" in kalkan.here("exchange", "partners").out
    assert "put back" in kalkan.here("exchange", "withdraw", "Ала-Тоо", "--back").out


def test_what_is_confirmed_is_written_in_every_form(kalkan: CommandLine, tmp_path: Path) -> None:
    """Nothing to share is said; a confirmed fake's photo goes out signed, and as PDQ, STIX, MISP and CSV."""
    out = tmp_path / "out.json"
    empty = kalkan.here("exchange", "export", out)
    assert (empty.code, "nothing to share" in empty.err, out.exists()) == (2, True, False)
    listed(kalkan, tmp_path)
    told = kalkan.here("exchange", "export", out, "--dry-run")
    assert "photos 1, texts 0, farms 0: new 1, recalled 0" in told.out
    assert not out.exists()
    done = kalkan.here("exchange", "export", out, "--expires", "30")
    assert done.code == 0, done.err
    assert json.loads(out.read_bytes())["format"] == "kalkan-exchange"
    for form in ("stix", "misp", "csv"):
        made = kalkan.here("exchange", "export", tmp_path, "--format", form)
        assert made.code == 0, made.err
        assert "not signed" in made.err
    made = kalkan.here("exchange", "export", tmp_path, "--format", "pdq")
    if find_spec("pdqhash") is None:
        # It has no wheel, so the tests' machine may do without; `make bench` brings it.
        assert (made.code, "kalkan[pdq]" in made.err) == (2, True)
    else:
        (pdq,) = csv.DictReader(io.StringIO(next(tmp_path.glob("*.pdq.csv")).read_text("utf-8-sig")))
        assert (pdq["type"], len(pdq["indicator"])) == ("HASH_PDQ", 64)
    assert json.loads(next(tmp_path.glob("*.stix.json")).read_bytes())["type"] == "bundle"
    assert "kalkan-phash256" in next(tmp_path.glob("*.misp.json")).read_text()


def test_checkpoints_are_countersigned(kalkan: CommandLine, tmp_path: Path) -> None:
    """B signs A's checkpoint, A keeps it, and `kalkan verify` names B."""
    other = CommandLine(tmp_path / "other")
    line = other.here("exchange", "key").out.splitlines()[0]
    assert kalkan.here("exchange", "trust", line, "--name", "Азаттык").code == 0
    notes, signed = tmp_path / "checkpoints.txt", tmp_path / "signed.txt"
    notes.write_text(checkpoint(kalkan))
    assert other.here("exchange", "countersign", notes, "--out", signed).code == 0
    kept = kalkan.here("exchange", "attach", signed)
    assert "Азаттык saw our log with" in kept.out, kept.err
    told = kalkan.here("verify")
    assert "Countersigned by other newsrooms: 1, all match; the newest by Азаттык" in told.out
    assert other.here("exchange", "countersign", signed.with_name("none.txt")).code == 2
    notes.write_text("no checkpoint")
    assert "no checkpoint" in other.here("exchange", "countersign", notes).err
