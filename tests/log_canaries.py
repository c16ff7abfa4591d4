"""Listens to every logger at DEBUG, and to the logs of bots in processes of their own, while a test runs.

What the test's people are called, say and send is noted as it comes into being: their ids, names, handles, texts and
links. None of it, nor the token, may stand in a line as the product writes it, tracebacks included.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.redaction import HUSHED, RedactingFormatter, hush
from bot.simulator import StoredMessage, User
from tests.bot_process import BotProcess
from tests.bot_runner import SECRET_PART, TOKEN

#: What belongs to the stage, not to the product: the simulated Telegram and its web server.
STAGE = ("aiohttp.access", "aiohttp.server", "bot.simulator")
_SHORTEST_NAME = 4
_SHORTEST_TEXT = 10
_SMALLEST_ID = 100_000
_LINK = re.compile(r"(?:https?://|t\.me/|@)\S{5,}")


class Canaries:
    """What must not be logged."""

    def __init__(self) -> None:
        self.found: set[str] = {SECRET_PART}

    def person(self, user: User) -> None:
        """Who somebody is; the bot itself is no person."""
        if user.is_bot:
            return
        names = (user.first_name, user.last_name, user.username)
        self.found |= {name for name in names if name and len(name) >= _SHORTEST_NAME}
        if user.id >= _SMALLEST_ID:
            self.found.add(str(user.id))

    def message(self, body: dict[str, Any]) -> None:
        """What somebody sent, and where it came from."""
        if (body.get("from") or {}).get("is_bot"):
            return
        text = str(body.get("text") or body.get("caption") or "")
        if not text.startswith("/"):
            self.found |= {line.strip() for line in text.splitlines() if len(line.strip()) >= _SHORTEST_TEXT}
        self.found |= set(_LINK.findall(text))
        origin = body.get("forward_origin") or {}
        sender = origin.get("sender_user") or origin.get("chat") or {}
        told = (origin.get("sender_user_name"), sender.get("first_name"), sender.get("username"), sender.get("title"))
        self.found |= {each for each in told if each and len(each) >= _SHORTEST_NAME}

    def within(self, text: str) -> list[str]:
        """Those that stand in a text: ids as whole numbers, all else anywhere."""
        digits = set(re.findall(r"\d{6,}", text))
        return sorted(each for each in self.found if (each in digits if each.isdecimal() else each in text))


class _Ear(logging.Handler):
    """Every line as the product would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(RedactingFormatter((TOKEN,)))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(STAGE):
            self.lines.append(self.format(record))


@contextmanager
def listening(monkeypatch: pytest.MonkeyPatch, findings: Path) -> Iterator[None]:
    """Fail the test when a canary stands in a log; how many lines and canaries there were is added to `findings`."""
    canaries, ear, logs = Canaries(), _Ear(), set[Path]()
    _note_all(monkeypatch, canaries, logs)
    root = logging.getLogger()
    level, quiet = root.level, {name: logging.getLogger(name).level for name in HUSHED}
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    hush()
    try:
        yield
    finally:
        root.removeHandler(ear)
        root.setLevel(level)
        for name, before in quiet.items():
            logging.getLogger(name).setLevel(before)
    told = [*ear.lines, *(line for path in logs if path.exists() for line in _lines(path))]
    leaks = [(canary, line) for line in told for canary in canaries.within(line)]
    counted = {"lines": len(told), "canaries": len(canaries.found), "leaks": len(leaks)}
    with findings.open("a", encoding="utf-8") as file:
        file.write(json.dumps(counted) + "\n")
    if leaks:
        pytest.fail("\n".join(f"{canary!r} in: {line[:400]}" for canary, line in leaks[:5]))


def _note_all(monkeypatch: pytest.MonkeyPatch, canaries: Canaries, logs: set[Path]) -> None:
    make_user, make_message, start = User.__init__, StoredMessage.__init__, BotProcess.start

    def user(self: User, *given: Any, **named: Any) -> None:
        make_user(self, *given, **named)
        canaries.person(self)

    def message(self: StoredMessage, *given: Any, **named: Any) -> None:
        make_message(self, *given, **named)
        canaries.message(self.body)

    def started(self: BotProcess) -> None:
        self.environment = {**self.environment, "KALKAN_LOG_LEVEL": "DEBUG"}
        logs.add(self.log)
        start(self)

    monkeypatch.setattr(User, "__init__", user)
    monkeypatch.setattr(StoredMessage, "__init__", message)
    monkeypatch.setattr(BotProcess, "start", started)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()
