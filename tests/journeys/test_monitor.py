"""What machines are told of a running bot: whether it lives and works, and its figures, which name nobody."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import SettingsError
from bot.model.rights import Role
from bot.simulator import origins
from bot.wiring import serving
from tests.bot_runner import Newsroom, open_newsroom
from tests.journeys.ports import free_port

pytestmark = pytest.mark.asyncio(loop_scope="session")

HIDDEN = origins.from_hidden_user("Reader")
CANARY = "Айгерим Канарейка"


async def asked(room: Newsroom, path: str) -> tuple[int, str]:
    """Status and text of an answer."""
    at = f"http://{room.settings.monitor_listen}{path}"
    async with aiohttp.ClientSession() as session, session.get(at) as answer:
        return answer.status, await answer.text()


def figures(text: str) -> dict[str, float]:
    """Every sample, by its name and labels."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {" ".join([each.name, *each.labels.values()]): each.value for each in samples}


async def test_a_bot_at_work(tmp_path: Path) -> None:
    """It lives, it is ready, and what it did is counted; no figure names anybody; there is nothing else to be had."""
    async with open_newsroom(tmp_path / "data", monitor_listen=f"127.0.0.1:{free_port()}") as room:
        await room.start_bot()
        (member,) = await room.join(Role.JOURNALIST, names=[CANARY])
        before = figures((await asked(room, "/metrics"))[1])
        room.world.forward(member, HIDDEN, text="Мы сожжём вашу редакцию")
        await room.heard(member, "threat")
        room.world.send_text(room.world.add_user("Чужой"), "салам")
        await room.quiet()
        assert await asked(room, "/health") == (200, "ok\n")
        assert await asked(room, "/ready") == (200, "ok\n")
        status, text = await asked(room, "/metrics")
        after = figures(text)
        grown = {name: after[name] - before.get(name, 0.0) for name in after}
        assert status == 200
        assert grown["kalkan_updates_total stored"] == 1
        assert grown["kalkan_updates_total turned_away"] == 1
        assert grown["kalkan_updates_handled_total done"] == 1
        assert grown["kalkan_update_seconds_count"] == 1
        assert grown["kalkan_messages_total sent"] >= 2
        assert after["kalkan_waiting inbox"] == 0
        assert after["kalkan_disk_free_bytes"] > 0
        assert 0 <= after["kalkan_seconds_since_updates_were_asked_for"] < 60
        assert after["process_resident_memory_bytes"] > 0
        for word in (*CANARY.split(), "сожжём", str(member.id), room.settings.token()):
            assert word not in text
        assert (await asked(room, "/"))[0] == 404


async def test_what_was_given_up_is_seen(tmp_path: Path) -> None:
    """As long as nobody replays it."""
    async with open_newsroom(tmp_path / "data", monitor_listen=f"127.0.0.1:{free_port()}") as room:
        await room.start_bot()
        await room.join(Role.JOURNALIST)
        await room.database.write("UPDATE inbox_updates SET state = 'dead'")
        assert figures((await asked(room, "/metrics"))[1])["kalkan_dead_letters"] == 1


async def test_a_bot_that_gets_nothing_is_not_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lives, and where updates are not asked for any more it says so."""
    monkeypatch.setattr("bot.wiring.monitor._SILENCE", -1.0)
    async with open_newsroom(tmp_path / "data", monitor_listen=f"127.0.0.1:{free_port()}") as room:
        await room.start_bot()
        await room.join(Role.JOURNALIST)
        assert (await asked(room, "/health"))[0] == 200
        assert await asked(room, "/ready") == (503, "not ok\n")


async def test_a_database_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process answers, and says that it is not well."""

    async def refuse(*_given: object) -> None:
        raise OSError("gone")

    async with open_newsroom(tmp_path / "data", monitor_listen=f"127.0.0.1:{free_port()}") as room:
        await room.start_bot()
        await room.join(Role.JOURNALIST)
        monkeypatch.setattr("bot.storage.queues.inbox", refuse)
        assert await asked(room, "/health") == (503, "not ok\n")
        assert (await asked(room, "/metrics"))[0] == 503


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    """It is refused at the start, with the setting's name."""
    port = free_port()
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port)
    async with server, open_newsroom(tmp_path / "data", monitor_listen=f"127.0.0.1:{port}") as room:
        with pytest.raises(SettingsError, match="KALKAN_MONITOR_LISTEN"):
            await serving.serve(room.settings)
