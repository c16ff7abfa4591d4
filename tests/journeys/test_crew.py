"""Which processes live on a PostgreSQL, as the monitor, the doctor and the chat tell it; never on which machine."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import sqlalchemy as sa

from bot.clock import utcnow
from bot.model.ids import new_id
from bot.model.rights import Role
from bot.services.disk import DiskLimits, DiskRoom
from bot.services.health import Health
from bot.storage import newsrooms, processes
from bot.storage.advisory import LEAD_KEY, AdvisoryLock
from bot.storage.processes import Process
from bot.storage.store import Store
from bot.storage.tables import inbox_updates
from bot.wiring.monitor import Monitor
from tests.bot_runner import Newsroom, open_newsroom
from tests.journeys.command_line import CommandLine
from tests.journeys.ports import free_port
from tests.journeys.test_monitor import figures
from tests.postgres import seeing_all

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOST = "machine-7.example.org"


class Machines:
    """The rows that processes would keep, and what is told of them."""

    def __init__(self, room: Newsroom, url: str) -> None:
        self.room = room
        self.url = url
        self.store = Store(seeing_all(url))
        self.lead = AdvisoryLock(url, LEAD_KEY)

    async def live(self, *roles: str) -> None:
        """These say that they live, for as long as the test takes."""
        async with self.store.write() as conn:
            until = await processes.moment(conn) + timedelta(minutes=10)
            (newsroom_id,) = await newsrooms.all_ids(conn)
            for role in roles:
                process = Process(id=new_id(), newsroom_id=newsroom_id, role=role, host=HOST, pid=7)
                await processes.beat(conn, process, until)

    async def leave(self, role: str) -> None:
        """Those of a role end."""
        await self.room.database.write("DELETE FROM processes WHERE role = ?", role)

    async def wait(self, newsroom_id: int) -> None:
        """An update waits to be handled."""
        now = utcnow()
        row = {"id": new_id(), "newsroom_id": newsroom_id, "bot_id": 1, "update_id": 1, "identity": "x", "chat_key": 1}
        row |= {"loose": False, "raw": "{}", "state": "new", "tries": 0, "received_at": now, "not_before": now}
        async with self.store.write() as conn:
            await conn.execute(sa.insert(inbox_updates), [row])

    async def asked(self, path: str) -> str:
        """What the monitor of one of them says."""
        at = f"http://{self.room.settings.monitor_listen}{path}"
        async with aiohttp.ClientSession() as session, session.get(at) as answer:
            assert answer.status == 200
            return await answer.text()

    async def doctor(self) -> tuple[str, str]:
        """What the doctor says of them."""
        kalkan = CommandLine(self.room.settings.data_dir, KALKAN_DATABASE_URL=self.url)
        done = await asyncio.to_thread(kalkan, "doctor", "--json")
        return next((s["state"], s["said"]) for s in json.loads(done.out) if s["what"] == "processes")


@asynccontextmanager
async def machines(folder: Path, url: str) -> AsyncIterator[Machines]:
    """A newsroom on PostgreSQL that is watched, and nobody at work yet."""
    async with open_newsroom(folder / "data", database_url=url, monitor_listen=f"127.0.0.1:{free_port()}") as room:
        there = Machines(room, url)
        monitor = Monitor(room.settings, there.store, utcnow, None)
        task = asyncio.create_task(monitor.run())
        try:
            await asyncio.wait_for(monitor.listens.wait(), 10)
            yield there
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await there.lead.release()
            await there.store.close()


async def test_who_lives_is_told(tmp_path: Path, postgres_copy: str) -> None:
    """A whole crew; then its workers end while something waits; then whoever leads; then all. No machine is named."""
    async with machines(tmp_path, postgres_copy) as there:
        newsroom_id = there.room.database.value("SELECT id FROM newsrooms")
        health = Health(there.store, utcnow, DiskRoom(tmp_path, tmp_path, LIMITS))
        assert await there.doctor() == ("ok", "no process serves this database now")
        await there.live("web", "worker", "worker", "scheduler")
        assert await there.lead.take()
        told = await there.asked("/health")
        found = figures(await there.asked("/metrics"))
        assert told == "ok\nweb 1\nworker 2\nscheduler 1\n"
        assert [found[f"kalkan_processes {role}"] for role in ROLES] == [0, 1, 2, 1, 1]
        assert await there.doctor() == ("ok", "web 1, worker 2, scheduler 1, and a scheduler leads")
        assert (await health.look(newsroom_id)).troubles == ()

        await there.leave("worker")
        await there.wait(newsroom_id)
        assert (await there.asked("/health")).endswith("warning: updates wait, and no worker lives\n")
        assert figures(await there.asked("/metrics"))["kalkan_processes worker"] == 0
        state, said = await there.doctor()
        assert (state, "1 updates wait and no worker lives" in said) == ("problem", True)
        assert (await health.look(newsroom_id)).troubles == ("no_worker",)

        await there.lead.drop()
        assert "warning: no scheduler leads: nothing is sent\n" in await there.asked("/health")
        assert figures(await there.asked("/metrics"))["kalkan_processes leader"] == 0
        await there.leave("scheduler")
        assert "warning: no scheduler lives: nothing is sent\n" in await there.asked("/health")
        for text in (await there.asked("/health"), await there.asked("/metrics"), (await there.doctor())[1]):
            assert HOST not in text


async def test_a_bot_that_is_alone_says_nothing_of_it(tmp_path: Path, postgres_copy: str) -> None:
    """On PostgreSQL as well one process may do everything: it lacks nobody."""
    listen = f"127.0.0.1:{free_port()}"
    async with open_newsroom(tmp_path / "data", database_url=postgres_copy, monitor_listen=listen) as room:
        await room.start_bot()
        await room.join(Role.ADMIN)
        there = Machines(room, postgres_copy)
        assert await there.asked("/health") == "ok\n"
        assert figures(await there.asked("/metrics"))["kalkan_processes all"] == 1
        assert await there.doctor() == ("ok", "one process does everything")


LIMITS = DiskLimits(alarm_percent=15, files_percent=10, ballast_bytes=0)
ROLES = ("all", "web", "worker", "scheduler", "leader")
