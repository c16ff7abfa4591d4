"""SQL that is compiled once a process: each test's stores have engines of their own, whose statements are the same.

SQLAlchemy keeps what it compiled by dialect object, and every engine has one of its own: without this a tenth of the
tests' time goes into compiling the same statements again. The product has two engines for as long as it runs.
"""

from functools import partial
from typing import Any

from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import LRUCache

from bot.storage import store

#: More than the product has statements on both engines together; what was not asked for lately is forgotten.
MOST = 4000


class Compiled(LRUCache[Any, Any]):
    """SQLAlchemy's cache of compiled statements, in which dialects of one kind and one driver are the same."""

    def get(self, key: Any, default: Any = None) -> Any:
        """What was compiled for any dialect of this kind."""
        return super().get(_by_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_by_kind(key), compiled)


def _by_kind(key: Any) -> Any:
    dialect, *rest = key
    assert isinstance(dialect, Dialect)
    return (type(dialect), *rest)


def share() -> None:
    """From now on the stores of this process share what they compile."""
    store.create_async_engine = partial(  # type: ignore[assignment]
        create_async_engine, execution_options={"compiled_cache": Compiled(MOST)}
    )
