"""The ground every test stands on: a clean environment, UTC, no network but loopback, no untranslated surprise."""

import gc
import ipaddress
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bot.i18n import Catalogs
from tests import compiled, skips
from tests.log_canaries import Heard, listening
from tests.postgres import postgres_server, postgres_url
from tests.stores import (
    broom,
    clock,
    encrypted_file,
    migrated_file,
    more_stores,
    postgres_copy,
    spare_databases,
    sqlcipher_copy,
    sqlite_copy,
    sqlite_store,
    store,
    store_url,
)

# The stores: `store` is a migrated database of the test's own, on both engines.
__all__ = [
    "broom",
    "clock",
    "encrypted_file",
    "migrated_file",
    "more_stores",
    "postgres_copy",
    "postgres_server",
    "postgres_url",
    "spare_databases",
    "sqlcipher_copy",
    "sqlite_copy",
    "sqlite_store",
    "store",
    "store_url",
]

# Every line of every log is looked through for personal data; `KALKAN_LOG_CANARIES=off` lets a run be.
LISTENS = os.environ.get("KALKAN_LOG_CANARIES") != "off"
HEARD = Heard()
HEARD_BY_ALL = "kalkan_log_canaries"
for _name in [name for name in os.environ if name.startswith("KALKAN_")]:
    del os.environ[_name]
os.environ["TZ"] = "UTC"
time.tzset()
compiled.share()

# A shared machine is slow at times, so an example's duration says nothing. In CI the same examples are tried each time.
settings.register_profile("kalkan", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("kalkan")


@pytest.fixture(autouse=True)
def _nothing_personal_in_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """No line of any log, at DEBUG, holds what people of the test are called or say."""
    if not LISTENS:
        yield
        return
    if "caplog" in request.fixturenames:
        # What a test itself reads of the log is what it would be without us.
        request.getfixturevalue("caplog").handler.setLevel(logging.getLogger().level)
    # Not the test's own: whoever undoes that one in the middle would let what follows be unheard.
    with pytest.MonkeyPatch.context() as patched, listening(patched, HEARD):
        yield


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every test stands."""
    return tmp_path_factory.mktemp("cwd")


@pytest.fixture(autouse=True)
def _away_from_the_checkout(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings are also read from ./.env: a developer's real token must reach neither a test nor its child."""
    monkeypatch.chdir(empty_folder)


class NetworkTouched(Exception):
    """A test tried to reach something that is not this machine."""


def _is_local(address: object) -> bool:
    """Loopback addresses, and the unix sockets' paths."""
    if isinstance(address, str | bytes):
        return True
    host = str(address[0]) if isinstance(address, tuple) and address else ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _guarded(original: Callable[..., Any], touched: list[object]) -> Callable[..., Any]:
    """A socket method whose last argument is the address."""

    def method(sock: socket.socket, *arguments: Any) -> Any:
        if not _is_local(arguments[-1]):
            touched.append(arguments[-1])
            raise NetworkTouched(f"tests may only reach loopback, not {arguments[-1]}")
        return original(sock, *arguments)

    return method


def _guarded_lookup(original: Callable[..., Any], touched: list[object]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_local((name,)) and not _is_address(name):
            touched.append(name)
            raise NetworkTouched(f"tests may not look up {name}")
        return original(host, *arguments, **options)

    return getaddrinfo


def _is_address(name: str) -> bool:
    """An address is not looked up anywhere, so it is no contact yet."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@pytest.fixture(autouse=True)
def network_touched(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """What the test tried to reach outside this machine: anything fails it, also when the code swallows the error."""
    touched: list[object] = []
    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), touched))
    monkeypatch.setattr(socket, "getaddrinfo", _guarded_lookup(socket.getaddrinfo, touched))
    yield touched
    if touched:
        pytest.fail(f"the test reached out of this machine: {touched}")


class _Faults(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(autouse=True)
def translation_faults() -> Iterator[list[str]]:
    """Messages that could not be shown in this test: any fails it. A test that provokes some clears them."""
    logger = logging.getLogger("bot.i18n")
    faults = _Faults()
    logger.addHandler(faults)
    yield faults.messages
    logger.removeHandler(faults)
    assert faults.messages == []


@pytest.fixture(scope="session")
def catalogs() -> Catalogs:
    """The product's catalogues; a message that cannot be filled in raises."""
    return Catalogs.load(strict=True)


def pytest_collection_finish() -> None:
    """What was loaded and collected stays to the end: the collector of garbage need not look through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


#: Files and rooms that take longest: when they come first, no worker is left alone with one of them at the end.
#: A worker has one test behind the one that it runs, so the longest of all is followed by shorter ones.
LONG_FILES = ("test_long_life", "test_kill", "test_kills", "test_syscalls", "test_restricted", "test_hostile_words")
LONG_ROOMS = ("journeys", "security", "benchmarks", "migrations", "services", "storage")


def _turn(item: pytest.Item) -> tuple[int, int]:
    room, file = item.path.parent.name, item.path.stem
    is_long = file in LONG_FILES and any(item.get_closest_marker(name) for name in ("proof", "slow"))
    return (
        LONG_FILES.index(file) if is_long else len(LONG_FILES),
        LONG_ROOMS.index(room) if room in LONG_ROOMS else len(LONG_ROOMS),
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long rooms first; whoever asks for the server is marked ``postgres``, so that ``-m postgres`` selects them."""
    items.sort(key=_turn)
    for item in items:
        if "postgres_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of xdist tells what it heard; where everything has to be proved, a skip is a failure."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[HEARD_BY_ALL] = (HEARD.lines, HEARD.canaries, HEARD.leaks)
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        reporter is None
        or not skips.must_prove(session.config.option.markexpr)
        or session.exitstatus != pytest.ExitCode.OK
    ):
        return
    if skips.refused(skips.reasons(reporter)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


class _Workers:
    """What xdist's workers tell at their end; registered only where there are any."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker heard to what all heard."""
        told = getattr(node, "workeroutput", {}).get(HEARD_BY_ALL)
        if told is not None:
            HEARD.add(Heard(lines=told[0], canaries=told[1], leaks=told[2]))


def pytest_configure(config: pytest.Config) -> None:
    """Listen to the workers' ends."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Workers())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was heard in the logs, and how much was not tested, and for want of what."""
    if LISTENS:
        told = (
            f"logs at DEBUG: {HEARD.lines} lines, {HEARD.canaries} names, texts, links and tokens, {HEARD.leaks} leaks"
        )
        terminalreporter.write_line(told)
    skips.tell(terminalreporter)
