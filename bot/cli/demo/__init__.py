"""`kalkan demo`: the real bot in a made-up newsroom, against the simulated Bot API: no token, no network."""

import signal
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated, Final, NoReturn

import typer

PORT: Final = 8377


def demo(
    port: Annotated[
        int, typer.Option(help="Port of the page on 127.0.0.1; the next free one when it is taken.", min=0, max=65535)
    ] = PORT,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Folder for the demo's database, emptied at each start.", show_default="the user's cache"),
    ] = None,
    october: Annotated[
        bool,
        typer.Option(
            "--october",
            help="Replay 6 October: thousands of insults, four threats in three languages, copies; checked.",
        ),
    ] = False,
    once: Annotated[bool, typer.Option("--once", help="With --october: end after the replay.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the folder there at the end, to look into it.")] = False,
) -> None:
    """Play a made-up newsroom on a page on 127.0.0.1: no token, no network. Ctrl-C ends it."""
    began = time.monotonic()
    print("Kalkan demo: a made-up newsroom is being set up…", flush=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    try:
        _play(port, data_dir, keep, Story(began=began, october=october, once=once))
    finally:
        print("Kalkan demo: ended.", flush=True)


def _end(_number: int, _frame: FrameType | None) -> NoReturn:
    """A clean end also while the demo is still starting.

    No KeyboardInterrupt: one that was raised within `exec`, as dataclasses use it, ends the process by the signal even
    when it was caught.
    """
    raise SystemExit(0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """What is played; `began` is the monotonic moment at which the command was given."""

    began: float
    october: bool
    once: bool


def _play(port: int, data_dir: Path | None, keep: bool, story: Story) -> None:
    from bot.cli.demo.folder import DemoFolder  # noqa: PLC0415 - light, and wanted before the heavy rooms

    with DemoFolder.reserve(data_dir, keep=keep) as folder, folder.draw_pictures() as drawing:
        # The pictures are drawn in a process of their own while this one loads the heavy rooms.
        from bot.cli.demo.stage import Playbill, play  # noqa: PLC0415

        play(
            Playbill(
                port=port,
                folder=folder.path,
                drawing=drawing,
                began=story.began,
                october=story.october,
                once=story.once,
            )
        )
