"""The bot as a process of its own: started, killed and stopped as an operator or a power cut would."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from tests.bot_runner import TOKEN, Newsroom
from tests.faults.nursery import Born, Nursery

COMMAND = (sys.executable, "-m", "bot", "serve")


@dataclass(kw_only=True)
class BotProcess:
    """`python -m bot serve` with its workers, as one process group; what it says goes to `log`."""

    environment: Mapping[str, str]
    log: Path
    #: Where it is forked, if there is one: a fresh interpreter takes five times as long to start.
    nursery: Nursery | None = None
    #: Further words of its command.
    arguments: tuple[str, ...] = ()
    kills: int = 0
    _process: subprocess.Popen[bytes] | Born | None = None

    @classmethod
    def of(cls, room: Newsroom, **given: object) -> "BotProcess":
        """A process with the newsroom's settings, which it reads from its environment."""
        settings = room.settings.model_dump(exclude_unset=True) | given
        names = {f"KALKAN_{name.upper()}": _plain(value) for name, value in settings.items()}
        names |= {"KALKAN_TELEGRAM_TOKEN": TOKEN, "PYTHONFAULTHANDLER": "1"}
        # It starts in a folder of its own.
        names |= {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KALKAN_")}
        return cls(environment=kept | names, log=room.settings.data_dir.parent / "bot.log")

    @classmethod
    def of_role(cls, room: Newsroom, role: str, number: int, **given: object) -> "BotProcess":
        """One of several processes, with a log of its own."""
        process = cls.of(room, **given)
        process.arguments = ("--role", role)
        process.log = process.log.with_name(f"{role}-{number}.log")
        return process

    def start(self) -> None:
        """Start it; who waits for its readiness looks into the journal."""
        if self.nursery is not None:
            self.bear()
            self.begin()
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                (*COMMAND, *self.arguments),
                env=dict(self.environment),
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def bear(self) -> None:
        """Fork it in the nursery; it does nothing until it is told to `begin`. Raises LookupError without a nursery."""
        if self.nursery is None:
            raise LookupError("there is no nursery")
        self._process = self.nursery.birth(self.environment, self.log.parent, self.log, waits=True)

    def begin(self) -> None:
        """Let what was borne begin. Raises LookupError when there is nobody who waits."""
        if not isinstance(self._process, Born):
            raise LookupError("nobody waits")
        self._process.begin()

    def kill(self) -> None:
        """kill -9 for the whole group: nothing gets to say goodbye."""
        if self._process is not None:
            self.kills += 1
            self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """Stop it politely, while the simulator goes on answering; returns its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            code = await asyncio.to_thread(self._process.wait, 30)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGABRT)  # shows where every thread stands
            self._process.wait(20)
            self._end(signal.SIGKILL)
            raise AssertionError(f"the bot does not stop:\n{self.last_words()}") from None
        self._process = None
        return code

    def close(self) -> None:
        """End whatever is left."""
        if self._process is not None:
            self._end(signal.SIGKILL)

    @property
    def pid(self) -> int:
        """The process, or what wraps it. Raises LookupError when none runs."""
        if self._process is None:
            raise LookupError("no bot was started")
        return self._process.pid

    @property
    def is_idle(self) -> bool:
        """Whether none was started since the last was ended."""
        return self._process is None

    @property
    def returncode(self) -> int | None:
        """The exit code of a process that ended by itself."""
        return None if self._process is None else self._process.poll()

    def check_alive(self) -> None:
        """Fail with the end of the log when the process ended by itself."""
        if self._process is not None and self._process.poll() is not None:
            raise AssertionError(f"the bot ended with {self._process.returncode}:\n{self.last_words()}")

    def last_words(self) -> str:
        """The end of its log."""
        return self.log.read_text(encoding="utf-8")[-6000:]

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            process.wait(20)


def _plain(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
