"""No token in any log line, by whatever way it comes: 0 hits of its secret part."""

import io
import logging
import traceback
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.redaction import RedactingFormatter, configure_logging

CANARY = "CANARY-secret_part-of-the-token-1234"
TOKEN = f"987654321:{CANARY}"
OTHER = "1234567890:AAF_another-tokens-secret_part_0987654"


@pytest.fixture(params=["told", "not told"])
def lines(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged at DEBUG, by a formatter that knows the token or has never heard of it."""
    out = io.StringIO()
    monkeypatch.setattr("sys.stderr", out)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "telegram")}
    # Handlers of the test runner are closed by `force`, so they are taken out of the way before.
    root.handlers = []
    configure_logging("DEBUG", (TOKEN,) if request.param == "told" else ())
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield out
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def clean(lines: io.StringIO) -> str:
    """What was logged, which is something and holds no secret."""
    text = lines.getvalue()
    assert text
    assert CANARY not in text
    assert OTHER.partition(":")[2] not in text
    return text


def test_in_the_message_and_its_arguments(lines: io.StringIO) -> None:
    """Alone, in a URL, in a mapping, in repr of bytes and escaped."""
    log = logging.getLogger("any.room")
    log.warning("token %s", TOKEN)
    log.warning(f"https://api.telegram.org/bot{TOKEN}/getMe and {OTHER}")
    log.warning("%(token)s %(url)r", {"token": TOKEN, "url": f"/file/bot{TOKEN}/photos/1.jpg".encode()})
    log.warning("https://proxy/?u=https%%3A%%2F%%2Fhost%%2Fbot%s%%2FgetMe", TOKEN.replace(":", "%3A"))
    log.info("%s", [TOKEN, {"nested": (OTHER,)}])
    assert clean(lines).count("<hidden>") >= 7


def test_in_tracebacks_and_their_causes(lines: io.StringIO) -> None:
    """In the exception, in what caused it, and in the source line that is shown."""
    try:
        try:
            raise InvalidToken(f"The token `{TOKEN}` was rejected by the server.")
        except InvalidToken as error:
            raise RuntimeError(f"https://api.telegram.org/bot{TOKEN}/getUpdates") from error
    except RuntimeError:
        logging.getLogger("x").exception("failed with %s", OTHER)
        logging.getLogger("x").error("shown %s", traceback.format_exc())
    assert "RuntimeError" in clean(lines)


def test_in_what_httpx_logs(lines: io.StringIO) -> None:
    """It logs whole URLs at INFO."""
    transport = httpx.MockTransport(lambda _: httpx.Response(502))
    with httpx.Client(transport=transport) as client:
        client.post(f"https://api.telegram.org/bot{TOKEN}/getMe")
    assert "getMe" in clean(lines)


def test_in_what_a_bot_says_of_itself(lines: io.StringIO) -> None:
    """PTB's own repr holds the token."""
    bot = Bot(TOKEN)
    assert CANARY in repr(bot)
    logging.getLogger("telegram").debug("made %r", bot)
    clean(lines)


def test_in_warnings(lines: io.StringIO) -> None:
    """They go through the same formatter when they are captured."""
    logging.getLogger("py.warnings").warning("%s", f"ResourceWarning: unclosed /bot{TOKEN}/")
    clean(lines)


def test_the_secret_part_alone_is_hidden_when_it_is_known() -> None:
    """What follows the colon is the secret; the bot's number before it is none."""
    record = logging.LogRecord("x", logging.INFO, "", 0, f"half {CANARY}", None, None)
    assert RedactingFormatter((TOKEN,)).format(record).endswith("half <hidden>")


@given(
    st.from_regex(r"\A[0-9]{6,12}:[A-Za-z0-9_-]{30,40}\Z"),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=30),
    st.sampled_from(["", "bot", "/bot", "=", "'", "`", "_", "é"]),
)
def test_whatever_stands_before_it(token: str, text: str, before: str) -> None:
    """A token after anything but a digit is hidden, also by a formatter that was not told of it."""
    message = f"{text}{before}" if not (text + before)[-1:].isdigit() else f"{text}{before} "
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s", (f"{message}{token}",), None)
    assert token.partition(":")[2] not in RedactingFormatter().format(record)


def test_ordinary_lines_stay_as_they_are() -> None:
    """Times, case numbers, ids and hashes are not taken for tokens."""
    text = "K-12 at 12:30:45, update 3765015866193614304, sha256 0123456789abcdef0123456789abcdef, 1:2"
    record = logging.LogRecord("x", logging.INFO, "", 0, text, None, None)
    assert RedactingFormatter((TOKEN,)).format(record).endswith(text)


def test_rows_that_postgresql_quotes_are_hidden() -> None:
    """What members forwarded stands in its DETAIL, over several lines."""
    text = "null value\nDETAIL:  Failing row contains (1, сөз\nжүзүндө, 2).\n[SQL: INSERT]\n\nThe above exception"
    record = logging.LogRecord("x", logging.INFO, "", 0, text, None, None)
    line = RedactingFormatter().format(record)
    assert "сөз" not in line
    assert "жүзүндө" not in line
    assert line.endswith("<hidden>\n[SQL: INSERT]\n\nThe above exception")


def test_an_unreadable_answer_is_not_quoted(lines: io.StringIO) -> None:
    """PTB logs at ERROR the whole of an answer that is cut off: names, ids and texts of members."""
    answer = '{"ok": true, "result": [{"message": {"from": {"id": 700000002, "first_name": "Айгуль"}, "text": "a\nb'
    with pytest.raises(TelegramError):
        HTTPXRequest.parse_json_payload(answer.encode())
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("telegram.request.BaseRequest").exception('Can not load invalid JSON data: "%s"', answer)
    logging.getLogger("any").error(TOKEN)
    text = clean(lines)
    assert text.count("Can not load invalid JSON data: <hidden>") == 2
    assert "ValueError: broken" in text
    assert [word for word in ("700000002", "Айгуль", "\nb") if word in text] == []
