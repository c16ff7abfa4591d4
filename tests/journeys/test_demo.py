"""`kalkan demo` as a visitor runs it: a process that prints its address, plays, and leaves nothing behind."""

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.cli.demo.clock import StoryClock
from bot.cli.demo.fakes import farms, known_fakes
from bot.cli.demo.feed import comment_lines
from bot.cli.demo.folder import MARKER, DemoFolder
from bot.cli.demo.library import read_items
from bot.cli.demo.newsroom import STOCK_PHRASE
from bot.cli.demo.pictures import MATERIAL
from bot.cli.demo.stage import DemoSettings
from bot.clock import utcnow
from bot.errors import SettingsError
from bot.i18n import Catalogs
from detection.text.normalise import normalise

# A loaded machine may take long; the promise of 15 s is measured by hand, not here.
_PATIENCE = 90.0
_STOPPING = 20.0
_LINGERING = 5.0
# What one person sends within two seconds is one case, and Telegram gives whole seconds: 2.9 s apart may be dated 2 s.
_NEXT_CASE = 3.2


class Demo:
    """A running demo: its process, what it printed, and the world behind its page."""

    def __init__(self, process: asyncio.subprocess.Process, web: aiohttp.ClientSession) -> None:
        self.process = process
        self.web = web
        self.address = ""

    async def line(self) -> str:
        """The next line that it prints; empty at its end."""
        assert self.process.stdout is not None
        return (await asyncio.wait_for(self.process.stdout.readline(), _PATIENCE)).decode()

    async def ready(self) -> None:
        """Wait for the address."""
        while not self.address:
            line = await self.line()
            assert line, "it ended before it was ready"
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            self.address = found.group(0) if found else ""

    async def get(self, path: str) -> Any:
        """Something that the control interface knows."""
        async with self.web.get(f"{self.address}/sim/{path}") as response:
            assert response.status == 200
            return await response.json()

    async def act(self, name: str, **params: Any) -> Any:
        """Something that a person does."""
        async with self.web.post(f"{self.address}/sim/acts/{name}", json=params) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def person(self, caption: str) -> int:
        """The id of whoever plays a part."""
        return next(int(u["id"]) for u in (await self.get("state"))["users"] if u["caption"].startswith(caption))

    async def said(self, chat_id: int) -> list[str]:
        """What the bot wrote in a chat."""
        messages = await self.get(f"messages?chat_id={chat_id}")
        return [m["body"].get("text", "") for m in messages if m["from_bot"]]

    async def hears(self, chat_id: int, words: str, after: int) -> str:
        """Wait until the bot has said something with these words, after so many earlier messages."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                found = [text for text in (await self.said(chat_id))[after:] if words in text]
                if found:
                    return found[-1]
                await asyncio.sleep(0.05)

    async def shown(self, chat_id: int, words: str, after: int = 0) -> Any:
        """Wait for a message of the bot with these words, after so many earlier ones; the newest, with its buttons."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                messages = [m for m in await self.get(f"messages?chat_id={chat_id}") if m["from_bot"]]
                found = [m for m in messages[after:] if words in m["body"].get("text", "")]
                if found:
                    return found[-1]
                await asyncio.sleep(0.05)

    async def press(self, user_id: int, message: Any, label: str) -> None:
        """Press a button of a message by the words on it."""
        await self.act("press", user_id=user_id, message_id=message["message_id"], button=label)

    async def stop(self, number: signal.Signals) -> tuple[int, str]:
        """Send a signal; the exit code, and everything on standard error."""
        self.process.send_signal(number)
        _, errors = await asyncio.wait_for(self.process.communicate(), _STOPPING)
        assert self.process.returncode is not None
        return self.process.returncode, errors.decode()


@asynccontextmanager
async def _demo(home: Path, *options: str) -> AsyncIterator[Demo]:
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    async with aiohttp.ClientSession() as web:
        try:
            yield Demo(process, web)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def _descendants(pid: int) -> set[int]:
    """Processes that a process started, and those that they started."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(stat.parent.name))
    found, ahead = set(), [pid]
    while ahead:
        new = children.get(ahead.pop(), [])
        found.update(new)
        ahead += new
    return found


async def test_a_visitor_s_journey(tmp_path: Path) -> None:
    """From the command to Ctrl-C, with its port taken: page, history, a card, silence for a stranger, a clean end."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        async with _demo(tmp_path, "--port", port) as demo:
            assert "Kalkan demo" in await demo.line()
            await demo.ready()
            assert not demo.address.endswith(f":{port}")
            await _page_answers(demo)
            await _two_people_confirmed_one_farm(demo)
            await _a_forward_names_a_known_fake(demo)
            await _a_campaign_and_its_copies(demo)
            await _one_comment_pasted_two_texts(demo)
            await _a_stranger_hears_nothing(demo)
            await _everything_ends(demo)
    assert list((tmp_path / "cache" / "kalkan").iterdir()) == []


