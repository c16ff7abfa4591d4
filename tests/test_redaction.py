"""No token in any log line, by whatever way it comes: 0 hits of its secret part."""

import io
import json
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import bound_contextvars
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.redaction import LogFormat, RedactingFormatter, configure_logging

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


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "hidden",
    [
        TOKEN.replace(":", r"\u003a"),
        TOKEN.replace(":", r"\\u003A"),
        TOKEN.replace(":", r"\x3a"),
        TOKEN.replace(":", "%253A"),
        "".join(f"\\u{ord(letter):04x}" for letter in TOKEN),
        "".join(f"\\x{ord(letter):02x}" for letter in TOKEN),
        "".join(f"%{ord(letter):02X}" for letter in TOKEN),
        json.dumps(json.dumps({"url": f"/bot{TOKEN}/é"})),
    ],
)
def test_however_it_is_escaped(form: LogFormat, hidden: str) -> None:
    """As JSON, Python or a URL may write it, in the message and in what is bound; the formatter was told nothing."""
    record = logging.LogRecord("x", logging.INFO, "", 0, "%s!", (hidden,), None)
    with bound_contextvars(case=hidden):
        line = RedactingFormatter(form=form).format(record)
    assert line.count("<hidden>") == 2
    assert CANARY not in plain(line)
    assert hidden not in line


def plain(line: str) -> str:
    """A line with every escape undone."""
    undone = re.sub(r"\\+u([0-9a-fA-F]{4})|\\+x([0-9a-fA-F]{2})", lambda m: chr(int(m[1] or m[2], 16)), line)
    return unquote(undone)


class Awkward:
    """Something that is no text, and is told as one."""

    def __init__(self, said: str) -> None:
        self._said = said

    def __repr__(self) -> str:
        return self._said


WORDS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
WRAPPINGS: tuple[Callable[[str], object], ...] = (
    str,
    Awkward,
    lambda said: [said],
    lambda said: {said: {said}},
    str.encode,
)


@given(
    st.from_regex(r"\A[0-9]{6,12}:[A-Za-z0-9_-]{30,40}\Z"),
    st.tuples(WORDS, WORDS),
    st.sampled_from(["message", "argument", "bound", "extra", "error", "cause", "stack"]),
    st.sampled_from(WRAPPINGS),
    st.booleans(),
)
def test_in_whatever_a_line_is_made_of(
    token: str, around: tuple[str, str], where: str, wrap: Callable[[str], object], is_told: bool
) -> None:
    """Message, argument, bound value, extra or exception: as text and as JSON no line holds it, and JSON stays JSON."""
    before = around[0] if not around[0][-1:].isdigit() else f"{around[0]} "
    value = wrap(f"{before}{token} {around[1]}")
    record, bound = made_of(where, value)
    with bound_contextvars(**bound):
        for form in ("text", "json"):
            line = RedactingFormatter((token,) if is_told else (), form).format(record)
            assert token.partition(":")[2] not in plain(line)
            if form == "json":
                told = json.loads(line)
                assert told["logger"] == "any.room"
                assert "\n" not in line


def made_of(where: str, value: object) -> tuple[logging.LogRecord, dict[str, object]]:
    """A record that holds a value in one of its parts, and what is bound beside it."""
    message, arguments = (str(value).replace("%", "%%"), ()) if where == "message" else ("said %s", (value,))
    error = failed(RuntimeError(value), ValueError(value) if where == "cause" else None)
    trace = (type(error), error, error.__traceback__) if where in ("error", "cause") else None
    shown = arguments if where in ("message", "argument") else ("nothing",)
    record = logging.LogRecord("any.room", logging.ERROR, "", 0, message, shown if arguments else (), trace)
    if where == "extra":
        record.kind = value
    if where == "stack":
        record.stack_info = str(value)
    return record, {"case": value} if where == "bound" else {}


def failed(error: Exception, cause: Exception | None) -> Exception:
    """The error as it is when it is caught."""
    try:
        raise error from cause
    except RuntimeError as caught:
        return caught


@given(st.from_regex(r"\A[0-9]{6,12}:[A-Za-z0-9_-]{30,40}\Z"), st.integers(1, 40))
def test_split_over_values(token: str, at: int) -> None:
    """Of a token that it was told the formatter hides the secret part also where its number stands elsewhere."""
    number, _, secret = token.partition(":")
    record = logging.LogRecord("any.room", logging.INFO, "", 0, "%s:", (number,), None)
    with bound_contextvars(case=number, number=secret, stage=token[:at], task=token[at:]):
        for form in ("text", "json"):
            assert secret not in RedactingFormatter((token,), form).format(record)


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_cannot_be_written_is_not_printed(form: LogFormat, capsys: pytest.CaptureFixture[str]) -> None:
    """Logging prints such a record as it is, with its arguments: the formatter says no more than whose it was."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(form=form))
    handler.handle(logging.LogRecord("any.room", logging.INFO, "", 0, "%d", (TOKEN,), None))
    said = capsys.readouterr().err
    assert CANARY not in said
    assert "a line of any.room could not be written: TypeError" in said
    assert form == "text" or json.loads(said)["logger"] == "any.room"


def test_the_shape_of_json() -> None:
    """One object a line, its time in UTC; numbers that JavaScript would round are text; foreign extras are left out."""
    record = logging.LogRecord("any.room", logging.WARNING, "", 0, "two\nlines", None, None)
    record.kind, record.url = "card", "https://elsewhere.example"
    with bound_contextvars(role="worker", update=3765015866193614304, case=3765015866193614305):
        line = RedactingFormatter(form="json").format(record)
    told = json.loads(line)
    assert datetime.fromisoformat(told.pop("timestamp")).utcoffset() == timedelta()
    assert told == {
        "level": "WARNING",
        "logger": "any.room",
        "event": "two\nlines",
        "role": "worker",
        "update": "3765015866193614304",
        "case": "3765015866193614305",
        "kind": "card",
    }
    assert "\n" not in line


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
