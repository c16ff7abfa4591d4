"""The queue on a real broker of three nodes: what is kept, fed, refused and set aside."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from bot.cli.runs.doctor_queue import queue as doctor
from bot.cli.runs.doctor_words import Lacking, Problem
from bot.cli.runs.queue import run_queue
from bot.config import Settings
from bot.errors import QueueAway, QueueFull
from bot.ingest.broker import Broker, Line, QueuePlace
from bot.ingest.feeding import Feeder
from bot.ingest.posting import Posting
from bot.ingest.state import QueueState
from bot.model.queue_address import QueueAddress
from bot.model.rights import Role
from bot.services.keys import Keys
from bot.simulator import origins
from bot.wiring.ingest import _wrapping, waits
from bot.wiring.monitor import OutpostMonitor
from handlers import receiving
from handlers.receiving import Place, Receiver
from tests.bot_runner import TOKEN, open_newsroom
from tests.cluster.rabbit import Rabbit, rabbit
from tests.inbox_house import House, house, raw
from tests.journeys.ports import free_port
from tests.journeys.test_monitor import asked, figures
from tests.test_receiving import SECRET, listening, post

__all__ = ["house"]
pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

Raws = Sequence[Mapping[str, Any]]
KEYS = Keys(b"k" * 32)
NAMES = count(1)


@pytest.fixture(scope="module")
def brokers() -> Iterator[Rabbit]:
    """One for all of them."""
    with rabbit() as found:
        yield found


@pytest.fixture
def place(brokers: Rabbit) -> QueuePlace:
    """A queue that nobody else uses."""
    return QueuePlace(address=QueueAddress.of(brokers.url), name=f"cell-{next(NAMES)}", most_bytes=1_000_000)


def posting(place: QueuePlace, keys: Keys = KEYS) -> Posting:
    """As a receiver has it."""
    return Posting(Broker(place, QueueState()), _wrapping(keys, place.name))


@asynccontextmanager
async def feeding(place: QueuePlace, accept: Any) -> AsyncIterator[QueueState]:
    """A worker that feeds for as long as the block lasts."""
    state = QueueState()
    feeder = Feeder(Broker(place, state), _wrapping(KEYS, place.name), accept, lambda error: isinstance(error, OSError))
    task = asyncio.create_task(feeder.run())
    try:
        yield state
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def asking(place: QueuePlace) -> AsyncIterator[Line]:
    """A look from outside."""
    line = await Broker(place, QueueState()).join()
    try:
        yield line
    finally:
        await line.close()


async def until(ready: Any, within: float = 20) -> None:
    """Wait for it. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not ready():  # noqa: ASYNC110 - it comes from a broker
            await asyncio.sleep(0.02)


class Desk:
    """Takes note of what is stored, in order."""

    def __init__(self) -> None:
        self.stored: list[int] = []
        self.refused: dict[int, Exception] = {}

    async def accept(self, raws: Raws) -> None:
        """As an inbox does: all of them or none."""
        for each in raws:
            if each["update_id"] in self.refused:
                raise self.refused[each["update_id"]]
        self.stored += [each["update_id"] for each in raws if each["update_id"] not in self.stored]


async def test_what_is_kept_is_fed_in_order(place: QueuePlace) -> None:
    """200 updates of ten chats, posted in batches: each once, and each chat's in its order."""
    desk, given = Desk(), [raw(chat % 10 + 1) for chat in range(200)]
    receiver = posting(place)
    for first in range(0, 200, 7):
        await receiver.accept(given[first : first + 7])
    await receiver.close()
    async with feeding(place, desk.accept):
        await until(lambda: len(desk.stored) == 200)
    chats = {each["update_id"]: each["message"]["chat"]["id"] for each in given}
    for chat in range(1, 11):
        of_chat = [number for number in desk.stored if chats[number] == chat]
        assert of_chat == sorted(of_chat)
    assert len(of_chat) == 20


async def test_a_feeder_dies_between_commit_and_answer(place: QueuePlace, house: House) -> None:
    """What it stored is given to the next one again, and stands in the inbox once."""
    member = await house.member()
    stored = asyncio.Event()

    async def accept(raws: Raws) -> None:
        await house.inbox.accept(raws)
        if raws:
            stored.set()
            await asyncio.Event().wait()

    receiver = posting(place)
    await receiver.accept([raw(member), raw(member)])
    async with feeding(place, accept):
        await stored.wait()
    await receiver.accept([raw(member)])
    again: list[int] = []

    async def note(raws: Raws) -> None:
        await house.inbox.accept(raws)
        again.extend(each["update_id"] for each in raws)

    async with feeding(place, note):
        await until(lambda: len(again) == 3)
    await receiver.close()
    assert await house.states() == {"new": 3}


