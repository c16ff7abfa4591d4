"""How the house is: for administrators and security leads, in the chat."""

from bot import __version__
from bot.clock import Clock
from bot.model.custody import Trust
from bot.model.health import HouseHealth
from bot.services.disk import DiskRoom
from bot.storage import chores, custody, processes, queues
from bot.storage.store import Store


class Health:
    """Looks at what waits and at what was done last; runs since it was made."""

    def __init__(self, store: Store, clock: Clock, disk: DiskRoom) -> None:
        self._store = store
        self._clock = clock
        self._disk = disk
        self._since = clock()

    async def look(self, newsroom_id: int) -> HouseHealth:
        """Of this newsroom, now."""
        now, room = self._clock(), self._disk.room()
        async with self._store.read() as conn:
            end = await custody.state(conn, newsroom_id)
            backup = await chores.last(conn, newsroom_id, "backup")
            verified = await chores.last(conn, newsroom_id, "verify")
            return HouseHealth(
                version=__version__,
                since=self._since,
                inbox=await queues.inbox(conn, newsroom_id, now),
                outbox=await queues.outbox(conn, newsroom_id, now),
                alarms=await queues.alarms(conn, newsroom_id, now),
                dead=await queues.dead(conn, newsroom_id),
                backup_at=backup[0] if backup is not None else None,
                verified_at=verified[0] if verified is not None else None,
                trust=Trust(verified[1]["trust"]) if verified is not None else None,
                entries=end.size if end is not None else 0,
                free_bytes=room.bytes if room is not None else None,
                free_percent=room.percent if room is not None else None,
                crew=await processes.crew(conn, newsroom_id),
            )
