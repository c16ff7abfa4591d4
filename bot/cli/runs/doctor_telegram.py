"""What the doctor asks Telegram: whether it knows the token, and whether somebody else takes our updates.

Nothing is fetched that the bot would miss. That Telegram cannot be reached from here is no fault of the house.
"""

import json
import re
import threading
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from bot.cli.runs.doctor_words import Problem, Skipped
from bot.config import Settings

#: Seconds for one question, name look-up included.
_PATIENCE: Final = 5.0
_MOST_BYTES: Final = 1 << 20
_REFUSED: Final = frozenset({401, 404})
_HOST: Final = re.compile(r"[\w.:-]{1,100}", re.ASCII)


def token(settings: Settings) -> str:
    """Whether Telegram takes the token."""
    status, answer = _asked(settings, "getMe")
    if status in _REFUSED:
        raise Problem(
            "Telegram refuses KALKAN_TELEGRAM_TOKEN: it was revoked, or is another's; take a valid one from @BotFather"
        )
    if status != 200:
        raise Skipped(f"not looked at: Telegram answered with {status}")
    name = str(answer.get("username", ""))
    return f"Telegram knows it: @{name}" if name.isidentifier() else "Telegram knows it"


def webhook(settings: Settings) -> str:
    """Whether updates go somewhere else."""
    status, answer = _asked(settings, "getWebhookInfo")
    if status != 200:
        raise Skipped(f"not looked at: Telegram answered with {status}")
    if settings.webhook_url is not None:
        return _our_webhook(str(settings.webhook_url), answer)
    if answer.get("url"):
        raise Problem(
            f"Telegram sends what members write to {_host(str(answer['url']))}, not to this bot: was it you? If not,"
            " somebody has the token (/revoke at @BotFather). The next start of the bot takes the webhook away"
        )
    waiting = answer.get("pending_update_count")
    return f"no webhook is set; {waiting if isinstance(waiting, int) else 0} updates wait with Telegram"


def _our_webhook(url: str, answer: dict[str, Any]) -> str:
    waiting = answer.get("pending_update_count")
    waiting = waiting if isinstance(waiting, int) else 0
    there = str(answer.get("url") or "")
    if not there:
        raise Problem("Telegram knows no webhook of ours: `kalkan serve` sets it, and looks after it while it runs")
    if there != url:
        raise Problem(
            f"Telegram sends what members write to {_host(there)}, not to KALKAN_WEBHOOK_URL: was it you? If not,"
            " somebody has the token (/revoke at @BotFather). The running bot puts it back within a minute"
        )
    if waiting and answer.get("last_error_date"):
        raise Problem(
            f"{waiting} updates wait with Telegram, whose posts do not arrive: look at the proxy before"
            " KALKAN_WEBHOOK_LISTEN, its certificate, and whether the bot runs"
        )
    return f"Telegram posts to our webhook; {waiting} updates wait with it"


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return host if _HOST.fullmatch(host) else "another address"


def _asked(settings: Settings, method: str) -> tuple[int, dict[str, Any]]:
    """Status and result. Raises Skipped where there is no token, or no answer in time."""
    if settings.telegram_token is None:
        raise Skipped("there is no token yet")
    found: list[tuple[int, dict[str, Any]] | str] = []

    def ask() -> None:
        try:
            found.append(_answer(settings, method))
        except (OSError, HTTPException, ValueError) as error:
            # Its text may hold the address, and that the token.
            found.append(type(error).__name__)

    # The look-up of a name takes as long as it likes: it is left behind.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    answer = found[0] if found else "TimeoutError"
    if isinstance(answer, str):
        raise Skipped(f"not looked at: Telegram cannot be reached ({answer})")
    return answer


def _answer(settings: Settings, method: str) -> tuple[int, dict[str, Any]]:
    parts = urlsplit(settings.api_root)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.netloc, timeout=_PATIENCE)) as connection:
        connection.request("GET", f"{parts.path}/bot{settings.token()}/{method}")
        response = connection.getresponse()
        body = json.loads(response.read(_MOST_BYTES))
    result = body.get("result") if isinstance(body, dict) else None
    return response.status, result if isinstance(result, dict) else {}
