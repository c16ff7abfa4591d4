"""The webhook receiver: what it takes, what it turns away, and what either costs."""

import asyncio
import json
import resource
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from handlers import receiving
from handlers.receiving import MOST_BYTES, SECRET_HEADER, Place, Receiver
from tests.inbox_house import House, house, raw

__all__ = ["house"]
SECRET = "s" * 43
PATH = Place(host="", port=0).path
KNOWN = {SECRET_HEADER: SECRET}


@asynccontextmanager
async def listening(receiver: Receiver) -> AsyncIterator[str]:
    """The address of a receiver that is at work."""
    task = asyncio.create_task(receiver.run())
    await receiver.listens.wait()
    try:
        yield f"http://127.0.0.1:{receiver.port}"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def receiver(accept: Any) -> Receiver:
    """At a free port."""
    return Receiver(accept, SECRET, Place(host="127.0.0.1", port=0))


async def post(at: str, body: Any, headers: Mapping[str, str] = KNOWN) -> int:
    """The status that a post is answered with."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with aiohttp.ClientSession() as session, session.post(at + PATH, data=data, headers=headers) as answer:
        return answer.status


async def test_a_post_is_answered_once_it_is_stored(house: House) -> None:
    """200 after the commit; the same post again leaves one row; a stranger's leaves none, and is answered as well."""
    member = await house.member()
    async with listening(receiver(house.inbox.accept)) as at:
        update = raw(member)
        assert [await post(at, update), await post(at, update), await post(at, raw(5))] == [200, 200, 200]
    assert await house.states() == {"new": 1}


async def test_what_cannot_be_stored_is_asked_for_again() -> None:
    """503, and 200 as soon as it can; nothing is taken for stored that is not."""
    stored: list[int] = []
    full = asyncio.Event()

    async def accept(raws: Sequence[Mapping[str, Any]]) -> None:
        if not full.is_set():
            raise OSError("no room")
        stored.extend(each["update_id"] for each in raws)

    async with listening(receiver(accept)) as at:
        assert await post(at, {"update_id": 1}) == 503
        full.set()
        assert await post(at, {"update_id": 1}) == 200
    assert stored == [1]


async def test_while_the_store_is_away_posts_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are answered once it is back, and stored in the order of their numbers; who waited too long is told so."""
    monkeypatch.setattr(receiving, "_TRY_SECONDS", 0.02)
    stored: list[int] = []
    back = asyncio.Event()

    async def accept(raws: Sequence[Mapping[str, Any]]) -> None:
        if not back.is_set():
            raise ConnectionError("away")
        stored.extend(each["update_id"] for each in raws)

    patient = Receiver(accept, SECRET, Place(host="127.0.0.1", port=0), lambda error: isinstance(error, OSError))
    async with listening(patient) as at:
        waiting = []
        for number in (5, 3, 9, 1):
            waiting.append(asyncio.create_task(post(at, {"update_id": number})))
            await asyncio.sleep(0.1)
        assert not any(each.done() for each in waiting)
        back.set()
        assert await asyncio.gather(*waiting) == [200] * 4
        assert stored == [1, 3, 5, 9]
        back.clear()
        monkeypatch.setattr(receiving, "_PATIENCE_SECONDS", 0.2)
        assert await asyncio.gather(post(at, {"update_id": 10}), post(at, {"update_id": 11})) == [503, 503]
    assert stored == [1, 3, 5, 9]


async def test_one_that_the_store_refuses_holds_up_no_other() -> None:
    """Posts that arrive together are stored together; when one is refused, the others are stored alone."""
    stored: list[int] = []

    async def accept(raws: Sequence[Mapping[str, Any]]) -> None:
        await asyncio.sleep(0.05)
        if any(each["update_id"] == 3 for each in raws):
            raise ValueError("3")
        stored.extend(each["update_id"] for each in raws)

    async with listening(receiver(accept)) as at:
        answers = await asyncio.gather(*(post(at, {"update_id": number}) for number in range(8)))
    assert answers == [200, 200, 200, 503, 200, 200, 200, 200]
    assert sorted(stored) == [0, 1, 2, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 403), ({SECRET_HEADER: ""}, 403), ({SECRET_HEADER: SECRET[:-1]}, 403), ({SECRET_HEADER: "ё" * 43}, 403)],
)
async def test_without_the_secret_nothing_is_read(headers: Mapping[str, str], status: int) -> None:
    """403, whatever is posted; nothing reaches the store."""

    async def accept(_raws: Sequence[Mapping[str, Any]]) -> None:
        raise AssertionError

    async with listening(receiver(accept)) as at:
        assert await post(at, {"update_id": 1}, headers) == status
        async with aiohttp.ClientSession() as session, session.get(at + "/health") as answer:
            assert answer.status == 404


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 100_000, b'{"update_id": 1e999}', b"null", b"[1]"])
async def test_what_is_no_update_is_dropped(body: bytes, house: House) -> None:
    """Telegram would send it for ever: it is answered 200, and nothing is stored."""
    async with listening(receiver(house.inbox.accept)) as at:
        assert await post(at, body) == 200
    assert await house.states() == {}


async def test_too_much_is_cut_off_and_costs_no_memory() -> None:
    """Posts of 95 MB, with and without the secret, with a length and without: refused; the process does not grow."""

    async def accept(_raws: Sequence[Mapping[str, Any]]) -> None:
        raise AssertionError

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1450):
            yield b"x" * 65536

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with listening(receiver(accept)) as at, aiohttp.ClientSession() as session:
        for headers in ({}, KNOWN) * 4:
            try:
                async with session.post(at + PATH, data=endless(), headers=headers) as answer:
                    assert answer.status in (403, 413)
            except aiohttp.ClientError:
                pass  # cut off while it was still being sent
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


async def test_too_long_by_its_head_is_not_read(house: House) -> None:
    """413 before any of the body came."""

    async with listening(receiver(house.inbox.accept)) as at:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(at.rsplit(":", 1)[1]))
        head = (
            f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: {MOST_BYTES + 1}\r\n\r\n"
        )
        writer.write(head.encode())
        assert b" 413 " in await asyncio.wait_for(reader.readline(), 2)
        writer.close()


async def test_who_says_nothing_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection whose head does not come, or comes letter by letter, is closed; others are served meanwhile."""
    monkeypatch.setattr("handlers.receiving._HEAD_SECONDS", 0.3)
    stored: list[int] = []

    async def accept(raws: Sequence[Mapping[str, Any]]) -> None:
        stored.extend(each["update_id"] for each in raws)

    async with listening(receiver(accept)) as at:
        port = int(at.rsplit(":", 1)[1])
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(50)]
        for _, writer in slow:
            writer.write(b"POST / HTTP/1.1\r\nX-")
        assert await post(at, {"update_id": 1}) == 200
        ends = await asyncio.wait_for(asyncio.gather(*(_end(reader) for reader, _ in slow)), 3)
        for _, writer in slow:
            writer.close()
    assert (stored, ends) == ([1], [b""] * 50)


async def _end(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b""
