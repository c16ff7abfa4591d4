"""Services that write are tested on both engines, over a migrated database of the test's own."""

from tests.stores import clock, migrated_file, more_stores, postgres_copy, sqlite_copy, sqlite_store, store, store_url

__all__ = [
    "clock",
    "migrated_file",
    "more_stores",
    "postgres_copy",
    "sqlite_copy",
    "sqlite_store",
    "store",
    "store_url",
]
