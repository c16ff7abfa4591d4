"""The words of threats sealed to the leads: the server cannot read them back, the lead can, the log and work go on."""

import asyncio
import hashlib
import hmac
import json
import subprocess
from pathlib import Path

import pyrage
import pytest
import sqlalchemy as sa

from bot.custody.keys import CustodyKeys
from bot.documents.evidence.export import Exporter
from bot.documents.sealed_body import MARK
from bot.model.custody import Trust
from bot.model.evidence import EvidenceOrder
from bot.model.threat import Status
from bot.services.erasing import Erasure
from bot.services.evidence import EvidenceDesk, EvidenceRoom
from bot.services.pictures import Pictures
from bot.services.threat_steps import ThreatSteps
from bot.services.threats import Threats
from bot.storage import body_sealing, sealed_bodies
from bot.storage.case_rows import TOUCHED
from bot.storage.tables import comments, custody_entries, metadata, texts, threat_sightings, threats
from bot.storage.vault import Vault
from tests.newsroom import message
from tests.services.conftest import EditorsDesk
from tests.services.sealed_threats import (
    CANARIES,
    CATALOGS,
    LEAD,
    SECOND,
    THREAT,
    answered,
    sealed,
    sealing_of,
    threatened,
    with_leads,
)
from tests.services.test_custody import lines, log_of, report
from tests.services.test_evidence import files_of, judged

ON_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


async def rows_told(desk: EditorsDesk) -> str:
    """Every value of every table, as text."""
    async with desk.store.read() as conn:
        found = [str((await conn.execute(sa.select(table))).all()) for table in metadata.sorted_tables]
    return "\n".join(found)


async def age_files(desk: EditorsDesk) -> list[bytes]:
    async with desk.store.read() as conn:
        cases = list((await conn.execute(sa.select(threat_sightings.c.submission_id).distinct())).scalars())
        found = await sealed_bodies.of_cases(conn, desk.newsroom.id, cases)
    return [await desk.vault.get(each.inside_age_sha256) for each in found]


def held(desk_rows: str) -> list[str]:
    return [each for each in (*CANARIES[:3], THREAT) if each in desk_rows or each.lower() in desk_rows]


async def test_only_the_leads_read_it(desk: EditorsDesk) -> None:
    """No word stands in any row, what is counted and decided stays; each lead reads all of it; the log is whole."""
    await threatened(desk)
    before = await rows_told(desk)
    assert len(held(before)) == 4
    async with desk.store.read() as conn:
        (key,) = {*(await conn.execute(sa.select(threat_sightings.c.text_key))).scalars()}
    await sealed(desk)
    after = await rows_told(desk)
    assert held(after) == []
    assert str(key) not in after
    (age,) = await age_files(desk)
    for lead in (LEAD, SECOND):
        told = pyrage.decrypt(age, [lead]).decode()
        assert [each for each in CANARIES[:3] if each not in told] == []
    async with desk.store.read() as conn:
        row = (await conn.execute(sa.select(threats))).one()
        assert (row.number, row.status, row.severity > 0, row.kinds != []) == (1, Status.NEW.value, True, True)
        assert (await conn.execute(sa.select(texts.c.words))).scalars().all() == [""]
    found = await report(desk)
    assert (found.broken, found.trust) == (None, Trust.UNANCHORED)


@ON_SQLITE
async def test_the_log_of_the_server_says_none_of_it(desk: EditorsDesk) -> None:
    """With custody.key its lines about the words stay closed; in the age file they match what was committed to."""
    await threatened(desk)
    await sealed(desk)
    (age,) = await age_files(desk)
    told = json.loads(pyrage.decrypt(age, [LEAD]).decode().rpartition(MARK)[2])
    async with desk.store.read() as conn:
        held_now = {row.seq: row.commitment for row in (await conn.execute(sa.select(custody_entries))).all()}
    assert any(THREAT in line["body"] for line in told["custody"])
    for line in told["custody"]:
        made = hmac.digest(bytes.fromhex(line["salt"]), line["body"].encode(), "sha256")
        assert made == held_now[line["seq"]]

    assert THREAT not in str(await lines(desk))


@ON_SQLITE
async def test_it_waits_for_its_time_and_for_an_answer(desk: EditorsDesk) -> None:
    """Without a lead's key, within a day, while it rings: nothing; then it is done, once."""
    await threatened(desk)
    sealing = sealing_of(desk)
    await desk.settle()
    desk.clock.tick(25 * 3600)
    assert await sealing.sweep() == 0
    await with_leads(desk)
    assert await sealing.sweep() == 0
    await answered(desk)
    assert await sealing.sweep() == 1
    assert await sealing.sweep() == 0


