"""The archive's tests run on both engines: `store` is a migrated database of the test's own."""

from tests.stores import (
    clock,
    migrated_file,
    more_stores,
    postgres_copy,
    spare_databases,
    sqlite_copy,
    sqlite_store,
    store,
    store_url,
)

__all__ = [
    "clock",
    "migrated_file",
    "more_stores",
    "postgres_copy",
    "spare_databases",
    "sqlite_copy",
    "sqlite_store",
    "store",
    "store_url",
]
