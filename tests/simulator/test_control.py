"""The control interface: all of the world over HTTP, for one's own page and tests only."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.simulator import Simulator, User, World
from bot.simulator.origins import from_hidden_user
from tests.simulator.conftest import TOKEN, picture


class Remote:
    """A client of the control interface."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self.session, self.address = session, address

    async def get(self, path: str, **query: str | int) -> Any:
        async with self.session.get(f"{self.address}/sim/{path}", params=query) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def post(self, path: str, **body: object) -> Any:
        async with self.session.post(f"{self.address}/sim/{path}", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def error(self, path: str, **body: object) -> str:
        async with self.session.post(f"{self.address}/sim/{path}", json=body) as response:
            assert response.status == 400
            return str((await response.json())["error"])


@pytest.fixture
async def remote(simulator: Simulator) -> AsyncIterator[Remote]:
    """A client of the running simulator."""
    async with aiohttp.ClientSession() as session:
        yield Remote(session, simulator.address)


async def test_a_whole_story_over_http(remote: Remote, bot: Bot) -> None:
    """People, messages, forwards, presses, edits and reactions, without touching the world in this process."""
    user = await remote.post("users", first_name="Айгуль", language_code="ky", caption="journalist")
    await remote.post("acts/start", user_id=user["id"], payload="token")
    said = await remote.post("acts/text", user_id=user["id"], text="draft")
    await remote.post("acts/edit", user_id=user["id"], message_id=said["message_id"], text="final")
    origin = {"type": "channel", "name": "News", "username": "news"}
    await remote.post("acts/text", user_id=user["id"], text="abuse", origin=origin)
    updates = await bot.get_updates()
    assert [(u.effective_message.text if u.effective_message else "") for u in updates] == [
        "/start token",
        "draft",
        "final",
        "abuse",
    ]
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Undo", callback_data="undo:1")]])
    card = await bot.send_message(user["id"], "card", reply_markup=keyboard)
    press = await remote.post("acts/press", user_id=user["id"], message_id=card.message_id, button="Undo")
    await bot.answer_callback_query(press["query_id"], "undone")
    assert (await remote.get(f"queries/{press['query_id']}"))["answer"]["text"] == "undone"
    await remote.post("acts/react", user_id=user["id"], message_id=card.message_id, emoji="👍")
    shown = await remote.get("messages", chat_id=user["id"])
    assert [message["body"]["text"] for message in shown] == ["/start token", "final", "abuse", "card"]
    assert shown[-1]["reactions"] == [{"emoji": "👍", "user_id": user["id"]}]
    await remote.post("acts/delete", user_id=user["id"], message_id=card.message_id)
    assert len(await remote.get("messages", chat_id=user["id"])) == 3


async def test_uploads_over_http(remote: Remote, bot: Bot, aigul: User) -> None:
    """One file is a photo or a document, several are an album."""
    for count, as_file in ((1, False), (3, False), (1, True), (2, True)):
        form = aiohttp.FormData()
        form.add_field("params", json.dumps({"user_id": aigul.id, "caption": "c", "as_file": as_file}))
        for number in range(count):
            form.add_field(f"file{number}", picture(), filename=f"{number}.jpg", content_type="image/jpeg")
        async with remote.session.post(f"{remote.address}/sim/acts/media", data=form) as response:
            assert response.status == 200
            assert len(await response.json()) == count
    messages = [update.effective_message for update in await bot.get_updates()]
    assert [bool(message and message.photo) for message in messages] == [True] * 4 + [False] * 3
    assert [bool(message and message.media_group_id) for message in messages] == [False, *[True] * 3, False, True, True]


async def test_groups_channels_and_other_acts(remote: Remote, bot: Bot, world: World, aigul: User) -> None:
    """Groups with members, channels, blocking, attachments, forged presses."""
    group = await remote.post("groups", title="Desk", members=[aigul.id], bot_is_admin=True)
    await remote.post("acts/text", user_id=aigul.id, chat_id=group["id"], text="hello")
    channel = await remote.post("channels", title="News", username="news")
    await remote.post("acts/post", chat_id=channel["id"], text="post")
    await remote.post("acts/attachment", user_id=aigul.id, kind="voice")
    await remote.post("acts/block", user_id=aigul.id)
    await remote.post("acts/unblock", user_id=aigul.id)
    await remote.post("members", chat_id=group["id"], user_id=world.bot.id, status="left", by=aigul.id)
    sent = await bot.send_message(aigul.id, "x")
    await remote.post("acts/press_data", user_id=aigul.id, message_id=sent.message_id, data="forged")
    kinds = [next(name for name in update.to_dict() if name != "update_id") for update in await bot.get_updates()]
    assert kinds == ["message", "channel_post", "message", *["my_chat_member"] * 3, "callback_query"]


async def test_the_library(remote: Remote, bot: Bot, world: World, aigul: User) -> None:
    """Material that a demo registers is listed, shown and forwarded with its origin."""
    text = world.add_library_item("Threat", "text", "Убьём", origin=from_hidden_user("Без имени"), group="Comments")
    photo = world.add_library_item("Profile", "photo", picture(), text="see this")
    file = world.add_library_item("Scan", "document", b"%PDF", file_name="s.pdf", mime_type="application/pdf")
    assert [item["title"] for item in (await remote.get("state"))["library"]] == ["Threat", "Profile", "Scan"]
    for item in (text, photo, file):
        await remote.post("acts/library", user_id=aigul.id, item_id=item.id)
    first, second, third = [update.effective_message for update in await bot.get_updates()]
    assert first is not None
    assert first.forward_origin is not None
    assert second is not None
    assert second.caption == "see this"
    assert third is not None
    assert third.document is not None
    async with remote.session.get(f"{remote.address}/sim/library/{photo.id}/content") as response:
        assert (response.content_type, await response.read()) == ("image/jpeg", photo.data)
    with pytest.raises(ValueError, match="a text item holds a str"):
        world.add_library_item("x", "text", b"bytes")


async def test_journal_and_counters(remote: Remote, bot: Bot, aigul: User) -> None:
    """Requests are told by number, method, chat and person, without file bytes."""
    await bot.send_document(aigul.id, b"12345", filename="a.txt")
    (entry,) = await remote.get("requests", method="sendDocument")
    assert (entry["chat_id"], entry["about"], entry["status"]) == (aigul.id, [aigul.id], 200)
    assert entry["params"]["document"] == {"file_name": "a.txt", "file_size": 5}
    assert await remote.get("requests", since=entry["number"], chat_id=aigul.id) == []
    counters = await remote.get("counters")
    assert counters["by_method"] == {"getMe": 1, "sendDocument": 1}
    assert counters["about"] == {str(aigul.id): 1}


async def test_faults_settings_and_injection(remote: Remote, unjudged: Simulator) -> None:
    """Faults are armed, listed and cleared; updates are injected; settings are set."""
    assert await remote.post("faults", kind="server_error", methods=["getMe"], count=3) == {"armed": 1}
    (fault,) = await remote.get("faults")
    assert (fault["kind"], fault["methods"], fault["count"]) == ("server_error", ["getme"], 3)
    async with remote.session.delete(f"{remote.address}/sim/faults") as response:
        assert await response.json() == {"armed": 0}
    other = Remote(remote.session, unjudged.address)
    injected = await other.post("inject", updates=[{"message": {"text": str(n)}} for n in range(500)])
    assert (injected["count"], injected["last"] - injected["first"]) == (500, 499)
    assert (await other.post("inject", malformed="unknown_kind", count=2))["count"] == 2
    assert (await other.get("counters"))["pending"] == 502
    await other.post("settings", flood_limits=True, can_read_all_group_messages=True)
    assert unjudged.world.flood.enabled
    assert unjudged.world.can_read_all_group_messages


async def test_impossible_acts_are_refused_with_a_reason(remote: Remote, aigul: User) -> None:
    """400 and one clear sentence, never a crash."""
    assert "user_id is missing" in await remote.error("acts/text", text="x")
    assert "unknown or missing" in await remote.error("acts/text", user_id=5, text="x")
    assert "an act is one of" in await remote.error("acts/dance", user_id=aigul.id)
    assert "1 to 4096" in await remote.error("acts/text", user_id=aigul.id, text="")
    assert "origin needs a name" in await remote.error("acts/text", user_id=aigul.id, text="x", origin={"type": "user"})
    assert "unknown or missing" in await remote.error("acts/press", user_id=aigul.id, message_id=4, button="x")
    assert "first_name" in await remote.error("users")
    assert "IMAGE_PROCESS_FAILED" in await _upload_error(remote, aigul, b"no picture")
    assert "2 to 10" in await remote.error("acts/media", user_id=aigul.id)


async def _upload_error(remote: Remote, user: User, data: bytes) -> str:
    form = aiohttp.FormData()
    form.add_field("params", json.dumps({"user_id": user.id}))
    form.add_field("file0", data, filename="x.jpg", content_type="image/jpeg")
    async with remote.session.post(f"{remote.address}/sim/acts/media", data=form) as response:
        assert response.status == 400
        return str((await response.json())["error"])


async def test_events_are_told_and_resumed(remote: Remote, bot: Bot, aigul: User, world: World) -> None:
    """Each happening is an event; a reader goes on after the last one it saw; one who missed some starts anew."""
    before = world.events.last
    await bot.send_message(aigul.id, "early")
    async with remote.session.ws_connect(f"{remote.address}/sim/events?since={before}") as socket:
        first = await socket.receive_json(timeout=5)
        assert (first["reset"], first["events"][0]["kind"]) == (False, "message")
        await bot.send_message(aigul.id, "live")
        second = await socket.receive_json(timeout=5)
        assert second["events"][0]["content"]["body"]["text"] == "live"
        assert second["last"] == world.events.last
    for _ in range(6_000):
        world.events.publish("people", {})
    async with remote.session.ws_connect(f"{remote.address}/sim/events?since={before}") as socket:
        assert (await socket.receive_json(timeout=5))["reset"] is True


async def test_a_page_of_another_site_cannot_listen(remote: Remote) -> None:
    """Browsers let any site open a WebSocket; the Origin is what stops it."""
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await remote.session.ws_connect(f"{remote.address}/sim/events", headers={"Origin": "https://evil.example"})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:80"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:9"}, 403),
        ({}, 200),
    ],
)
async def test_other_sites_are_refused(remote: Remote, headers: dict[str, str], status: int) -> None:
    """A foreign Host (DNS rebinding) or Origin gets nothing, on every path."""
    for path in ("/", "/sim/state", f"/bot{TOKEN}/getMe"):
        async with remote.session.get(remote.address + path, headers=headers) as response:
            assert response.status == status


