"""The processes of one bot, side by side on one PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bot_process import BotProcess
from tests.bot_runner import Newsroom, open_newsroom, until
from tests.journeys.ports import free_port


@asynccontextmanager
async def shared(folder: Path, url: str, **given: object) -> AsyncIterator[Newsroom]:
    """A newsroom on PostgreSQL whose updates come by webhook; `given` are settings."""
    port = free_port()
    places = {"webhook_url": f"http://127.0.0.1:{port}/from-telegram", "webhook_listen": f"127.0.0.1:{port}"}
    async with open_newsroom(folder / "data", database_url=url, send_chat_seconds=0.05, **places, **given) as room:
        yield room


class Crew:
    """The processes of one bot."""

    def __init__(self, room: Newsroom, *roles: str) -> None:
        self._room = room
        self.processes = [BotProcess.of_role(room, role, number) for number, role in enumerate(roles)]

    async def start(self) -> None:
        """Start all, and wait until all have said that they live; a receiver before a queue says it to no database."""
        for process in self.processes:
            process.start()
        silent = [each for each in self.processes if "web" in each.arguments and self._room.settings.queue is not None]
        await until(lambda: self._living() == len(self.processes) - len(silent), 90, self)
        await until(lambda: self._room.world.journal.counts["setWebhook"] > 0, 60, self)

    def _living(self) -> int:
        return int(self._room.database.value("SELECT count(*) FROM processes"))

    def leader(self) -> BotProcess:
        """Who leads: the server's session of the lead's lock belongs to its process."""
        who = (
            "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            " WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.mode = 'ExclusiveLock'"
            " AND a.application_name LIKE 'kalkan %'"
        )
        name = str(self._room.database.value(who))
        return next(each for each in self.processes if f"kalkan {each.pid}@" in name)

    def check_alive(self) -> None:
        """Fail when one of them ended by itself."""
        for process in self.processes:
            process.check_alive()

    async def stop(self) -> list[int]:
        """Stop all politely; their exit codes."""
        return [await process.stop() for process in self.processes]

    def close(self) -> None:
        """End whatever is left."""
        for process in self.processes:
            process.close()
