"""Evidence handed over: the right cases, their originals, the log's lines with proofs; and that is logged too."""

import io
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.analysis import Analysis
from bot.custody.timestamps import request_for
from bot.documents.evidence.bagged import verify
from bot.documents.evidence.export import Exporter
from bot.errors import Outage, Refusal
from bot.i18n import Catalogs
from bot.model.codec import dump
from bot.model.custody import Trust
from bot.model.evidence import EvidenceOrder, HandedOver, Profile
from bot.model.newsroom import Member
from bot.model.rights import Role
from bot.model.submission import Incoming, PartKind
from bot.services.evidence import EvidenceDesk, EvidenceRoom
from bot.services.evidence_orders import EvidenceOrders
from bot.services.pictures import Pictures
from bot.services.threats import Threats
from tests.detection.image import hostile
from tests.newsroom import message, queued, said, typed
from tests.services.conftest import EditorsDesk
from tests.services.test_custody import KEYS, by_kind, log_of, report

PICTURE = hostile.encoded(hostile.drawing(7))
THREAT = "Сенин үйүңдү өрттөйм"
CATALOGS = Catalogs.load(strict=True)
#: For what does not depend on the engine: each of these makes a whole bag.
ON_SQLITE = pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)


@pytest.fixture
def room(desk: EditorsDesk, analysis: Analysis, tmp_path: Path) -> EvidenceDesk:
    """The desk's evidence, with everything real but the network."""
    place = EvidenceRoom(
        vault=desk.vault,
        pictures=Pictures(desk.vault, analysis),
        workshop=tmp_path / "exports",
        make=Exporter(CATALOGS),
    )
    return EvidenceDesk(desk.store, desk.clock, log_of(desk), place)


def orders_of(desk: EditorsDesk) -> EvidenceOrders:
    """The desk's orders."""
    return EvidenceOrders(desk.store, desk.clock, Threats(desk.store, desk.clock))


async def threatened(desk: EditorsDesk) -> Member:
    """A forwarded threat, a screenshot of it, and the reporter's own words, in one case."""
    member = await desk.member(Role.SECURITY, name="Чолпон Тайная")
    shot = message(member, desk.clock(), kind=PartKind.PHOTO)
    assert shot.file is not None
    desk.files.files[shot.file.file_id] = PICTURE
    words = [message(member, desk.clock(), THREAT), shot, typed(member, desk.clock(), "это мой секретный источник")]
    await desk.send(member, *(_with_update(each, member) for each in words))
    return member


def _with_update(incoming: Incoming, member: Member) -> Incoming:
    return replace(
        incoming, raw=json.dumps({"message": {"from": {"id": member.telegram_id, "first_name": member.name}}})
    )


def files_of(made: HandedOver) -> dict[str, bytes]:
    """The bag's files by their names in it."""
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        return {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}


def judged(made: HandedOver, folder: Path, key: str) -> int:
    """What the verifier in the bag says of it."""
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        archive.extractall(folder)
    return verify.main([str(folder / made.label.join(("kalkan-", ""))), "--key", key])


async def test_a_threat_is_handed_over_whole(desk: EditorsDesk, room: EvidenceDesk, tmp_path: Path) -> None:
    """The original bytes, the words, the lines with proofs; the bag verifies; the reporter is nowhere in it."""
    member = await threatened(desk)
    made = await room.hand_over(desk.newsroom.id, EvidenceOrder(threats=(1,)), member.id, "ru")
    files = files_of(made)
    originals = [data for name, data in files.items() if name.startswith("data/originals/")]
    assert originals == [PICTURE]
    assert judged(made, tmp_path, room.signing_key) == 0
    told = b"\n".join(files.values()).decode("utf-8", "replace")
    assert THREAT in told
    assert json.dumps(THREAT) in told or THREAT in told
    for secret in ("Тайная", json.dumps("Тайная")[1:-1], "секретный", json.dumps("секретный")[1:-1], "first_name"):
        assert secret not in told
    lines = [json.loads(line) for line in files["data/custody/entries.jsonl"].splitlines()]
    assert [line["entry"][2] for line in lines].count("received") == 3
    assert all(("body" in line) == (line["entry"][2] == "kept") for line in lines)


