"""One redacting formatter for every log handler: no token reaches a log, by whatever way.

httpx logs whole URLs at INFO, and PTB its own requests at DEBUG; both hold the token. A filter on one logger misses the
others and every traceback, so what is redacted is the finished line.
"""

import logging
import re

#: A token stands in URLs right after "bot", and its colon may be escaped there.
TOKEN = re.compile(r"(?<!\d)\d{3,20}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")
HIDDEN = "<hidden>"
#: PostgreSQL quotes the row that it refuses: what members forwarded, and whom it names.
_ROW = re.compile(r"(DETAIL: ).*?(?=\n\n|\n\[|\nHINT|\Z)", re.DOTALL)
#: PTB quotes an answer that it cannot read: what members sent, and who they are.
_ANSWER = re.compile(r"(Can not load invalid JSON data: ).*?(?=\nTraceback |\Z)", re.DOTALL)
#: Libraries that say too much at DEBUG.
HUSHED = ("httpx", "httpcore", "aiosqlite", "asyncio", "PIL", "alembic", "telegram", "aio_pika", "aiormq")
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class RedactingFormatter(logging.Formatter):
    """Formats as usual, then hides what looks like a bot token and every secret that it was told."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__(_FORMAT)
        # Of a token also what follows its colon: the number before it is the bot's id, which is no secret.
        parts = {part for secret in secrets for part in (secret, secret.partition(":")[2]) if part}
        self._secrets = sorted(parts, key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, traceback included, without secrets."""
        line = super().format(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        line = _ANSWER.sub(rf"\1{HIDDEN}", line)
        return _ROW.sub(rf"\1{HIDDEN}", TOKEN.sub(HIDDEN, line))


def configure_logging(level: str, secrets: tuple[str, ...] = ()) -> None:
    """Log to standard error through the redacting formatter only; PTB's HTTP client speaks up for warnings only."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    hush()


def hush() -> None:
    """Let libraries speak up for warnings only, whatever the level: at DEBUG they tell texts, names and handles."""
    for chatty in HUSHED:
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # A tick that is skipped on a busy machine is no news: what is due stands in the database.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