async def _page_answers(demo: Demo) -> None:
    async with demo.web.get(f"{demo.address}/") as page:
        assert page.status == 200
        assert "Kalkan" in await page.text()


async def _two_people_confirmed_one_farm(demo: Demo) -> None:
    """People decided in the chat: of the 20 accounts, the first page shows the 7 confirmed and the 1 cleared."""
    editor = await demo.person("editor")
    before = len(await demo.said(editor))
    await demo.act("text", user_id=editor, text="/fakes")
    listed = await demo.hears(editor, "demo", after=before)
    statuses = Counter(line.rsplit(" · ", 1)[1] for line in listed.splitlines() if "demo" in line)
    assert sorted(statuses.values()) == [1, 7]
    assert "20" in listed


async def _a_forward_names_a_known_fake(demo: Demo) -> None:
    """The journalist has cases of yesterday, and the next forward becomes K-6."""
    journalist = await demo.person("journalist")
    history = await demo.said(journalist)
    assert {f"K-{number}" for number in range(1, 6)} <= {text.split(" ")[0] for text in history}
    item = next(i for i in (await demo.get("state"))["library"] if "address of a known fake" in i["title"])
    await demo.act("library", user_id=journalist, item_id=item["id"])
    card = await demo.hears(journalist, "K-6", after=len(history))
    assert "🚩" in card
    assert "mira_arashan_demo" in card


async def _a_campaign_and_its_copies(demo: Demo) -> None:
    """The card counts 14; its buttons open the copies with what they changed, and the campaign they belong to."""
    journalist, label = await demo.person("journalist"), Catalogs.load(("ky",))["ky"].plain.pgettext
    before = len(await demo.said(journalist))
    await asyncio.sleep(_NEXT_CASE)
    item = next(i for i in (await demo.get("state"))["library"] if "14 times" in i["title"])
    await demo.act("library", user_id=journalist, item_id=item["id"])
    card = await demo.shown(journalist, "📣", before)
    text = card["body"]["text"]
    assert re.search(r"🔁 .*\b14\b.*\b9\b.*aizada\.kunduz\.demo", text)
    campaign = re.search(r"C-\d+", text)
    assert campaign is not None
    await demo.press(journalist, card, label("button", "Copies"))
    page = (await demo.shown(journalist, "\n5. ", before))["body"]
    assert "🚩" in page["text"]
    assert {"strikethrough", "underline"} <= {entity["type"] for entity in page["entities"]}
    await demo.press(journalist, card, label("button", "Campaign {campaign}", campaign=campaign.group(0)))
    shown = (await demo.shown(journalist, f"{campaign.group(0)} Опять эти", before))["body"]["text"]
    assert "«Кыска сөз»" in shown, "one account swapped the name"


async def _one_comment_pasted_two_texts(demo: Demo) -> None:
    """It is a campaign beside the two: they are shown as sharing a part, and what many readers say is no campaign."""
    editor, clause = await demo.person("editor"), Catalogs.load(("ru",))["ru"].plain.gettext
    before = len(await demo.said(editor))
    await demo.act("text", user_id=editor, text="/campaigns")
    listed = (await demo.shown(editor, "/campaign_1", before))["body"]["text"]
    assert STOCK_PHRASE not in listed
    bridge = next(line for line in listed.splitlines() if "Давно хотел сказать" in line)
    await demo.act("text", user_id=editor, text=bridge.split(" ")[0])
    shares = str(clause("Shares a part of its text with: {campaigns}", campaigns=""))
    card = (await demo.shown(editor, shares, before))["body"]["text"]
    line = next(line for line in card.splitlines() if line.startswith(shares))
    assert line.count("/campaign_") == 2


async def _a_stranger_hears_nothing(demo: Demo) -> None:
    stranger, journalist = await demo.person("stranger"), await demo.person("journalist")
    await demo.act("text", user_id=stranger, text="Кто здесь?")
    before = len(await demo.said(journalist))
    await demo.act("text", user_id=journalist, text="/whoami")
    await demo.hears(journalist, "Ак-Калкан", after=before)
    assert await demo.said(stranger) == []
    assert await demo.get(f"requests?about={stranger}") == []


async def _everything_ends(demo: Demo) -> None:
    """Ctrl-C: exit code 0, nothing on standard error in all that time, no process left, the port free."""
    started = _descendants(demo.process.pid)
    assert started, "the detectors run in processes of their own"
    assert await demo.stop(signal.SIGINT) == (0, "")
    assert await asyncio.to_thread(_survivors, started) == set()
    with pytest.raises(aiohttp.ClientConnectorError):
        await demo.get("state")


