"""History: one line for each event, in the order in which they happened."""

from bot.storage import history
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom
from tests.stores import StoppedClock


async def test_lines_of_a_subject(store: Store, clock: StoppedClock) -> None:
    """Its own, oldest first, with their details whatever the script; another subject of the same id has its own."""
    newsroom = await make_newsroom(store, clock())
    member = await make_member(store, newsroom, clock())
    subject, begun = ("account", 7), clock()
    async with store.write() as conn:
        await history.note(conn, newsroom.id, member.id, subject, "added", clock(), name="Өмүр", n=1)
        await history.note(conn, newsroom.id, None, ("case", 7), "noted", clock())
        await history.note(conn, newsroom.id, None, subject, "cleared", clock.tick(), reason=None)
        assert await history.of(conn, newsroom.id, subject) == [
            ("added", begun, {"name": "Өмүр", "n": 1}),
            ("cleared", clock(), {"reason": None}),
        ]
