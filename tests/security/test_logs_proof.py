"""Nothing personal in logs: `tests/conftest.py` listens to every test of every run at DEBUG. Here: that it can hear."""

import logging

import pytest

from bot.simulator import World
from bot.storage.store import Store
from tests.bot_runner import TOKEN
from tests.log_canaries import Heard, listening
from tests.newsroom import make_member, make_newsroom, message
from tests.stores import StoppedClock

WORDS = "слова, которых нет нигде больше"


def gossip(heard: Heard) -> None:
    """Log a name, a text, an id and a handle while somebody listens."""
    with pytest.MonkeyPatch.context() as patched, listening(patched, heard):
        world = World(TOKEN)
        who = world.add_user("Жаңылмырза", username="janyl_m", user_id=555_000_111)
        world.send_text(who, WORDS)
        logging.getLogger("apscheduler.any").error("parameters: %r", (WORDS,))
        logging.getLogger("any").info("chat %d of @%s", who.id, who.username)
        try:
            raise ValueError(who.first_name)
        except ValueError:
            logging.getLogger("bot.inbox").exception("failed")


def test_a_leak_is_heard() -> None:
    """The proof can fail: a name, a text, an id or a handle in any logger's line, or in a traceback, is found."""
    heard = Heard()
    with pytest.raises(pytest.fail.Exception) as told:
        gossip(heard)
    assert heard.leaks >= 4
    assert "Жаңылмырза" in str(told.value)


async def test_a_leak_of_a_service_is_heard(sqlite_store: Store, clock: StoppedClock) -> None:
    """Also where no simulator plays: members and messages of a service's test are known."""
    heard, newsroom = Heard(), await make_newsroom(sqlite_store, clock())
    with pytest.MonkeyPatch.context() as patched:
        ear = listening(patched, heard)
        ear.__enter__()
        member = await make_member(sqlite_store, newsroom, clock(), telegram_id=555_000_112)
        logging.getLogger("bot.any").debug("%s wrote %s", member.name, message(member, clock(), WORDS).text)
        with pytest.raises(pytest.fail.Exception):
            ear.__exit__(None, None, None)
    assert heard.leaks == 2


def test_every_test_is_listened_to() -> None:
    """Every logger's lines at DEBUG come to an ear while any test runs."""
    root = logging.getLogger()
    assert root.level == logging.DEBUG
    assert [each for each in root.handlers if type(each).__name__ == "_Ear"]
