"""The queue between receivers and workers, where no broker is needed: what messages hold, and who waits how long."""

import asyncio
import json
import logging
import socket
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.runs.doctor_queue import queue as doctor
from bot.cli.runs.doctor_words import Problem
from bot.config import Settings
from bot.errors import QueueAway, SettingsError
from bot.ingest.broker import Broker, QueuePlace, answered
from bot.ingest.feeding import Feeder, pauses
from bot.ingest.posting import Posting
from bot.ingest.state import QueueState
from bot.ingest.wrapping import Wrapping, by_chat
from bot.model.process import ProcessRole
from bot.model.queue_address import QueueAddress
from bot.redaction import RedactingFormatter
from bot.services.keys import Keys, read_or_make_key
from bot.wiring.ingest import _wrapping, shared_keys
from bot.wiring.roles import is_outpost, refuse_unfit
from bot.wiring.serving import serve
from handlers import receiving
from handlers.receiving import SECRET_HEADER
from tests.bot_runner import TOKEN
from tests.inbox_house import raw
from tests.journeys.ports import free_port

KEYS = Keys(b"k" * 32)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
UPDATES = st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=4)


def wrapping(keys: Keys = KEYS, queue: str = "kalkan") -> Wrapping:
    """As a receiver and a worker of one cell have it."""
    return _wrapping(keys, queue)


@given(UPDATES)
def test_a_message_gives_back_what_was_put_in(raws: list[dict[str, Any]]) -> None:
    """Whatever Telegram may send."""
    assert wrapping().unwrap(wrapping().wrap(raws)) == raws


def test_a_message_tells_nobody_anything() -> None:
    """Neither words nor numbers of people stand in it; of the same update no two messages are alike."""
    update = raw(4711, text="Мы сожжём вашу редакцию")
    bodies = [wrapping().wrap([update]) for _ in range(2)]
    assert bodies[0] != bodies[1]
    for word in ("сожжём", "update_id", "message", "4711"):
        assert all(word.encode() not in body and json.dumps(word)[1:-1].encode() not in body for body in bodies)


@pytest.mark.parametrize("other", [wrapping(Keys(b"x" * 32)), wrapping(queue="another")])
def test_another_key_or_cell_opens_nothing(other: Wrapping) -> None:
    """A message is bound to its installation and to its queue."""
    with pytest.raises(ValueError, match="another key"):
        other.unwrap(wrapping().wrap([{"update_id": 1}]))


@pytest.mark.parametrize("plain", [b"", b"nonsense", b"{}", b"[1]", b"[" * 100_000, b"null", b"[\xff]"])
def test_what_is_no_list_of_updates(plain: bytes) -> None:
    """It is refused, and brings nobody down."""
    with pytest.raises(ValueError, match=r".+"):
        wrapping().unwrap(wrapping().seal(plain))


@given(st.binary(max_size=200))
def test_whatever_lies_in_a_queue(body: bytes) -> None:
    """Bytes that nobody sealed are refused."""
    with pytest.raises(ValueError, match=r".+"):
        wrapping().unwrap(body)


@given(st.lists(st.sampled_from([3, 5, 8]), max_size=12))
def test_runs_of_a_chat(senders: list[int]) -> None:
    """Each chat's in one run, in the order in which they came; none is left out."""
    raws = [raw(sender) for sender in senders]
    runs = by_chat(raws)
    assert sorted(each["update_id"] for run in runs for each in run) == sorted(each["update_id"] for each in raws)
    for run in runs:
        assert len({each["message"]["chat"]["id"] for each in run}) == 1
        assert run == [each for each in raws if each["message"]["chat"] == run[0]["message"]["chat"]]


def test_without_a_sender_nobody_is_answered() -> None:
    """Such updates take no room in the queue."""
    assert by_chat([{"update_id": 1}, {"update_id": 2, "poll": {"id": "x"}}, {"message": {}}]) == []


def test_pauses_grow() -> None:
    """From a quarter of a second to four."""
    assert list(islice(pauses(), 7)) == [0.25, 0.5, 1.0, 2.0, 4.0, 4.0, 4.0]


def nowhere(hosts: int = 2) -> Broker:
    """A broker at whose hosts nobody listens."""
    places = ",".join(f"127.0.0.1:{free_port()}" for _ in range(hosts))
    address = QueueAddress.of(f"amqp://kalkan:geheim@{places}")
    return Broker(QueuePlace(address=address, name="kalkan", most_bytes=1_000_000), QueueState())


async def test_nobody_listens() -> None:
    """It is said without the address, and whoever asks how it is hears so; what was posted is asked for again."""
    broker = nowhere()
    with pytest.raises(QueueAway) as away:
        await broker.join()
    assert str(away.value) == "AMQPConnectionError"
    assert broker.state.silence is None
    with pytest.raises(QueueAway):
        await Posting(broker, wrapping()).accept([raw(3)])


