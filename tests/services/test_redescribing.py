"""Pictures of an older program are described from the vault, each once, and what cannot be read is passed over."""

from pathlib import Path

from bot.services.redescribing import Redescribing
from bot.storage.photos import NewPhoto, add
from bot.storage.store import Store
from bot.storage.tables import photo_descriptions
from detection.image.packing import unpack
from tests.services.rooms import make_room, picture, rows_of
from tests.stores import StoppedClock


async def test_what_is_in_the_vault_is_described(store: Store, clock: StoppedClock, tmp_path: Path) -> None:
    """A second run has nothing to do but to try again what could not be read."""
    room = await make_room(store, clock, tmp_path)
    kept = [(await room.vault.put(data)).sha256 for data in (picture(1), picture(2), b"no picture")]
    rows = [
        NewPhoto(newsroom_id=room.newsroom_id, sha256=sha256, description=None, width=1, height=1, source=sha256[:8])
        for sha256 in (*kept, "f" * 64, kept[0])
    ]
    async with store.write() as conn:
        await add(conn, rows, clock())
    run = Redescribing(store, room.vault, room.analysis, room.newsroom_id).run
    assert (await run(), await run()) == (2, 0)
    described = await rows_of(store, photo_descriptions)
    assert {row["sha256"] for row in described} == set(kept[:2])
    assert all(unpack(row["data"]).regions for row in described)