def _survivors(pids: set[int]) -> set[int]:
    """Those that are still there a while later."""
    end = time.monotonic() + _LINGERING
    while (alive := {pid for pid in pids if _is_alive(pid)}) and time.monotonic() < end:
        time.sleep(0.05)
    return alive


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def test_it_can_be_stopped_while_it_starts(tmp_path: Path) -> None:
    """SIGTERM before it is ready ends it as cleanly."""
    async with _demo(tmp_path) as demo:
        await demo.line()
        await asyncio.sleep(1.5)
        code, errors = await demo.stop(signal.SIGTERM)
        assert code == 0
        assert "Traceback" not in errors


def test_the_cast_of_fakes() -> None:
    """20 known fakes in 3 farms; one is listed in the chat, the others by lists."""
    fakes = known_fakes()
    assert len(fakes) == 20
    assert len({fake.farm for fake in fakes.values()}) == 3
    assert sum(map(len, farms(fakes).values())) == 19
    assert len({fake.seed for fake in fakes.values()}) == 20
    assert {fake.platform for fake in fakes.values()} == {"facebook", "instagram", "vk", "ok", "tiktok"}
    assert all("demo" in fake.handle for fake in fakes.values()), "no handle that somebody real may have"


def test_the_comments_lie_behind_the_story() -> None:
    """Some days of comments, all of them before the day that is played."""
    today = utcnow()
    lines = comment_lines(today, known_fakes())
    days = {str(line["at"])[:10] for line in lines}
    assert len(lines) > 80
    assert len(days) >= 5
    assert max(days) < str((today - timedelta(days=1)).date())
    assert len({line["id"] for line in lines}) == len(lines)


def test_many_readers_say_the_stock_phrase() -> None:
    """The editor's example of a stock phrase is what readers write, each by themselves, and no fake."""
    wanted = normalise(STOCK_PHRASE).skeleton
    lines = comment_lines(utcnow(), known_fakes())
    said = [line["account"] for line in lines if normalise(str(line["text"])).skeleton == wanted]
    assert len(said) >= 5
    assert all(isinstance(account, dict) and "handle" not in account for account in said)


def test_the_library_names_pictures_that_are_drawn() -> None:
    """Material of all four origins, and every picture that it names exists."""
    items = read_items()
    assert {item["picture"] for item in items if "picture" in item} <= set(MATERIAL)
    assert {item["origin"]["type"] for item in items if "origin" in item} == {"user", "hidden_user", "chat", "channel"}


def test_the_story_never_runs_backwards() -> None:
    """The clock is moved forward through yesterday, refuses to go back, and ends in the present."""
    start = utcnow() - timedelta(days=1)
    clock = StoryClock(start)
    assert clock() - start < timedelta(seconds=5)
    clock.move_to(start + timedelta(hours=3))
    later = clock()
    clock.move_to(start)
    assert clock() >= later >= start + timedelta(hours=3)
    clock.move_to(utcnow() + timedelta(days=1))
    assert clock() <= utcnow()
    clock.catch_up()
    assert utcnow() - clock() < timedelta(seconds=5)


def test_a_foreign_folder_is_not_touched(tmp_path: Path) -> None:
    """The demo empties its own folder only: one with anything else in it is refused, and nothing is deleted."""
    (tmp_path / "kalkan.sqlite").write_text("a real newsroom")
    with pytest.raises(SettingsError, match="holds something else"), DemoFolder.reserve(tmp_path, keep=False):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["kalkan.sqlite"]


def test_a_folder_is_one_demo_s_at_a_time(tmp_path: Path) -> None:
    """A second demo in the same folder is refused; a kept folder is emptied by the next one, and then removed."""
    path = tmp_path / "demo"
    with DemoFolder.reserve(path, keep=True) as folder:
        (folder.path / "kalkan.sqlite").touch()
        with pytest.raises(SettingsError, match="another demo"), DemoFolder.reserve(path, keep=False):
            pass
    assert (path / "kalkan.sqlite").exists()
    with DemoFolder.reserve(path, keep=False):
        assert [entry.name for entry in path.iterdir()] == [MARKER]
    assert not path.exists()


def test_a_real_newsroom_s_settings_have_no_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment nor .env reaches the demo: it can never write into a real database."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("KALKAN_DATABASE_URL=postgresql+asyncpg://real/newsroom\n")
    monkeypatch.setenv("KALKAN_DATABASE_URL", "postgresql+asyncpg://real/newsroom")
    monkeypatch.setenv("KALKAN_KEY_FILE", "/etc/real.key")
    settings = DemoSettings(data_dir=tmp_path / "demo")
    assert settings.database == f"sqlite+aiosqlite:///{tmp_path / 'demo' / 'kalkan.sqlite'}"
    assert settings.key_path == tmp_path / "demo" / "secret.key"
