"""Forks the bot's workers from a process that has loaded what they load: of a start's 3.5 s of CPU they take 3.

It is multiprocessing's own fork server, one for all bots of a nursery. What a worker is told, what limits it, and how
the bot asks it stays; but it is no child of the bot's, and ends by itself when the bot is gone.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from types import SimpleNamespace
from typing import Final
from unittest.mock import patch

from bot.analysis import pool

_ROOT: Final = Path(__file__).parents[2]
_SERVER: Final = forkserver._forkserver  # type: ignore[attr-defined]


def open_server() -> None:
    """Start it, in the nursery."""
    pool.multiprocessing = _forking()  # type: ignore[assignment]


@contextmanager
def forked_workers() -> Iterator[None]:
    """Let this process fork what workers it starts, for commands that start some each time."""
    with patch.object(pool, "multiprocessing", _forking()):
        yield


def _forking() -> SimpleNamespace:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.ready_workers"])
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    # It imports from where it stands, and says nothing when it finds nothing there.
    with chdir(_ROOT):
        forkserver.ensure_running()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return SimpleNamespace(get_context=lambda _: context)


def join_server() -> None:
    """Use it, in a bot that was forked in the nursery and has closed all files."""
    _SERVER.ensure_running = lambda: None
    # What it passes on to each worker, which starts none itself.
    _SERVER._forkserver_alive_fd = os.open(os.devnull, os.O_RDONLY)
    tracker = resource_tracker._resource_tracker  # type: ignore[attr-defined]
    tracker._fd = tracker._pid = None
