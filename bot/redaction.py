"""One redacting formatter for every log handler: no token reaches a log, by whatever way.

httpx logs whole URLs at INFO, and PTB its own requests at DEBUG; both hold the token. A filter on one logger misses the
others and every traceback, so what is redacted is all that a line is made of, before it is a line: as JSON nothing
could be told apart any more from what it escapes. structlog puts the parts together (`bot.trail` says which there are
beside the message), for the standard library's loggers, through which everything is logged.
"""

import json
import logging
import math
import re
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, Final, Literal

from structlog.contextvars import merge_contextvars
from structlog.processors import format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter

from bot.trail import FOLLOWED, Milestone, merge_trail

#: How lines are written: as people read them, or each a JSON object, as machines do.
LogFormat = Literal["text", "json"]
Event = MutableMapping[str, Any]

#: A token stands in URLs right after "bot", and its colon may be escaped there.
TOKEN = re.compile(r"(?<!\d)\d{3,20}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")
HIDDEN = "<hidden>"
#: PostgreSQL quotes the row that it refuses: what members forwarded, and whom it names.
_ROW = re.compile(r"(DETAIL: ).*?(?=\n\n|\n\[|\nHINT|\Z)", re.DOTALL)
#: PTB quotes an answer that it cannot read: what members sent, and who they are.
_ANSWER = re.compile(r"(Can not load invalid JSON data: ).*?(?=\nTraceback |\Z)", re.DOTALL)
#: By what they are known at a glance.
_QUOTED: Final = {"Can not load invalid JSON data: ": _ANSWER, "DETAIL: ": _ROW}
#: What JSON, Python or a URL may write instead of a letter, also when it was quoted more than once.
_ESCAPED = re.compile(r"\\+u00([0-7][0-9a-fA-F])|\\+x([0-7][0-9a-fA-F])|%(?:25)*([2-7][0-9a-fA-F])")
_OF_TOKENS: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-:")
#: Libraries that say too much at DEBUG.
HUSHED = ("httpx", "httpcore", "aiosqlite", "asyncio", "PIL", "alembic", "telegram", "aio_pika", "aiormq")

#: What a line may say beside its message; whatever else a library hangs on its records is left out.
FACTS: Final = ("role", *FOLLOWED, "alarm", "kind", "task", "tries", "newsroom", *(each.value for each in Milestone))
#: 63 bits, which JavaScript and jq would round: as text.
_IDS: Final = frozenset({"update", "outbox", "case", "alarm"})
_HEAD: Final = ("timestamp", "level", "logger", "event")
_TAIL: Final = ("exception", "stack")
_ORDER: Final = (*_HEAD, *FACTS)
_NAMES: Final = frozenset((*_ORDER, *_TAIL))


class Redactor:
    """Hides what looks like a bot token, and every secret that it was told."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        # Of a token also what follows its colon: the number before it is the bot's id, which is no secret.
        parts = {part for secret in secrets for part in (secret, secret.partition(":")[2]) if part}
        self._secrets = sorted(parts, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without secrets, also where their letters are escaped."""
        text = self._hidden(text)
        if "\\" in text or "%" in text:
            text = self._hidden(_ESCAPED.sub(_unescaped, text))
        return text

    def _hidden(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        # A code or a number by itself is none of what follows.
        if ":" not in text and "%" not in text:
            return text
        for sign, quoted in _QUOTED.items():
            if sign in text:
                text = quoted.sub(rf"\1{HIDDEN}", text)
        return TOKEN.sub(HIDDEN, text)


class RedactingFormatter(ProcessorFormatter):
    """Puts a line together, and hides secrets in all that it is made of: message, traceback, what is bound."""

    def __init__(self, secrets: tuple[str, ...] = (), form: LogFormat = "text") -> None:
        self._redact = Redactor(secrets)
        self._written = _as_json if form == "json" else self._as_text
        super().__init__(
            foreign_pre_chain=(ExtraAdder(allow=FACTS), merge_trail, merge_contextvars),
            processors=(
                self._headed,
                format_exc_info,
                ProcessorFormatter.remove_processors_meta,
                self._clean,
                self._line,
            ),
        )

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, traceback included, without secrets."""
        try:
            return super().format(record)
        except Exception as error:
            # Whoever called would have it printed as it is, with all that it was to hold.
            said = f"a line of {record.name} could not be written: {type(error).__name__}"
            known = {"timestamp": self._time_of(record), "level": record.levelname, "logger": record.name}
            return self._written({**known, "event": self._redact(said)})

    def _headed(self, _logger: object, _method: str, event: Event) -> Event:
        record: logging.LogRecord = event["_record"]
        return {**event, "timestamp": self._time_of(record), "level": record.levelname, "logger": record.name}

    def _time_of(self, record: logging.LogRecord) -> str:
        return _instant(record) if self._written is _as_json else self.formatTime(record)

    def _clean(self, _logger: object, _method: str, event: Event) -> Event:
        # Context variables come in no order.
        ordered = [name for name in _ORDER if name in event]
        names = [*ordered, *(name for name in event if name not in ordered)]
        return {self._named(name): self._cleaned(name, event[name]) for name in names}

    def _named(self, name: str) -> str:
        return name if name in _NAMES else self._redact(name)

    def _cleaned(self, key: str, value: object) -> bool | float | str | None:
        if isinstance(value, int):
            return str(value) if key in _IDS else value
        if value is None or (isinstance(value, float) and math.isfinite(value)):
            return value
        return self._redact(value if isinstance(value, str) else str(value))

    def _line(self, _logger: object, _method: str, event: Event) -> str:
        return self._written(event)

    def _as_text(self, event: Event) -> str:
        beside = [f"{key}={value}" for key, value in event.items() if _is_worth_a_word(key, value, event)]
        known = f" [{' '.join(beside)}]" if beside else ""
        first = f"{event['timestamp']} {event['level']} {event['logger']}: {event['event']}{known}"
        # Once more, for what came to stand side by side only now.
        return self._redact("\n".join([first, *(event[name] for name in _TAIL if event.get(name))]))


def _unescaped(found: re.Match[str]) -> str:
    letter = chr(int(next(code for code in found.groups() if code), 16))
    return letter if letter in _OF_TOKENS else found.group()


def _is_worth_a_word(key: str, value: object, event: Event) -> bool:
    """Whether people want to read it: where one process does everything its role says nothing."""
    if key in _HEAD or key in _TAIL:
        return False
    return not (key == "role" and value == "all") and not (key == "stage" and value == event["event"])


def _instant(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _as_json(event: Event) -> str:
    return json.dumps(event)


def configure_logging(level: str, secrets: tuple[str, ...] = (), form: LogFormat = "text") -> None:
    """Log to standard error through the redacting formatter only; PTB's HTTP client speaks up for warnings only."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(secrets, form))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    hush()


def hush() -> None:
    """Let libraries speak up for warnings only, whatever the level: at DEBUG they tell texts, names and handles."""
    for chatty in HUSHED:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # A tick that is skipped on a busy machine is no news: what is due stands in the database.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
