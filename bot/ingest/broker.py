"""One connection to whichever of the broker's hosts answers, with the cell's queue declared."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final, TypeVar

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractIncomingMessage, AbstractQueue
from aio_pika.exceptions import ChannelPreconditionFailed, DeliveryError, PublishError

from bot.errors import QueueAway, QueueFull
from bot.ingest.state import QueueState
from bot.model.queue_address import QueueAddress

log = logging.getLogger(__name__)

T = TypeVar("T")

#: What stands in each message's type: how its body is made.
BODY_KIND: Final = "kalkan.updates.1"
#: Seconds for a connection to one host, and for one question. When a node dies the queue has another leader within
#: eight seconds (six kills of nodes); who is not answered by then asks another host.
_CONNECT_SECONDS: Final = 4.0
_ANSWER_SECONDS: Final = 12.0
#: Seconds between signs of life: a host that hangs is noticed after two of them.
_HEARTBEAT: Final = 10
_CLOSING_SECONDS: Final = 2.0
#: RabbitMQ 4 throws a message away that was taken 20 times without an answer, unless a queue says otherwise: while a
#: database is away that is soon. None is ever taken so often.
_MOST_DELIVERIES: Final = 1_000_000_000
#: What was set aside waits for the operator, the newest so many.
_MOST_ASIDE: Final = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuePlace:
    """The broker, and the name and size of the cell's queue there."""

    address: QueueAddress
    name: str
    most_bytes: int

    @property
    def aside(self) -> str:
        """The queue of what nobody can read."""
        return f"{self.name}.aside"


@dataclass(kw_only=True)
class Line:
    """An open connection with one channel."""

    place: QueuePlace
    connection: AbstractConnection
    channel: AbstractChannel
    queue: AbstractQueue = field(init=False)

    @property
    def is_open(self) -> bool:
        """Whether nobody has closed it."""
        return not (self.connection.is_closed or self.channel.is_closed)

    async def declare(self) -> None:
        """See to it that the queues are there. Raises QueueAway."""
        try:
            self.queue = await self._declared(passive=False)
        except ChannelPreconditionFailed:
            # Limits belong to a queue from its beginning: who changed the setting is told, and goes on with the old.
            log.warning(
                "the queue %s has other limits than the settings say; they are left as they are", self.place.name
            )
            self.channel = self.connection.channel(on_return_raises=True)
            await answered(self.channel.initialize())
            self.queue = await self._declared(passive=True)

    async def _declared(self, *, passive: bool) -> AbstractQueue:
        aside = self.place.aside
        lasting: dict[str, Any] = {"x-queue-type": "quorum", "x-delivery-limit": _MOST_DELIVERIES}
        taken = {"x-max-length-bytes": self.place.most_bytes, "x-overflow": "reject-publish"}
        one_by_one = {"x-single-active-consumer": True}
        put = self.channel.declare_queue
        await answered(put(aside, durable=True, passive=passive, arguments=lasting | {"x-max-length": _MOST_ASIDE}))
        arguments = lasting | taken | one_by_one
        return await answered(put(self.place.name, durable=True, passive=passive, arguments=arguments))

    async def waiting(self, queue: str | None = None) -> int:
        """How many messages nobody has taken yet. Raises QueueAway, also where there is no such queue."""
        found = await answered(self.channel.declare_queue(queue or self.place.name, passive=True))
        return int(found.declaration_result.message_count or 0)

    async def post(self, body: bytes, number: str, queue: str | None = None) -> None:
        """Have a majority of the broker's nodes keep a message before this returns. Raises QueueAway, QueueFull."""
        message = aio_pika.Message(
            body,
            message_id=number,
            type=BODY_KIND,
            content_type="application/octet-stream",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        to = queue or self.place.name
        await answered(self.channel.default_exchange.publish(message, routing_key=to, mandatory=True))

    async def take(self, take: Callable[[AbstractIncomingMessage | None], None], at_most: int) -> None:
        """Have messages brought, so many without an answer; None is brought when the line breaks. Raises QueueAway."""

        async def bring(message: AbstractIncomingMessage) -> None:
            take(message)

        self.channel.close_callbacks.add(lambda *_: take(None))
        await answered(self.channel.set_qos(prefetch_count=at_most))
        await answered(self.queue.consume(bring))

    async def close(self) -> None:
        """End it, whatever state it is in."""
        await _closed(self.connection)


class Broker:
    """Finds a host that answers; the last one that did is asked first."""

    def __init__(self, place: QueuePlace, state: QueueState) -> None:
        self.place = place
        self.state = state
        self._first = 0

    async def join(self) -> Line:
        """A line to a host, with the queue declared. Raises QueueAway when none of them gives one."""
        hosts = self.place.address.hosts
        last: QueueAway | None = None
        for number in chain(range(self._first, len(hosts)), range(self._first)):
            try:
                line = await self._joined(*hosts[number])
            except QueueAway as error:
                last = error
            else:
                self._first = number
                self.state.hear()
                return line
        # Who was first and broke is not the first to be asked again.
        self._first = (self._first + 1) % len(hosts)
        self.state.miss()
        raise last or QueueAway("no host")

    async def _joined(self, host: str, port: int) -> Line:
        line = await opened(self.place, host, port)
        try:
            await line.declare()
        except BaseException:
            await line.close()
            raise
        return line


async def opened(place: QueuePlace, host: str, port: int) -> Line:
    """A line to one host, on which nothing was declared yet. Raises QueueAway."""
    address = place.address
    connecting = aio_pika.connect(
        host=host,
        port=port,
        login=address.user,
        password=address.password,
        virtualhost=address.virtual_host,
        ssl=address.is_sealed,
        ssl_context=ssl.create_default_context() if address.is_sealed else None,
        timeout=_CONNECT_SECONDS,
        heartbeat=_HEARTBEAT,
    )
    connection = await answered(connecting, _CONNECT_SECONDS)
    try:
        channel = connection.channel(on_return_raises=True)
        await answered(channel.initialize())
    except BaseException:
        await _closed(connection)
        raise
    return Line(place=place, connection=connection, channel=channel)


async def _closed(connection: AbstractConnection) -> None:
    with suppress(QueueAway):
        await answered(connection.close(), _CLOSING_SECONDS)


async def answered(question: Coroutine[Any, Any, T], seconds: float = _ANSWER_SECONDS) -> T:
    """The broker's answer. Raises QueueAway for whatever the library makes of one that is gone, QueueFull.

    Among it is a cancellation that nobody asked for: it must not end whoever waits here.
    """
    task = asyncio.ensure_future(question)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
    if not done:
        raise QueueAway("TimeoutError")
    if task.cancelled():
        raise QueueAway("CancelledError")
    try:
        return task.result()
    except ChannelPreconditionFailed:
        raise
    except PublishError:
        # Given back: there is no such queue any more, and the next line makes it again.
        raise QueueAway("PublishError") from None
    except DeliveryError as error:
        raise QueueFull(type(error).__name__) from None
    except Exception as error:
        # Of whatever kind: where a connection breaks decides what the library stumbles over. Its text may hold the
        # address.
        raise QueueAway(type(error).__name__) from None
