"""What is to be said of a transaction once it is committed, and never of one that was rolled back."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

Act = Callable[[], None]

_KEY: Final = "kalkan_after_commit"


def expecting(conn: AsyncConnection) -> list[Act]:
    """A transaction begins: what is to follow its commit gathers in this list, whatever an earlier one left behind."""
    follows: list[Act] = []
    conn.info[_KEY] = follows
    return follows


def after_commit(conn: AsyncConnection, act: Act) -> None:
    """Let `act`, which must not raise, be called as soon as the transaction of this connection is committed."""
    conn.info.setdefault(_KEY, []).append(act)
