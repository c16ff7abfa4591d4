"""Albums that bring a work report: any process knows them, for a day, and by nothing that names chat or album."""

from typing import Any, cast

import sqlalchemy as sa

from bot.inbox_work import Work
from bot.services.work_reports import WorkReports
from bot.storage.store import Store
from bot.storage.tables import report_albums
from tests.newsroom import make_newsroom
from tests.stores import StoppedClock

CHAT, ALBUM = 4_102_030, "13000000000000001"


def reports_of(store: Store, clock: StoppedClock, key: bytes = bytes(32)) -> WorkReports:
    return WorkReports(store, clock, cast(Any, None), cast(Any, None), key)


async def test_another_process_knows_an_album(store: Store, clock: StoppedClock) -> None:
    """From the commit on; in the process itself at once. After a day nothing is left of it."""
    newsroom_id = (await make_newsroom(store, clock())).id
    here, there, work = reports_of(store, clock), reports_of(store, clock), Work(update=cast(Any, None))
    here.expect_album(work, newsroom_id, CHAT, ALBUM)
    assert await here.is_of_album(newsroom_id, CHAT, ALBUM)
    assert not await there.is_of_album(newsroom_id, CHAT, ALBUM)
    async with store.write() as conn:
        for run, item in (*work.steps, *work.steps):
            await run(conn, [item])
        (row,) = (await conn.execute(sa.select(report_albums))).all()
    assert await there.is_of_album(newsroom_id, CHAT, ALBUM)
    for other in ((newsroom_id, CHAT + 1, ALBUM), (newsroom_id, CHAT, None), (newsroom_id + 1, CHAT, ALBUM)):
        assert not await there.is_of_album(*other)
    assert not await reports_of(store, clock, b"x" * 32).is_of_album(newsroom_id, CHAT, ALBUM)
    assert str(CHAT) not in row.key
    assert ALBUM not in row.key
    assert await there.purge() == 0
    clock.tick(86_400)
    assert not await here.is_of_album(newsroom_id, CHAT, ALBUM)
    assert not await there.is_of_album(newsroom_id, CHAT, ALBUM)
    assert await there.purge() == 1
