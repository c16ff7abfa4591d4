"""The test ground itself: what tests/conftest.py and tests/postgres.py promise to every other test."""

import asyncio
import os
import socket
import time
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import NetworkTouched
from tests.postgres import PostgresServer


def test_environment_is_clean_and_utc() -> None:
    """No setting of the developer's own reaches a test, by a variable or by ./.env; local time is UTC."""
    assert not Path(".env").exists()
    assert not Path("pyproject.toml").exists()
    assert not [name for name in os.environ if name.startswith("KALKAN_")]
    assert time.tzname[0] == "UTC"


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)], ids=["v4", "v6"])
def test_outside_address_is_refused(address: tuple[str, int], network_touched: list[object]) -> None:
    """Connecting out raises and is remembered, so that swallowing the error does not hide it."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as sock, pytest.raises(NetworkTouched):
        sock.connect(address)
    assert network_touched == [address]
    network_touched.clear()


def test_name_lookup_is_refused(network_touched: list[object]) -> None:
    """A host name would be asked of a server outside."""
    with pytest.raises(NetworkTouched):
        socket.getaddrinfo("example.org", 443)
    network_touched.clear()


async def test_asyncio_connection_is_refused(network_touched: list[object]) -> None:
    """The event loop's own connecting goes through the same gate."""
    with pytest.raises(NetworkTouched):
        await asyncio.open_connection("192.0.2.1", 80)
    network_touched.clear()


async def test_loopback_is_reachable() -> None:
    """Servers that the tests start themselves can be reached."""
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.close()
        await writer.wait_closed()


async def test_database_is_empty_and_utc(postgres_url: str) -> None:
    """Each test gets a database of its own with Unicode letters that know upper and lower case."""
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    try:
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
        assert await connection.fetchval("SHOW timezone") == "UTC"
        assert await connection.fetchval("SELECT lower('ӨҮҢ')") == "өүң"
    finally:
        await connection.close()


def test_template_is_built_once(postgres_server: PostgresServer) -> None:
    """A migrated template is made once and then copied."""
    built: list[str] = []
    for _ in range(2):
        postgres_server.template("ground_template", built.append)
    copy = postgres_server.create("ground_template")
    assert copy in postgres_server.execute("SELECT datname FROM pg_database").split()
    postgres_server.drop(copy)
    assert built == [postgres_server.url("ground_template")]
