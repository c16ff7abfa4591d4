"""Listens to every logger at DEBUG, and to the logs of bots in processes of their own, while a test runs.

What the test's people are called, say and send is noted as it comes into being: their ids, names, handles, texts and
links, whether they live in the simulator or are members and messages of a service's test. None of it, nor the token,
may stand in a line as the product writes it, tracebacks included. Every test of every run is listened to.
"""

import json
import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.model.newsroom import Member
from bot.model.submission import Incoming
from bot.redaction import HUSHED, RedactingFormatter, hush
from bot.simulator import StoredMessage, User
from tests.bot_process import BotProcess
from tests.bot_runner import SECRET_PART, TOKEN

#: What belongs to the stage, not to the product: the simulated Telegram and its web server.
STAGE = ("aiohttp.access", "aiohttp.server", "bot.simulator")
_SHORTEST_NAME = 4
#: A word of few plain letters ("lead") is also a word of ours.
_SURE_NAME = 8
_SHORTEST_TEXT = 10
_SMALLEST_ID = 100_000
_END = 8
_NUMBER = re.compile(r"\d{6,}")
_LINK = re.compile(r"(?:https?://|t\.me/|@)\S{5,}")


@dataclass(kw_only=True, slots=True)
class Heard:
    """How much was listened to."""

    lines: int = 0
    canaries: int = 0
    leaks: int = 0

    def add(self, other: "Heard") -> None:
        """Another test's share."""
        self.lines, self.canaries, self.leaks = (
            self.lines + other.lines,
            self.canaries + other.canaries,
            self.leaks + other.leaks,
        )


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

    def member(self, member: Member) -> None:
        """Who a member is, without a simulator."""
        if not member.name.isascii() or len(member.name) >= _SURE_NAME:
            self.found.add(member.name)
        if member.telegram_id >= _SMALLEST_ID:
            self.found.add(str(member.telegram_id))

    def incoming(self, incoming: Incoming) -> None:
        """What somebody sent, without a simulator."""
        self._said(incoming.text)

    def message(self, body: dict[str, Any]) -> None:
        """What somebody sent, and where it came from."""
        if (body.get("from") or {}).get("is_bot"):
            return
        text = str(body.get("text") or body.get("caption") or "")
        self._said(text)
        origin = body.get("forward_origin") or {}
        sender = origin.get("sender_user") or origin.get("chat") or {}
        told = (origin.get("sender_user_name"), sender.get("first_name"), sender.get("username"), sender.get("title"))
        self.found |= {each for each in told if each and len(each) >= _SHORTEST_NAME}

    def _said(self, text: str) -> None:
        if not text.startswith("/"):
            self.found |= {line.strip() for line in text.splitlines() if len(line.strip()) >= _SHORTEST_TEXT}
        self.found |= set(_LINK.findall(text))

    def within(self, lines: Sequence[str]) -> list[tuple[str, str]]:
        """Those that stand in lines, each with its line: ids as whole numbers, all else anywhere."""
        ids, by_end = set[str](), defaultdict[str, list[str]](list)
        for each in self.found:
            if each.isdecimal():
                ids.add(each)
            else:
                by_end[each[-_END:] if len(each) >= _END else each[-_SHORTEST_NAME:]].append(each)
        return [(found, line) for line in lines for found in sorted({*_ids(line, ids), *_words(line, by_end)})]


def _ids(line: str, ids: Set[str]) -> Set[str]:
    return ids.intersection(_NUMBER.findall(line))


def _words(line: str, by_end: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Looked for by how they end: thousands of texts in a million lines would take hours one by one."""
    for size in (_END, _SHORTEST_NAME):
        ends = {line[at : at + size] for at in range(len(line) - size + 1)}
        for end in by_end.keys() & ends:
            yield from (each for each in by_end[end] if each in line)


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
def listening(monkeypatch: pytest.MonkeyPatch, heard: Heard) -> Iterator[None]:
    """Fail the test when a canary stands in a log; how many lines and canaries there were is added to `heard`."""
    canaries, ear, logs = Canaries(), _Ear(), set[Path]()
    _note_all(monkeypatch, canaries, logs)
    root = logging.getLogger()
    level, quiet = root.level, {name: logging.getLogger(name).level for name in HUSHED}
    # One within another, for a test of the ear itself: the inner one alone hears.
    outer = [each for each in root.handlers if isinstance(each, _Ear)]
    for each in outer:
        root.removeHandler(each)
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    hush()
    try:
        yield
    finally:
        root.removeHandler(ear)
        for each in outer:
            root.addHandler(each)
        root.setLevel(level)
        for name, before in quiet.items():
            logging.getLogger(name).setLevel(before)
    told = [*ear.lines, *(line for path in logs if path.exists() for line in _lines(path))]
    leaks = canaries.within(told)
    heard.add(Heard(lines=len(told), canaries=len(canaries.found), leaks=len(leaks)))
    if leaks:
        pytest.fail("\n".join(f"{canary!r} in: {line[:400]}" for canary, line in leaks[:5]))


def _note_all(monkeypatch: pytest.MonkeyPatch, canaries: Canaries, logs: set[Path]) -> None:
    make_user, make_message, start = User.__init__, StoredMessage.__init__, BotProcess.start
    make_member, make_incoming = Member.__init__, Incoming.__init__

    def user(self: User, *given: Any, **named: Any) -> None:
        make_user(self, *given, **named)
        canaries.person(self)

    def message(self: StoredMessage, *given: Any, **named: Any) -> None:
        make_message(self, *given, **named)
        canaries.message(self.body)

    def member(self: Member, *given: Any, **named: Any) -> None:
        make_member(self, *given, **named)
        canaries.member(self)

    def incoming(self: Incoming, *given: Any, **named: Any) -> None:
        make_incoming(self, *given, **named)
        canaries.incoming(self)

    def started(self: BotProcess) -> None:
        self.environment = {**self.environment, "KALKAN_LOG_LEVEL": "DEBUG"}
        logs.add(self.log)
        start(self)

    monkeypatch.setattr(User, "__init__", user)
    monkeypatch.setattr(StoredMessage, "__init__", message)
    monkeypatch.setattr(Member, "__init__", member)
    monkeypatch.setattr(Incoming, "__init__", incoming)
    monkeypatch.setattr(BotProcess, "start", started)


def _lines(path: Path) -> list[str]:
    return [_unescaped(line) for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]


def _unescaped(line: str) -> str:
    """A line of JSON with its letters as they were."""
    return json.dumps(json.loads(line), ensure_ascii=False) if line.startswith('{"timestamp"') else line
