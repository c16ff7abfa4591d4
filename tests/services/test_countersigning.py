"""Two newsrooms vouch for each other's logs: a countersigned checkpoint is kept, checked, and found when it lies."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.custody.checkpoints import Checkpoint, signed
from bot.custody.entries import spelled
from bot.custody.envelopes import public_of
from bot.errors import Refusal
from bot.model.custody import CustodyReport, Trust
from bot.model.exchange import Issuer
from bot.services.custody import Custody
from bot.services.verifying import Verification
from bot.storage import custody
from bot.storage.custody import NewEntry
from bot.storage.store import Store
from bot.storage.tables import exchange_countersigns
from bot.storage.vault import Vault
from tests.exchange_ground import STRANGER, House, house
from tests.stores import StoppedClock


@pytest.fixture
async def pair(store: Store, clock: StoppedClock, tmp_path: Path) -> tuple[House, House]:
    """A newsroom with a log, and one that it listens to."""
    own = await house(store, clock, tmp_path, "Клооп", b"b")
    witness = await house(store, clock, tmp_path, "Ала-Тоо", b"a")
    await own.exchange.partners.trust(witness.issuer)
    await written(own, 3)
    return own, witness


async def written(own: House, lines: int) -> str:
    """So many more lines in the log; its signed checkpoint."""
    log, now = Custody(own.store, own.clock, own.keys), own.clock.tick()
    async with own.store.write() as conn:
        entries = [
            NewEntry(newsroom_id=own.newsroom.id, kind="changed", noun="account", row_id=n, body={"by": None}, at=now)
            for n in range(lines)
        ]
        await custody.put(conn, entries)
    made = await log.checkpoint(own.newsroom.id)
    assert made is not None
    return made.note


async def verified(own: House, *anchors: str) -> CustodyReport:
    """What `kalkan verify` would say."""
    return await Verification(own.store, Vault(Path("/nowhere")), own.keys, own.newsroom.id).run(anchors)


async def test_a_partner_vouches_and_the_check_says_so(pair: tuple[House, House]) -> None:
    """The newest of several is signed; kept once; named with its moment; inside alone it is no anchor."""
    own, witness = pair
    smaller, larger = await written(own, 2), await written(own, 4)
    notes = f"{larger}\n{smaller}"
    note = witness.exchange.countersigning.sign(f"Саламатсызбы!\n{notes}")
    (kept,) = await own.exchange.countersigning.attach(note)
    assert (kept.partner, kept.size) == ("Ала-Тоо", int(larger.split("\n")[1]))
    await own.exchange.countersigning.attach(note)
    report = await verified(own)
    assert report.witnesses == (("Ала-Тоо", witness.clock()),)
    assert report.trust is Trust.UNANCHORED
    # Given from outside, where the partner kept it, it is an anchor like any other.
    own_part = note.rsplit("\u2014 kalkan-witness/", 1)[0]
    assert (await verified(own, own_part)).trust is Trust.GOOD
    await written(own, 5)
    assert (await verified(own)).broken is None


async def test_what_was_changed_since_is_a_break(pair: tuple[House, House]) -> None:
    """The kept note itself, changed in the database, vouches for nothing any more, and the check says so."""
    own, witness = pair
    note = witness.exchange.countersigning.sign(await written(own, 1))
    await own.exchange.countersigning.attach(note)
    async with own.store.write() as conn:
        lied = note.replace("\ntime 2", "\ntime 1", 1)
        await conn.execute(sa.update(exchange_countersigns).values(note=lied))
    report = await verified(own)
    assert report.broken is not None
    assert report.broken.code == "countersign"


async def test_a_rewritten_log_is_found(pair: tuple[House, House]) -> None:
    """The log is another than the one that was countersigned, though signed with the same key: a break, and where."""
    own, witness = pair
    await written(own, 1)
    origin = Custody(own.store, own.clock, own.keys).origin(own.newsroom.id)
    before = Checkpoint(origin=origin, size=3, root=b"x" * 32, at=spelled(own.clock()))
    signed_once = witness.exchange.countersigning.sign(signed(before, own.keys.checkpoint_key))
    await own.exchange.countersigning.attach(signed_once)
    report = await verified(own)
    assert report.broken is not None
    assert (report.broken.code, report.broken.place) == ("anchor", 3)


async def test_who_is_not_known_vouches_for_nothing(pair: tuple[House, House]) -> None:
    """A stranger's line, another log's checkpoint, no checkpoint at all: nothing is kept."""
    own, witness = pair
    desk = own.exchange.countersigning
    by_stranger = witness.exchange.countersigning.sign(await written(own, 1)).replace("kalkan-witness/", "kalkan-x/")
    of_others = own.exchange.countersigning.sign(await written(witness, 2))
    for text in (by_stranger, of_others, await written(own, 1), "нет"):
        with pytest.raises(Refusal, match="exchange_no_countersign"):
            await desk.attach(text)
    with pytest.raises(Refusal, match="exchange_no_checkpoint"):
        desk.sign("no checkpoint")
    stranger = Issuer(name="Башка", key=public_of(STRANGER.exchange_key(1)))
    assert stranger.key != witness.issuer.key
