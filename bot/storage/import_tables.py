"""The tables of imported files: which there are, and what each said of which row."""

from sqlalchemy import BigInteger, Column, Index, String, Table, UniqueConstraint

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id, refers_to

# A file that was imported. `sha256` is that of its bytes; empty for what is no plain file.
imported_files = Table(
    "imported_files",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("noun", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64)),
    Column("importer", String(128), nullable=False),
    moment("at"),
    moment("withdrawn_at", required=False),
    UniqueConstraint("newsroom_id", "noun", "name"),
    Index("ix_imported_files_sha256", "newsroom_id", "noun", "sha256"),
)

# What a file said of a row, in the order in which it was said: what still stands makes the row. Without a file it is
# what people here said, or what stood in the row before it was kept who says what.
imported_sayings = Table(
    "imported_sayings",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("imported_files", "file_id", required=False),
    Column("noun", String(8), nullable=False),
    Column("row_id", BigInteger, nullable=False),
    Column("said", Json, nullable=False),
    moment("at"),
    Index("ix_imported_sayings_row", "newsroom_id", "noun", "row_id"),
    Index("ix_imported_sayings_file", "file_id"),
)
