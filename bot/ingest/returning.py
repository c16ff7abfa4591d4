"""Puts what was set aside back into the queue, when whatever kept it from being read or stored is mended."""

from aio_pika.abc import AbstractIncomingMessage

from bot.ingest.broker import Line, answered


async def put_back(line: Line) -> int:
    """Put each message that is set aside now at the end of the queue; how many. Raises QueueAway, QueueFull.

    It is forgotten there when the broker keeps it here, so that one may come twice, and is stored once. What is set
    aside again meanwhile stays there.
    """
    aside = await answered(line.channel.get_queue(line.place.aside))
    done = 0
    for _ in range(await line.waiting(line.place.aside)):
        message: AbstractIncomingMessage | None = await answered(aside.get(fail=False))
        if message is None:
            break
        await line.post(message.body, message.message_id or "")
        await answered(message.ack())
        done += 1
    return done