@ON_SQLITE
async def test_names_are_there_when_they_are_asked_for(desk: EditorsDesk, room: EvidenceDesk, tmp_path: Path) -> None:
    """With names: the reporter, their words, the raw updates."""
    await threatened(desk)
    order = EvidenceOrder(cases=(1,), with_names=True, profile=Profile.HRD, language="ky")
    made = await room.hand_over(desk.newsroom.id, order)
    files = files_of(made)
    assert judged(made, tmp_path, room.signing_key) == 0
    assert json.loads(files["data/evidence.json"])["cases"][0]["reporter"] == "Чолпон Тайная"
    lines = [json.loads(line) for line in files["data/custody/entries.jsonl"].splitlines()]
    received = [json.loads(line["body"]) for line in lines if line["entry"][2] == "received"]
    assert any(body["words"] == "это мой секретный источник" for body in received)
    assert all("first_name" in body["update"] for body in received)


@ON_SQLITE
async def test_every_export_is_logged(desk: EditorsDesk, room: EvidenceDesk) -> None:
    """Who, what, for whom, and the hash by which the bag is known again; a second export shows the first."""
    member = await threatened(desk)
    first = await room.hand_over(desk.newsroom.id, EvidenceOrder(threats=(1,)), member.id)
    second = await room.hand_over(desk.newsroom.id, EvidenceOrder(threats=(1,)), member.id)
    told = (await by_kind(desk))["exported"]
    assert told["by"] == KEYS.pseudonym(desk.newsroom.id, "member", member.id)
    assert (told["export"], told["tagmanifest_sha256"]) == (first.label, first.tagmanifest_sha256)
    kinds = [json.loads(line)["entry"][2] for line in files_of(second)["data/custody/entries.jsonl"].splitlines()]
    assert kinds[-1] == "exported"
    note = files_of(second)["data/custody/checkpoint.txt"].decode()
    assert (await report(desk, note)).trust is Trust.GOOD


@ON_SQLITE
async def test_an_erased_case_can_still_be_proven(desk: EditorsDesk, room: EvidenceDesk, tmp_path: Path) -> None:
    """Its lines have their proofs; its bodies are gone, so its originals are no longer spoken of."""
    member = await threatened(desk)
    (case,) = await desk.cases.lines(member, mine=True)
    order = EvidenceOrder(cases=(case.number,))
    submission = (await desk.cases.by_number(member, case.number)).submission_id
    await log_of(desk).sequence()
    await log_of(desk).erase(desk.newsroom.id, [("submission", submission), ("arrival", submission)], member.id, "law")
    made = await room.hand_over(desk.newsroom.id, order)
    lines = [json.loads(line) for line in files_of(made)["data/custody/entries.jsonl"].splitlines()]
    assert "erased" in {line["entry"][2] for line in lines}
    assert not any("body" in line for line in lines if line["entry"][2] == "kept")
    assert judged(made, tmp_path, room.signing_key) == 1


@ON_SQLITE
async def test_lost_originals_are_named(desk: EditorsDesk, room: EvidenceDesk, tmp_path: Path) -> None:
    """An original that the disk lost does not stop the rest: it is named as missing."""
    await threatened(desk)
    (path,) = [each for each in desk.vault.root.rglob("*") if each.is_file()]
    path.unlink()
    made = await room.hand_over(desk.newsroom.id, EvidenceOrder(threats=(1,)))
    files = files_of(made)
    assert json.loads(files["data/evidence.json"])["originals_missing"] == [path.name]
    assert not [name for name in files if "originals/" in name]
    assert judged(made, tmp_path, room.signing_key) == 0


