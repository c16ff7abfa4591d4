"""Originals sealed to the leads: the server cannot read them back, the lead can, nothing is lost, the log holds."""

import asyncio
import hashlib
import io
import json
import os
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa

from bot.analysis import Analysis
from bot.documents.evidence.export import Exporter
from bot.errors import Refusal
from bot.i18n import Catalogs
from bot.model.custody import Trust
from bot.model.evidence import EvidenceOrder
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.model.submission import PartKind
from bot.services.evidence import EvidenceDesk, EvidenceRoom
from bot.services.original_sealing import SETTLING, OriginalSealing, SealedCopies
from bot.services.pictures import Pictures
from bot.services.seals.recipients import SealRecipients
from bot.storage import sealed_originals
from bot.storage.tables import campaign_pictures, screen_readings, submissions
from bot.storage.vault import Vault, VaultMissing
from tests.detection.image import hostile
from tests.newsroom import message
from tests.services.conftest import EditorsDesk
from tests.services.test_custody import log_of, report
from tests.services.test_evidence import judged

PICTURE = hostile.encoded(hostile.drawing(7))
SHA256 = hashlib.sha256(PICTURE).hexdigest()
LEAD, SECOND = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
ON_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


def sealing_of(desk: EditorsDesk, analysis: Analysis, *, copies: bool = True) -> OriginalSealing:
    return OriginalSealing(desk.store, desk.clock, desk.vault, analysis, desk.newsroom.id, copies=copies)


def recipients_of(desk: EditorsDesk) -> SealRecipients:
    return SealRecipients(desk.store, desk.clock, desk.newsroom.id)


async def sent(desk: EditorsDesk, words: str = "Сенин үйүңдү өрттөйм") -> Member:
    """A threat and a picture in one case."""
    member = await desk.member(Role.SECURITY)
    await send_again(desk, member, words)
    return member


async def send_again(desk: EditorsDesk, member: Member, words: str = "и ещё раз") -> None:
    shot = message(member, desk.clock(), kind=PartKind.PHOTO)
    assert shot.file is not None
    desk.files.files[shot.file.file_id] = PICTURE
    await desk.send(member, message(member, desk.clock(), words), shot)


async def grow_old(desk: EditorsDesk) -> None:
    """Let ten minutes pass, for the clock and for what lies in the vault; everything was read meanwhile."""
    async with desk.store.write() as conn:
        await conn.execute(sa.update(submissions).values(settled=True))
        await conn.execute(sa.update(screen_readings).values(state="done"))
        await conn.execute(sa.update(campaign_pictures).values(waiting=False))
    desk.clock.tick(SETTLING.total_seconds() + 60)
    age_files(desk.vault.root)


def age_files(root: Path) -> None:
    long_ago = time.time() - SETTLING.total_seconds() - 60
    for path in root.rglob("*"):
        if path.is_file():
            os.utime(path, (long_ago, long_ago))


async def sealed(desk: EditorsDesk, analysis: Analysis, *, copies: bool = True) -> OriginalSealing:
    """The newsroom's originals sealed to two leads, and removed."""
    sealing = sealing_of(desk, analysis, copies=copies)
    for number, lead in enumerate((LEAD, SECOND)):
        await recipients_of(desk).add(str(lead.to_public()), f"Lead {number}")
    await grow_old(desk)
    await swept(sealing)
    return sealing


async def swept(sealing: OriginalSealing) -> None:
    """Sweep until nothing is left to do."""
    for _ in range(10):
        if not await sealing.sweep():
            return
    raise AssertionError("the sweep never ends")


async def age_file(desk: EditorsDesk) -> bytes:
    async with desk.store.read() as conn:
        found = await sealed_originals.get(conn, desk.newsroom.id, [SHA256])
    return await desk.vault.get(found[SHA256].age_sha256)


