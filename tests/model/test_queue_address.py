"""Where the queue lies, as an operator writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.queue_address import QueueAddress


@pytest.mark.parametrize(
    ("url", "hosts", "user", "password", "virtual_host", "sealed"),
    [
        ("amqp://127.0.0.1", (("127.0.0.1", 5672),), "guest", "guest", "/", False),
        ("amqps://k:p@a.example,b.example/", (("a.example", 5671), ("b.example", 5671)), "k", "p", "/", True),
        ("amqp://k:p@a:1,b:2,c/cell-1", (("a", 1), ("b", 2), ("c", 5672)), "k", "p", "cell-1", False),
        ("amqp://k:p%40%2F%3A@[::1]:7/%2F", (("::1", 7),), "k", "p@/:", "/", False),
    ],
)
def test_addresses(
    url: str, hosts: tuple[tuple[str, int], ...], user: str, password: str, virtual_host: str, sealed: bool
) -> None:
    """Several hosts, their usual ports, escaped signs in a password, a virtual host."""
    found = QueueAddress.of(url)
    assert (found.hosts, found.user, found.password) == (hosts, user, password)
    assert (found.virtual_host, found.is_sealed) == (virtual_host, sealed)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://a",
        "amqp://",
        "amqp://a:0",
        "amqp://a:99999",
        "amqp://a,",
        "amqp://a/b/c",
        "amqp://a?heartbeat=1",
        "amqp://k:geheim@a b",
        "amqp://geheim@a",
    ],
)
def test_what_is_none(url: str) -> None:
    """Refused, and nothing of it is quoted."""
    with pytest.raises(ValueError, match=r"^(an address|hosts are)") as refused:
        QueueAddress.of(url)
    assert "geheim" not in str(refused.value)


def test_a_password_is_not_shown() -> None:
    """Where an address is printed."""
    assert "geheim" not in repr(QueueAddress.of("amqp://kalkan:geheim@a"))


@given(st.text(max_size=60))
def test_whatever_is_written(text: str) -> None:
    """It is an address with hosts and ports, or a ValueError."""
    try:
        found = QueueAddress.of(f"amqp://{text}")
    except ValueError:
        return
    assert all(host and 0 < port < 65_536 for host, port in found.hosts)
