"""Dialogs: one open question a member, for a while."""

from datetime import timedelta

from bot.model.dialog import Dialog
from bot.storage import dialogs
from bot.storage.store import Store
from tests.newsroom import make_member, make_newsroom
from tests.stores import StoppedClock


async def test_one_question_a_member(store: Store, clock: StoppedClock) -> None:
    """A new one takes the place of the earlier; each member has their own; it ends once, or by itself."""
    newsroom = await make_newsroom(store, clock())
    one, two = [await make_member(store, newsroom, clock()) for _ in range(2)]
    until = clock() + timedelta(minutes=15)
    async with store.write() as conn:
        assert await dialogs.of_member(conn, one.id, clock()) is None
        await dialogs.ask(conn, newsroom.id, one.id, "author", {"submission": 1}, until)
        await dialogs.ask(conn, newsroom.id, one.id, "fake", {"submission": 2}, until)
        await dialogs.ask(conn, newsroom.id, two.id, "author", {"submission": 3}, until)
        assert await dialogs.of_member(conn, one.id, clock()) == Dialog(kind="fake", body={"submission": 2})
        assert await dialogs.of_member(conn, one.id, until) is None
        assert [await dialogs.end(conn, one.id) for _ in range(2)] == [True, False]
        assert await dialogs.of_member(conn, two.id, clock()) == Dialog(kind="author", body={"submission": 3})
        assert [await dialogs.purge(conn, at) for at in (clock(), until, until)] == [0, 1, 0]