async def test_who_says_nothing_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that takes the connection and does not speak is given up, and the next one is asked."""
    monkeypatch.setattr("bot.ingest.broker._CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as dumb:
        port = dumb.getsockname()[1]
        address = QueueAddress.of(f"amqp://127.0.0.1:{port},127.0.0.1:{free_port()}")
        broker = Broker(QueuePlace(address=address, name="kalkan", most_bytes=1_000_000), QueueState())
        async with asyncio.timeout(5):
            with pytest.raises(QueueAway):
                await broker.join()


async def test_a_feeder_waits_for_its_broker(caplog: pytest.LogCaptureFixture) -> None:
    """It tries again and again, says so without addresses and passwords, and ends when it is told to."""

    async def accept(_raws: object) -> None:
        raise AssertionError("there is nothing to store")

    feeder = asyncio.create_task(Feeder(nowhere(), wrapping(), accept, lambda _error: True).run())
    await asyncio.sleep(1.2)
    feeder.cancel()
    assert isinstance((await asyncio.gather(feeder, return_exceptions=True))[0], asyncio.CancelledError)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert len(said) >= 2
    assert not any("geheim" in line for line in said)


async def test_a_cancellation_that_nobody_asked_for() -> None:
    """What the library makes of a broken connection ends no task of ours."""

    async def broken() -> None:
        raise asyncio.CancelledError

    with pytest.raises(QueueAway, match="CancelledError"):
        await answered(broken())


def settings(folder: Path, **given: object) -> Settings:
    """Of a house with a queue."""
    queue = {"queue_url": "amqp://kalkan:geheim@127.0.0.1", "plain_database": True, "telegram_token": TOKEN}
    return Settings.read(data_dir=folder, **(queue | given))


def test_a_queue_stands_behind_a_webhook(tmp_path: Path) -> None:
    """Polling has no use for it; with it a receiver needs no database, and says so."""
    with pytest.raises(SettingsError, match="KALKAN_WEBHOOK_URL"):
        refuse_unfit(settings(tmp_path), ProcessRole.WEB)
    posted = settings(tmp_path, webhook_url="http://127.0.0.1:1/")
    refuse_unfit(posted, ProcessRole.WEB)
    assert is_outpost(posted, ProcessRole.WEB)
    assert not is_outpost(posted, ProcessRole.WORKER)
    with pytest.raises(SettingsError, match="need PostgreSQL"):
        refuse_unfit(posted, ProcessRole.WORKER)


async def test_the_doctor_says_what_is_wrong(tmp_path: Path) -> None:
    """Without a webhook it is of no use; that nobody listens is said without the password."""
    assert "none is set" in doctor(settings(tmp_path, queue_url=""))
    with pytest.raises(Problem, match="KALKAN_WEBHOOK_URL"):
        doctor(settings(tmp_path))
    alone = f"amqp://kalkan:geheim@127.0.0.1:{free_port()}"
    with pytest.raises(Problem, match="no host of KALKAN_QUEUE_URL") as said:
        await asyncio.to_thread(doctor, settings(tmp_path, queue_url=alone, webhook_url="http://127.0.0.1:1/"))
    assert "geheim" not in str(said.value)


async def test_a_receiver_without_broker_and_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It starts, says that it is not well, answers 503 so that Telegram asks again, and stops when told to."""
    monkeypatch.setattr(receiving, "_PATIENCE_SECONDS", 0.5)
    port, watched = free_port(), free_port()
    house = settings(
        tmp_path, webhook_url=f"http://127.0.0.1:{port}/in", webhook_listen=f"127.0.0.1:{port}",
        queue_url=f"amqp://127.0.0.1:{free_port()}", monitor_listen=f"127.0.0.1:{watched}",
        database_url="postgresql+asyncpg://kalkan@127.0.0.1:1/none",
    )  # fmt: skip
    keys, ready = read_or_make_key(house.key_path), asyncio.Event()
    serving = asyncio.create_task(serve(house, role=ProcessRole.WEB, ready=ready))
    await ready.wait()
    async with aiohttp.ClientSession(headers={SECRET_HEADER: keys.webhook}) as session:
        await answering(session, f"http://127.0.0.1:{watched}/health")
        async with session.post(str(house.webhook_url), json=raw(3)) as answer:
            assert answer.status == 503
        for path in ("health", "ready", "metrics"):
            async with session.get(f"http://127.0.0.1:{watched}/{path}") as answer:
                assert answer.status == 503
                text = await answer.text()
        assert "kalkan_queue_up 0.0" in text
        assert "kalkan_queue_waiting NaN" in text
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def answering(session: aiohttp.ClientSession, at: str) -> None:
    """Wait until somebody listens there."""
    async with asyncio.timeout(10):
        while True:
            with suppress(aiohttp.ClientConnectionError):
                async with session.get(at):
                    return
            await asyncio.sleep(0.02)


WRONG = [{"queue_url": "amqp://kalkan:geheim@"}, {"queue_name": "a b"}, {"queue_name": "amq.x"}]


@pytest.mark.parametrize("given", WRONG)
def test_wrong_settings(tmp_path: Path, given: dict[str, str]) -> None:
    """One line, in which no password stands."""
    with pytest.raises(SettingsError, match="KALKAN_QUEUE_") as refused:
        settings(tmp_path, **given)
    assert "geheim" not in str(refused.value)


def test_the_password_is_hidden(tmp_path: Path) -> None:
    """In settings that are printed, and in every line of the log."""
    house = settings(tmp_path)
    assert "geheim" not in repr(house)
    assert "geheim" in house.secrets
    record = logging.makeLogRecord({"msg": "amqp://kalkan:geheim@127.0.0.1", "levelname": "INFO"})
    assert "geheim" not in RedactingFormatter(house.secrets).format(record)


async def test_a_receiver_makes_no_key(tmp_path: Path) -> None:
    """It waits for those who do: with one of its own it would turn Telegram away."""
    house, stop = settings(tmp_path), asyncio.Event()
    waiting = asyncio.create_task(shared_keys(house, stop))
    await asyncio.sleep(0.1)
    assert not house.key_path.exists()
    stop.set()
    assert await waiting is None
