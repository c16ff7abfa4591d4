"""Looks at every page of SQLite's file, for so many seconds at the most, however busy the event loop is."""

import asyncio
from threading import Event, Thread
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.faults import fault_of

#: Up to three lines; each page is read, but no index is compared with its table.
CHECK: Final = "PRAGMA quick_check(3)"
#: Seconds after which an interruption is said once more: one that comes before the statement has begun is lost.
_AGAIN: Final = 0.001


async def pages_checked(conn: AsyncConnection, seconds: float) -> list[str] | None:
    """What SQLite says of its pages; None where it was interrupted, so many seconds after it began.

    Whoever is cancelled meanwhile need not wait for the rest. Raises what the driver does.
    """
    driver: Any = (await conn.get_raw_connection()).driver_connection
    look = _Look(seconds)
    try:
        found: list[str] = await driver._execute(look.read, driver._conn)
    except asyncio.CancelledError:
        look.end()
        raise
    except Exception as error:
        if look.is_ended and fault_of(error) is None:
            return None
        raise
    return found


class _Look:
    """Reads in the connection's own thread, while another one counts the seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._due = Event()
        self._done = Event()
        self.is_ended = False

    def read(self, connection: Any) -> list[str]:
        """What SQLite says."""
        watch = Thread(target=self._watch, args=(connection,), name="page-look")
        watch.start()
        try:
            return [row[0] for row in connection.execute(CHECK)]
        finally:
            self._done.set()
            self._due.set()
            watch.join()

    def end(self) -> None:
        """Let it be interrupted now."""
        self._due.set()

    def _watch(self, connection: Any) -> None:
        self._due.wait(self._seconds)
        while not self._done.is_set():
            self.is_ended = True
            connection.interrupt()
            self._done.wait(_AGAIN)
