"""What every worker of the bot loads before its first task, loaded by being imported: what forks them preloads it."""

import errno
from multiprocessing import reduction
from socket import socket

from bot.analysis import screens, worker
from detection.screenshot.engine import available

screens.warm_up(sorted(available()))
worker.warm_up_images()
worker.warm_up_texts()

_receive = reduction.recvfds  # type: ignore[attr-defined]


def _receive_or_forget(sock: socket, size: int) -> list[int]:
    """The files for a worker. Who is killed on the way here asks for none: multiprocessing's server would end of it."""
    try:
        return _receive(sock, size)
    except (EOFError, ConnectionResetError) as error:
        # The one error over which the server goes on.
        raise ConnectionAbortedError(errno.ECONNABORTED, "the bot is gone") from error


reduction.recvfds = _receive_or_forget  # type: ignore[attr-defined]
