"""Connections to the Bot API. What its servers are known by is read once: each client would read it anew, for 50 ms."""

import ssl
from functools import cache

import httpx
from telegram.request import HTTPXRequest


@cache
def trusted() -> ssl.SSLContext:
    """The authorities that vouch for a server, as httpx chooses them: certifi's, or those of SSL_CERT_FILE."""
    return httpx.create_ssl_context()


def connections(
    at_once: int, *, read_timeout: float = 5.0, pool_timeout: float = 1.0, media_write_timeout: float = 20.0
) -> HTTPXRequest:
    """At most so many connections, with python-telegram-bot's own timeouts (seconds) where none are given."""
    return HTTPXRequest(
        connection_pool_size=at_once,
        read_timeout=read_timeout,
        pool_timeout=pool_timeout,
        media_write_timeout=media_write_timeout,
        httpx_kwargs={"verify": trusted()},
    )
