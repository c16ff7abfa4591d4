"""Event records in the archive: the latest value of a field counts, who gave it is kept, emptied is gone."""

import pytest

from bot.model.event_record import RecordValue
from bot.storage import event_records, evidence
from bot.storage.store import Store
from tests.services.threat_ground import Log, open_log
from tests.stores import StoppedClock


@pytest.fixture
async def log(store: Store, clock: StoppedClock) -> Log:
    """A log on both engines."""
    return await open_log(store, clock)


async def test_the_latest_value_counts(log: Log) -> None:
    """Of a threat and of an incident with the same id apart; what was emptied is not there."""
    lead, editor = log.people["lead"], log.people["editor"]
    before = log.clock()
    async with log.store.write() as conn:
        own = (conn, log.newsroom.id)
        await event_records.put(*own, lead.id, ("threat", 5), "impact", "3", before)
        await event_records.put(*own, lead.id, ("threat", 5), "gender", "woman", before)
        await event_records.put(*own, lead.id, ("incident", 5), "impact", "9", before)
        log.clock.tick(60)
        await event_records.put(*own, editor.id, ("threat", 5), "impact", "4", log.clock())
        await event_records.put(*own, editor.id, ("threat", 5), "gender", None, log.clock())
    async with log.store.read() as conn:
        held = await event_records.of(conn, log.newsroom.id, ("threat", 5))
        assert held == {"impact": RecordValue(value="4", member="editor", at=log.clock())}
        every = await event_records.of_many(conn, log.newsroom.id, "incident", [4, 5, 6])
        assert {row_id: held["impact"].value for row_id, held in every.items()} == {5: "9"}
        assert await event_records.of(conn, log.newsroom.id, ("threat", 6)) == {}


async def test_what_an_export_asks(log: Log) -> None:
    """Sightings in their order with their cases, threats by number, incidents around them, steps."""
    first = await log.file("Пойдёмте жечь Азаттык у ворот", log.outlet, account="vk:1")
    again = await log.file("Пойдёмте жечь Азаттык у ворот", log.outlet, by="editor", account="vk:2")
    other = await log.file("мы сожжём вашу редакцию дотла", log.outlet)
    assert first.id == again.id
    await log.steps.note(log.stage, log.people["lead"], first.id, "заметка")
    await log.commit()
    async with log.store.read() as conn:
        own = (conn, log.newsroom.id)
        seen = await evidence.sighting_rows(*own, [first.id])
        assert [row["account"] for row in seen] == ["vk:1", "vk:2"]
        assert len({row["submission_id"] for row in seen}) == 2
        assert await evidence.numbered_threats(*own, [1, 2, 99]) == {1: first.id, 2: other.id}
        assert await evidence.threats_in(*own, [seen[1]["submission_id"]]) == [first.id]
        assert await evidence.incidents_around(*own, [first.id]) == {1: frozenset({1, 2})}
        assert [row["event"] for row in await evidence.step_rows(*own, "threat", [first.id])] == ["note"]
        assert await evidence.target_names(*own, [first.id]) == {first.id: ["Азаттык"]}