@ON_SQLITE
async def test_within_its_hot_time_it_is_read_where_it_stands(desk: EditorsDesk) -> None:
    """Leads triage as ever."""
    await threatened(desk)
    await with_leads(desk)
    await answered(desk)
    desk.clock.tick(23 * 3600)
    assert await sealing_of(desk).sweep() == 0
    assert THREAT in await rows_told(desk)


@ON_SQLITE
async def test_what_comes_later_is_sealed_too(desk: EditorsDesk) -> None:
    """A note written after it was sealed gets an age file of its own, in its time."""

    member = await threatened(desk)
    sealing = await sealed(desk)
    log = Threats(desk.store, desk.clock)
    steps = ThreatSteps(desk.store, desk.clock, log)
    await steps.note(desk.stage, member, await log.by_number(member, 1), f"ещё: {CANARIES[3]}")
    await desk.commit()
    assert await sealing.sweep() == 0
    desk.clock.tick(25 * 3600)
    assert await sealing.sweep() == 1
    assert CANARIES[3] not in await rows_told(desk)
    first, second = await age_files(desk)
    assert CANARIES[3] not in pyrage.decrypt(first, [LEAD]).decode()
    assert CANARIES[3] in pyrage.decrypt(second, [LEAD]).decode()
    assert (await report(desk)).broken is None


async def test_an_exact_copy_is_known_again(desk: EditorsDesk) -> None:
    """The same words against the same people count as the sealed record, and as copies of its text; then are sealed."""
    member = await threatened(desk)
    sealing = await sealed(desk)
    (case,) = await desk.send(member, message(member, desk.clock(), THREAT))
    async with desk.store.read() as conn:
        (row,) = (await conn.execute(sa.select(threats))).all()
    assert row.times == 2
    assert case.verdict.copy_count == 1
    await answered(desk)
    desk.clock.tick(25 * 3600)
    assert await sealing.sweep() == 1
    assert held(await rows_told(desk)) == []
    async with desk.store.read() as conn:
        assert len({*(await conn.execute(sa.select(comments.c.text_key))).scalars()}) == 1
        assert len((await conn.execute(sa.select(texts))).all()) == 1
    third = await desk.send(member, message(member, desk.clock(), THREAT))
    assert third[0].verdict.copy_count == 2


