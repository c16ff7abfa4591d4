"""How the house is: what waits and what was done last, of one newsroom."""

from datetime import timedelta
from pathlib import Path

from bot.model.custody import Trust
from bot.model.outbox import Kind, Outgoing, Priority
from bot.services.disk import DiskLimits, DiskRoom
from bot.services.health import Health
from bot.storage import chores, outbox
from tests.backups import Backups
from tests.newsroom import make_newsroom
from tests.services.conftest import EditorsDesk

LIMITS = DiskLimits(alarm_percent=15, files_percent=10, ballast_bytes=0)


async def test_what_waits_and_what_was_done(desk: EditorsDesk, tmp_path: Path) -> None:
    """Alarms are counted apart; what is not due yet does not wait; another newsroom's rows are not ours."""
    health = Health(desk.store, desk.clock, DiskRoom(tmp_path, tmp_path / "vault", LIMITS))
    before = await health.look(desk.newsroom.id)
    assert (before.backup_at, before.trust, before.entries) == (None, None, 0)
    await Backups(desk=desk, folder=tmp_path).work(1)
    now = desk.clock()
    other = await make_newsroom(desk.store, now)
    ours = desk.newsroom.id
    async with desk.store.write() as conn:
        rows = [(ours, Priority.ALARM), (ours, Priority.ANSWER), (ours, Priority.ANSWER), (other.id, Priority.ALARM)]
        letters = [
            Outgoing(kind=Kind.REPLY, chat_id=5, newsroom_id=of, body={"code": "ok"}, priority=priority)
            for of, priority in rows
        ]
        await outbox.put(conn, letters, now)
        await chores.done(conn, ours, "verify", now.date(), {"trust": "good"}, now)
        await chores.done(conn, ours, "backup", now.date() - timedelta(days=1), {"name": "x"}, now)
    desk.clock.tick(30)
    found = await health.look(ours)
    assert (found.alarms.waiting, found.alarms.seconds) == (1, 30.0)
    assert found.outbox.waiting >= 2
    assert (found.trust, found.verified_at, found.backup_at) == (Trust.GOOD, now, now)
    assert found.entries > 0
    assert found.free_bytes
    assert (await health.look(other.id)).alarms.waiting == 1