async def test_the_page_cannot_run_foreign_code(remote: Remote, bot: Bot, aigul: User, world: World) -> None:
    """A strict policy on the page; files are shown only when they are pictures, and never sniffed or run."""
    async with remote.session.get(f"{remote.address}/") as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    said = world.send_document(aigul, b"<script>alert(1)</script>", "x.html", "text/html")
    async with remote.session.get(f"{remote.address}/sim/files/{said.body['document']['file_id']}") as response:
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response.headers["Content-Security-Policy"]
    async with remote.session.get(f"{remote.address}/sim/files/none") as response:
        assert response.status == 404


async def test_the_address_is_written_down(tmp_path: Path) -> None:
    """The state file tells another process where the server is, without the token, and goes with it."""
    path = tmp_path / "simulator.json"
    async with Simulator(TOKEN, state_file=path, page=False) as simulator, aiohttp.ClientSession() as session:
        assert json.loads(path.read_text())["address"] == simulator.address
        assert TOKEN not in path.read_text()
        async with session.get(simulator.address) as response:
            assert response.status == 404
    assert not path.exists()


async def test_a_taken_port_is_an_error(simulator: Simulator) -> None:
    """Two servers can't share a port."""
    port = int(simulator.address.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="address"):
        await Simulator(TOKEN, port=port).start()
