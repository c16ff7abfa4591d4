"""Addresses of posts are strangers' words: whatever they are, counting and noting goes on."""

import pytest

from bot.model.address import parted
from bot.services.farm_activity import page_of
from bot.services.spike_waves import post_key

BROKEN = ["http://[::1", "//[x", "http://]/a", "[a.b/c", "http://a[b.c/d"]


@pytest.mark.parametrize("address", BROKEN)
def test_no_address_stops_what_reads_it(address: str) -> None:
    """What Python's own parser refuses names no host, no page, and only its own post."""
    assert not parted(address).netloc
    assert page_of(address) is None
    assert post_key(address) != post_key("https://facebook.com/a/posts/1")


def test_an_address_is_taken_apart() -> None:
    """A good one is as ever."""
    assert parted("https://a.b/c?v=1").netloc == "a.b"
    assert post_key("https://m.a.b/c/?v=1") == "a.b/c?v=1"