async def test_only_the_leads_can_open(desk: EditorsDesk, analysis: Analysis, tmp_path: Path) -> None:
    """The original is gone from the server; each lead opens its age file; the log still verifies."""
    await sent(desk)
    assert await desk.vault.get(SHA256) == PICTURE
    await sealed(desk, analysis)
    with pytest.raises(VaultMissing):
        await desk.vault.get(SHA256)
    kept = await age_file(desk)
    for lead in (LEAD, SECOND):
        assert pyrage.decrypt(kept, [lead]) == PICTURE
    for path in desk.vault.root.rglob("*"):
        assert not path.is_file() or PICTURE[-80:-16] not in path.read_bytes()
    await log_of(desk).sequence()
    found = await report(desk)
    assert (found.broken, found.trust) == (None, Trust.UNANCHORED)


@ON_SQLITE
async def test_without_keys_nothing_is_sealed(desk: EditorsDesk, analysis: Analysis) -> None:
    """The newsroom decides; and what came a moment ago, or is still being read, waits."""
    await sent(desk)
    sealing = sealing_of(desk, analysis)
    await grow_old(desk)
    assert not await sealing.sweep()
    await recipients_of(desk).add(str(LEAD.to_public()), "Lead")
    for waits in (
        sa.update(submissions).values(settled=False),
        sa.update(screen_readings).values(state="waiting"),
    ):
        async with desk.store.write() as conn:
            await conn.execute(waits)
        assert not await sealing.sweep()
        await grow_old(desk)
    assert await sealing.sweep()


@ON_SQLITE
async def test_a_working_copy_stays_if_it_is_wanted(desk: EditorsDesk, analysis: Analysis) -> None:
    """Cards show a small copy without metadata; without copies they show nothing, and say so."""
    await sent(desk)
    await sealed(desk, analysis)
    copies = SealedCopies(desk.store, desk.newsroom.id)
    shown = await Pictures(desk.vault, analysis, copies).clean(SHA256)
    assert shown is not None
    assert shown.startswith(b"\xff\xd8")
    assert await Pictures(desk.vault, analysis).clean(SHA256) is None
    assert await copies.copy_of("0" * 64) is None


@ON_SQLITE
async def test_evidence_holds_the_sealed_form(desk: EditorsDesk, analysis: Analysis, tmp_path: Path) -> None:
    """The bag verifies, names both hashes, and the stock age opens what it holds."""
    await sent(desk)
    await sealed(desk, analysis)
    await log_of(desk).sequence()
    room = EvidenceRoom(
        vault=desk.vault,
        pictures=Pictures(desk.vault, analysis, SealedCopies(desk.store, desk.newsroom.id)),
        workshop=tmp_path / "exports",
        make=Exporter(Catalogs.load(strict=True)),
    )
    exporting = EvidenceDesk(desk.store, desk.clock, log_of(desk), room)
    made = await exporting.hand_over(desk.newsroom.id, EvidenceOrder(threats=(1,)))
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    (name,) = [each for each in files if "originals/" in each]
    age_sha = hashlib.sha256(files[name]).hexdigest()
    assert name == f"data/originals/{age_sha}.age"
    told = json.loads(files["data/evidence.json"])
    assert (told["originals_sealed"], told["originals_missing"]) == ({SHA256: age_sha}, [])
    bodies = [json.loads(line).get("body") for line in files["data/custody/entries.jsonl"].splitlines()]
    assert any(SHA256 in json.dumps(body) and age_sha in json.dumps(body) for body in bodies)
    assert judged(made, tmp_path, exporting.signing_key) == 0
    if shutil.which("age") is None:
        pytest.skip("the stock `age` is not installed: apt-get install age")
    assert await asyncio.to_thread(opened_by_age, files[name], tmp_path) == PICTURE


def opened_by_age(data: bytes, folder: Path) -> bytes:
    """What `age -d -i lead.key` makes of a file."""
    (folder / "lead.key").write_text(str(LEAD))
    (folder / "sealed.age").write_bytes(data)
    command = ["age", "-d", "-i", str(folder / "lead.key"), str(folder / "sealed.age")]
    return subprocess.run(command, capture_output=True, check=True).stdout