async def test_an_order_is_made_when_it_is_sent(desk: EditorsDesk, room: EvidenceDesk) -> None:
    """The order stands in the outbox; a number that there is not is said at once."""
    member = await threatened(desk)
    order, orders = EvidenceOrder(threats=(1,), profile=Profile.NEWSROOM), orders_of(desk)
    plan = await orders.plan(desk.newsroom.id, order, member=member)
    assert (plan.records, plan.cases, plan.incidents) == (1, 1, ())
    await orders.take(desk.stage, member, plan)
    await desk.commit()
    assert await said(desk.store, member) == ["export_begun"]
    (body,) = [body for kind, body in await queued(desk.store, "kind", "body") if kind == "evidence"]
    assert body["order"] == dump(order)
    assert (await room.ordered(member, body)).cases == ["K-1"]
    for wrong in (EvidenceOrder(threats=(1, 99)), EvidenceOrder(cases=(99,))):
        with pytest.raises(Refusal, match="export_unknown"):
            await orders.plan(desk.newsroom.id, wrong)


@ON_SQLITE
async def test_a_failed_send_is_repeated_with_the_same_bytes(desk: EditorsDesk, room: EvidenceDesk) -> None:
    """One bag, one line of the log with its hash, however often it is sent; then it goes, or after a day."""
    member = await threatened(desk)
    body = {"order": dump(EvidenceOrder(threats=(1,))), "bag": "0" * 32}
    first = await room.ordered(member, body)
    desk.clock.tick(60)
    again = await room.ordered(member, body)
    assert again == first
    await log_of(desk).sequence()
    told = (await by_kind(desk))["exported"]
    assert told["tagmanifest_sha256"] == first.tagmanifest_sha256
    kept = list((room._room.workshop / "finished").iterdir())
    assert sorted(path.suffix for path in kept) == [".json", ".zip"]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}
    await room.settled(body)
    assert not list((room._room.workshop / "finished").iterdir())
    assert (await room.ordered(member, body)).label != first.label
    leftover = room._room.workshop / "export-killed"
    leftover.mkdir()
    for age, left in ((3600, 3), (25 * 3600, 0)):
        for path in (*(room._room.workshop / "finished").iterdir(), leftover):
            os.utime(path, (desk.clock().timestamp() - age,) * 2)
        await room.purge()
        there = [*(room._room.workshop / "finished").iterdir(), *room._room.workshop.glob("export-*")]
        assert len(there) == left


@ON_SQLITE
async def test_bytes_that_changed_on_the_disk_are_not_sent(desk: EditorsDesk, room: EvidenceDesk) -> None:
    """What was logged is what is sent, or it is made anew; a name from outside leads nowhere."""
    member = await threatened(desk)
    body = {"order": dump(EvidenceOrder(threats=(1,))), "bag": "a" * 32}
    first = await room.ordered(member, body)
    zipped = room._room.workshop / "finished" / f"{'a' * 32}.zip"
    zipped.write_bytes(first.data[:-1])
    assert (await room.ordered(member, body)).label != first.label
    with pytest.raises(ValueError, match="no name"):
        await room.settled({"bag": "../../custody"})


@ON_SQLITE
@pytest.mark.parametrize("answer", [b"no token", Outage("down")])
async def test_no_time_stamp_is_no_reason_to_stop(
    desk: EditorsDesk, room: EvidenceDesk, answer: bytes | Outage
) -> None:
    """An authority that is down, or lies, costs the stamp and nothing else."""
    asked: list[bytes] = []

    async def stamp(data: bytes) -> bytes:
        asked.append(request_for(data))
        if isinstance(answer, Outage):
            raise answer
        return answer

    await threatened(desk)
    stamped = EvidenceDesk(desk.store, desk.clock, log_of(desk), replace(room._room, stamp=stamp))
    made = await stamped.hand_over(desk.newsroom.id, EvidenceOrder(threats=(1,)))
    assert asked
    assert "manifest-sha256.txt.tsr" not in files_of(made)