async def test_one_feeds_at_a_time(place: QueuePlace) -> None:
    """Of two feeders one is given everything; when it ends, the other goes on."""
    first, second, receiver = Desk(), Desk(), posting(place)
    async with feeding(place, second.accept) as state:
        async with feeding(place, first.accept):
            await until(lambda: state.silence is not None)
            for _ in range(30):
                await receiver.accept([raw(3)])
            await until(lambda: len(first.stored) + len(second.stored) == 30)
            assert [] in (first.stored, second.stored)
        before = len(second.stored)
        await receiver.accept([raw(3)])
        await until(lambda: len(second.stored) == before + 1)
    await receiver.close()


async def test_without_a_queue_nothing_is_taken_for_kept(place: QueuePlace) -> None:
    """A message that the broker gives back is not confirmed; the next try makes the queue anew."""
    receiver, desk = posting(place), Desk()
    await receiver.accept([raw(3)])
    async with asking(place) as line:
        await line.channel.queue_delete(place.name)
    update = raw(3)
    with pytest.raises(QueueAway):
        await receiver.accept([update])
    await receiver.accept([update])
    await receiver.close()
    async with feeding(place, desk.accept):
        await until(lambda: desk.stored == [update["update_id"]])


async def test_a_full_queue(place: QueuePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Telegram is answered 503 and asks again; as soon as there is room, 200; nothing that was confirmed is lost."""
    monkeypatch.setattr(receiving, "_PATIENCE_SECONDS", 0.5)
    small = QueuePlace(address=place.address, name=place.name, most_bytes=3_000)
    queue, desk = posting(small), Desk()
    receiver = Receiver(queue.accept, SECRET, Place(host="127.0.0.1", port=0), waits)
    async with listening(receiver) as at:
        answers = {}
        for _ in range(40):
            update = raw(3, text="x" * 200)
            answers[update["update_id"]] = await post(at, update)
        kept = [number for number, status in answers.items() if status == 200]
        assert set(answers.values()) == {200, 503}
        async with feeding(small, desk.accept):
            await until(lambda: len(desk.stored) >= len(kept))
            late = raw(3)
            assert await post(at, late) == 200
            await until(lambda: late["update_id"] in desk.stored)
    assert set(kept) <= set(desk.stored)
    await queue.close()


async def test_what_nobody_can_read_is_set_aside(place: QueuePlace) -> None:
    """Noise, and what another key sealed: it holds up nothing, comes no second time and is kept for the operator."""
    desk, receiver, stranger = Desk(), posting(place), posting(place, Keys(b"x" * 32))
    await stranger.accept([raw(3)])
    async with asking(place) as line:
        await line.post(b"\x00noise", "1")
        await line.post(_wrapping(KEYS, place.name).seal(b'{"update_id": 1}'), "2")
        good = raw(3)
        await receiver.accept([good])
        async with feeding(place, desk.accept):
            await until(lambda: desk.stored == [good["update_id"]])
        await asyncio.sleep(0.5)
        assert (await line.waiting(), await line.waiting(place.aside)) == (0, 3)
    await receiver.close()
    await stranger.close()


async def test_what_the_store_refuses_is_set_aside(place: QueuePlace) -> None:
    """One that it never takes holds up no other; while the database is away nothing is."""
    desk, receiver = Desk(), posting(place)
    given = [raw(chat) for chat in range(1, 6)]
    numbers = [each["update_id"] for each in given]
    desk.refused[numbers[2]] = ValueError("never")
    desk.refused[numbers[4]] = OSError("away")
    await receiver.accept(given)
    async with feeding(place, desk.accept):
        await asyncio.sleep(3)
        assert desk.stored in ([], numbers[:2])
        del desk.refused[numbers[4]]
        await until(lambda: set(desk.stored) == {*numbers} - {numbers[2]}, 40)
        await asyncio.sleep(0.5)
    async with asking(place) as line:
        assert (await line.waiting(), await line.waiting(place.aside)) == (0, 1)
    await receiver.close()


async def test_what_was_set_aside_is_put_back(
    brokers: Rabbit, place: QueuePlace, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store takes it now: it comes in once, however often it is put back; noise is set aside again."""
    desk, receiver, late = Desk(), posting(place), raw(3)
    desk.refused[late["update_id"]] = ValueError("not yet")
    await receiver.accept([late])
    house = settings(brokers, place, tmp_path)
    monkeypatch.setattr(Settings, "read", classmethod(lambda _: house))
    async with feeding(place, desk.accept):
        async with asking(place) as line:
            await line.post(b"noise", "1")
            await until_aside(line, 2)
        desk.refused.clear()
        said = await asyncio.to_thread(run_queue, put_back=True)
        assert said.startswith("2 messages put back. ")
        await until(lambda: desk.stored == [late["update_id"]])
        async with asking(place) as line:
            await until_aside(line, 1)
            assert await asyncio.to_thread(run_queue, put_back=False) == "0 messages wait, 1 are set aside."
    await receiver.close()


async def until_aside(line: Line, many: int) -> None:
    """Wait until so many messages are set aside. Raises TimeoutError."""
    async with asyncio.timeout(40):
        while await line.waiting(line.place.aside) != many:  # noqa: ASYNC110 - it is asked of a broker
            await asyncio.sleep(0.1)


async def test_the_brokers_disk_tells_nobody_s_words(place: QueuePlace, brokers: Rabbit) -> None:
    """Whoever takes the broker reads no text and no number of a person."""
    receiver = posting(place)
    await receiver.accept([raw(4_711_000_815, text=f"Канарейка canary-of-the-queue {n}") for n in range(50)])
    async with asking(place) as line:
        await line.post(b"plain-canary", "1")
        await asyncio.sleep(1)
    held = b"".join(path.read_bytes() for path in brokers.folder.glob("data-?/**/*") if path.is_file())
    assert b"plain-canary" in held
    assert not [word for word in ("canary-of-the-queue", "Канарейка", "4711000815") if word.encode() in held]
    await receiver.close()


def settings(brokers: Rabbit, place: QueuePlace, tmp_path: Any, more_hosts: str = "") -> Settings:
    """Of a house with that queue."""
    return Settings.read(
        data_dir=tmp_path, plain_database=True, telegram_token=TOKEN, webhook_url="http://127.0.0.1:1/",
        queue_url=brokers.url + more_hosts, queue_name=place.name,
    )  # fmt: skip


async def test_the_doctor_looks(brokers: Rabbit, place: QueuePlace, tmp_path: Any) -> None:
    """It makes nothing, counts what waits, and tells of hosts that do not answer."""
    house = settings(brokers, place, tmp_path)
    assert "3 of 3 hosts answer; not made yet" in await asyncio.to_thread(doctor, house)
    receiver = posting(place)
    await receiver.accept([raw(3), raw(5)])
    assert "2 messages wait" in await asyncio.to_thread(doctor, house)
    dead = f",127.0.0.1:{free_port()}"
    with pytest.raises(Lacking, match="1 of 4 hosts"):
        await asyncio.to_thread(doctor, settings(brokers, place, tmp_path, dead))
    async with asking(place) as line:
        await line.post(b"noise", "1", place.aside)
    await asyncio.sleep(0.5)
    with pytest.raises(Lacking, match="1 messages that nobody could read"):
        await asyncio.to_thread(doctor, house)
    await receiver.close()


async def test_one_process_with_a_queue(brokers: Rabbit, place: QueuePlace, tmp_path: Any) -> None:
    """`serve` without a role posts and feeds by itself; it says so to whoever asks, and answers members as ever."""
    web, monitor = free_port(), free_port()
    given = {"webhook_url": f"http://127.0.0.1:{web}/in", "webhook_listen": f"127.0.0.1:{web}"}
    queue = {"queue_url": brokers.url, "queue_name": place.name, "monitor_listen": f"127.0.0.1:{monitor}"}
    async with open_newsroom(tmp_path / "data", **given, **queue) as room:
        (member,) = await room.admit(Role.JOURNALIST, 1)
        await room.start_bot()
        room.world.forward(member, origins.from_hidden_user("Reader"), text="Мы сожжём вашу редакцию")
        await room.heard(member, "threat")
        assert await asked(room, "/ready") == (200, "ok\n")
        found = figures((await asked(room, "/metrics"))[1])
        assert found["kalkan_queue_up"] == 1
        assert found["kalkan_queue_waiting"] == 0
        assert found["kalkan_queue_messages_total posted"] >= 1
        assert found["kalkan_queue_messages_total fed"] >= 1


async def test_every_node_dies_at_once(brokers: Rabbit, place: QueuePlace, tmp_path: Any) -> None:
    """Whoever asks is told so; what was kept is there when they come back, and everybody goes on."""
    desk, receiver = Desk(), posting(place)
    state = QueueState()
    monitor = OutpostMonitor(settings(brokers, place, tmp_path), state)
    watched = Posting(Broker(place, state), _wrapping(KEYS, place.name))
    watching = asyncio.create_task(watched.watch())
    first, second = raw(3), raw(3)
    await receiver.accept([first])
    await until(monitor._queue_answers)
    await asyncio.to_thread(brokers.settle)
    assert sum([await asyncio.to_thread(brokers.kill, node) for node in brokers.nodes]) == 3
    with pytest.raises(QueueAway):
        await receiver.accept([second])
    await until(lambda: not monitor._queue_answers())
    with pytest.raises(Problem, match="no host"):
        await asyncio.to_thread(doctor, settings(brokers, place, tmp_path))
    async with feeding(place, desk.accept):
        brokers.revive()
        async with asyncio.timeout(120):
            while True:
                try:
                    await receiver.accept([second])
                    break
                except (QueueAway, QueueFull):
                    await asyncio.sleep(0.5)
        await until(lambda: desk.stored == [first["update_id"], second["update_id"]], 60)
    await until(monitor._queue_answers, 60)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    await watched.close()
    await receiver.close()