@ON_SQLITE
@pytest.mark.parametrize("harm", ["lost", "changed"])
async def test_a_harmed_age_file_breaks_the_log(desk: EditorsDesk, analysis: Analysis, harm: str) -> None:
    """The log says which hash the sealed form had: whoever removes or exchanges it is noticed."""
    await sent(desk)
    await sealed(desk, analysis)
    await log_of(desk).sequence()
    path = desk.vault.path_for(hashlib.sha256(await age_file(desk)).hexdigest())
    path.unlink() if harm == "lost" else path.write_bytes(b"something else")
    found = await report(desk)
    assert found.broken is not None
    assert found.broken.code == {"lost": "file_missing", "changed": "file_changed"}[harm]


@ON_SQLITE
async def test_an_original_that_was_lost_is_still_noticed(desk: EditorsDesk, analysis: Analysis) -> None:
    """Only an original whose sealed form the log names may be away."""
    await sent(desk)
    await log_of(desk).sequence()
    desk.vault.path_for(SHA256).unlink()
    found = await report(desk)
    assert found.broken is not None
    assert (found.broken.code, found.broken.about) == ("file_missing", SHA256)


@ON_SQLITE
async def test_a_stop_at_any_step_loses_nothing(
    desk: EditorsDesk, analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each write, the picture can be had, from the original or by a lead; the next sweep finishes."""
    await sent(desk)
    sealing = sealing_of(desk, analysis)
    await recipients_of(desk).add(str(LEAD.to_public()), "Lead")
    await grow_old(desk)
    for owner, name in ((Vault, "put"), (sealed_originals, "add"), (Vault, "remove"), (sealed_originals, "removed")):
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, _killed)
            with pytest.raises(Killed):
                await swept(sealing)
        age_files(desk.vault.root)
        try:
            assert await desk.vault.get(SHA256) == PICTURE
        except VaultMissing:
            assert pyrage.decrypt(await age_file(desk), [LEAD]) == PICTURE
    await swept(sealing)
    assert pyrage.decrypt(await age_file(desk), [LEAD]) == PICTURE
    await log_of(desk).sequence()
    assert (await report(desk)).broken is None


class Killed(Exception):
    """The process was killed here."""


async def _killed(*_: object, **__: object) -> None:
    raise Killed


@ON_SQLITE
async def test_an_age_file_that_does_not_read_back_keeps_the_original(desk: EditorsDesk, analysis: Analysis) -> None:
    """A disk that lost the age file costs nothing: the original stays until it can go safely."""
    await sent(desk)
    sealing = sealing_of(desk, analysis)
    await recipients_of(desk).add(str(LEAD.to_public()), "Lead")
    await grow_old(desk)
    assert await sealing._seal_due()
    desk.vault.path_for(hashlib.sha256(await age_file(desk)).hexdigest()).write_bytes(b"lost")
    assert not await sealing._remove_due()
    assert await desk.vault.get(SHA256) == PICTURE


@ON_SQLITE
async def test_a_picture_that_comes_again_is_removed_again(desk: EditorsDesk, analysis: Analysis) -> None:
    """Sent once more, it lies there openly for some minutes, and then no longer; one age file stands for both."""
    member = await sent(desk)
    sealing = await sealed(desk, analysis)
    first = await age_file(desk)
    await send_again(desk, member)
    assert await desk.vault.get(SHA256) == PICTURE
    await grow_old(desk)
    await swept(sealing)
    with pytest.raises(VaultMissing):
        await desk.vault.get(SHA256)
    assert await age_file(desk) == first


async def test_keys_are_added_and_removed(desk: EditorsDesk) -> None:
    """A public key once; a secret one, or none at all, is refused; a removed one is used no longer."""
    recipients, key = recipients_of(desk), str(LEAD.to_public())
    await recipients.add(f" {key}\n", "Чолпон")
    assert [(each.recipient, each.name) for each in await recipients.all()] == [(key, "Чолпон")]
    for wrong, code in ((key, "known"), (str(LEAD), "wrong"), ("", "wrong"), ("age1zzz", "wrong"), (key[:-1], "wrong")):
        with pytest.raises(Refusal, match=f"seal_key_{code}"):
            await recipients.add(wrong, "x")
    await recipients.remove(key)
    assert await recipients.all() == []
    with pytest.raises(Refusal, match="seal_key_unknown"):
        await recipients.remove(key)
    await recipients.add(key, "again")
    assert len(await recipients.all()) == 1
    await log_of(desk).sequence()