@ON_SQLITE
async def test_a_stop_at_any_step_loses_nothing(desk: EditorsDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed before each write, the words can be had, where they stand or by a lead; the next sweep finishes."""
    await threatened(desk)
    await with_leads(desk)
    await answered(desk)
    desk.clock.tick(25 * 3600)
    sealing = sealing_of(desk)
    steps = [(Vault, "put"), (sealed_bodies, "add"), (body_sealing, "overwrite"), (sealed_bodies, "removed")]
    for owner, name in steps:
        with monkeypatch.context() as patched:
            patched.setattr(owner, name, _killed)
            with pytest.raises(Killed):
                await sealing.sweep()
        assert held(await rows_told(desk)) == held(THREAT + "".join(CANARIES[:3]))
    await sealing.sweep()
    assert held(await rows_told(desk)) == []
    (age,) = await age_files(desk)
    assert THREAT in pyrage.decrypt(age, [LEAD]).decode()
    assert (await report(desk)).broken is None


class Killed(Exception):
    """The process was killed here."""


async def _killed(*_: object, **__: object) -> None:
    raise Killed


@ON_SQLITE
async def test_an_age_file_that_does_not_read_back_keeps_the_words(desk: EditorsDesk) -> None:
    """A disk that lost it costs nothing: another is made."""
    await threatened(desk)
    await with_leads(desk)
    await answered(desk)
    desk.clock.tick(25 * 3600)
    sealing = sealing_of(desk)
    assert await sealing._seal_due() == 1
    async with desk.store.read() as conn:
        (made,) = await sealed_bodies.to_remove(conn, desk.newsroom.id, 9)
    desk.vault.path_for(made.age_sha256).write_bytes(b"lost")
    assert await sealing._overwrite_due() == 0
    assert THREAT in await rows_told(desk)
    assert await sealing.sweep() == 1
    assert (await report(desk)).broken is None


@ON_SQLITE
@pytest.mark.parametrize("harm", ["lost", "changed"])
async def test_a_harmed_age_file_breaks_the_log(desk: EditorsDesk, harm: str) -> None:
    """The log says which hash it had."""
    await threatened(desk)
    await sealed(desk)
    (age,) = await age_files(desk)
    path = desk.vault.path_for(hashlib.sha256(age).hexdigest())
    path.unlink() if harm == "lost" else path.write_bytes(b"something else")
    found = await report(desk)
    assert found.broken is not None
    assert found.broken.code == {"lost": "file_missing", "changed": "file_changed"}[harm]


@ON_SQLITE
async def test_evidence_carries_the_words_sealed(desk: EditorsDesk, tmp_path: Path) -> None:
    """The bag verifies with its own tools; stock `age` and `sha256sum` show that what is opened is what was sealed.

    Who reported it is in neither form, unless names were asked for.
    """
    await threatened(desk)
    await sealed(desk)
    await log_of(desk).sequence()
    room = EvidenceRoom(
        vault=desk.vault,
        pictures=Pictures(desk.vault, desk.findings._analysis),
        workshop=tmp_path / "exports",
        make=Exporter(CATALOGS),
    )
    exporting = EvidenceDesk(desk.store, desk.clock, log_of(desk), room)
    made = await exporting.hand_over(desk.newsroom.id, EvidenceOrder(threats=(1,)))
    files = files_of(made)
    (name,) = [each for each in files if each.startswith("data/sealed/")]
    (told,) = json.loads(files["data/evidence.json"])["words_sealed"]
    assert (told["case"], name) == ("K-1", f"data/sealed/{told['age_sha256']}.age")
    assert judged(made, tmp_path, exporting.signing_key) == 0
    log = [json.loads(line).get("body") or "" for line in files["data/custody/entries.jsonl"].splitlines()]
    assert any(told["sha256"] in body and told["age_sha256"] in body for body in log)
    assert THREAT not in b"".join(files.values()).decode(errors="replace")
    bag = tmp_path / f"kalkan-{made.label}"
    opened = await asyncio.to_thread(_opened_by_stock_tools, bag / name, tmp_path, told)
    assert THREAT in opened
    assert CANARIES[1] not in opened
    assert "Айгерим" not in opened
    whole = await exporting.hand_over(desk.newsroom.id, EvidenceOrder(threats=(1,), with_names=True))
    assert len([each for each in files_of(whole) if each.startswith("data/sealed/")]) == 2


def _opened_by_stock_tools(file: Path, folder: Path, told: dict[str, str]) -> str:
    """What `age -d` gives; `sha256sum` of both forms is what the bag says."""
    (folder / "lead.key").write_text(str(LEAD))
    command = ["age", "-d", "-i", str(folder / "lead.key"), "-o", str(folder / "plain.txt"), str(file)]
    subprocess.run(command, check=True)
    summed = ["sha256sum", str(file), str(folder / "plain.txt")]
    said = subprocess.run(summed, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [line.split()[0] for line in said] == [told["age_sha256"], told["sha256"]]
    return (folder / "plain.txt").read_text()


async def test_erasure_takes_the_age_file(desk: EditorsDesk) -> None:
    """Of a sealed case nothing is left either, and the log stays whole."""
    await threatened(desk)
    await sealed(desk)
    assert len(await desk.vault.names()) == 2
    erasure = Erasure(desk.store, desk.clock, log_of(desk), desk.vault, desk.findings._analysis, desk.newsroom.id)
    await erasure.number(1, None, "GDPR 17(1)(a)")
    await erasure.remove_files()
    assert await desk.vault.names() == []
    found = await report(desk)
    assert (found.broken, found.erased > 0) == (None, True)


def test_every_place_of_a_case_is_looked_after() -> None:
    """A table that erasure learns of must be sealed too, or be said to hold nobody's words."""
    sealed_in = {said.table for said in body_sealing.SAID}
    assert sealed_in | body_sealing.WORDLESS | body_sealing.ELSEWHERE == set(TOUCHED)
    assert not sealed_in & body_sealing.WORDLESS
    assert not body_sealing.WORDLESS & body_sealing.ELSEWHERE


def test_two_keys_of_a_subject_have_two_names() -> None:
    """Under one the log keeps what was said, under the other what was done with it."""
    keys = CustodyKeys(b"k" * 32)
    name = keys.pseudonym(1, "threat", 7)
    assert keys.with_words([name]) == {name, keys.words_of(name)}
    assert len({name, keys.words_of(name)}) == 2
