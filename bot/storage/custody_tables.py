"""The tables of the custody log: one line a deed, never changed, and what proves it outside."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table, Text

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id

# The custody log. What is to be logged is put here in the transaction that does it; one sequencer gives it its number.
custody_pending = Table(
    "custody_pending",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("kind", String(16), nullable=False),
    Column("noun", String(16), nullable=False),
    Column("row_id", BigInteger, nullable=False),
    Column("body", Json, nullable=False),
    moment("at"),
    Index("ix_custody_pending_newsroom", "newsroom_id", "id"),
)

# How long each newsroom's log is: its frontier and its last leaf, so that a line can be added without reading the rest.
custody_logs = Table(
    "custody_logs",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
)

# Triggers refuse to change or delete a line or a body; what is hashed stands here exactly as it is spelled.
custody_entries = Table(
    "custody_entries",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Index("ix_custody_entries_subject", "newsroom_id", "subject", "seq"),
)

custody_bodies = Table(
    "custody_bodies",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)

# A subject's key, wrapped by one that is not in the database: to delete the row is to erase what the log says of it.
custody_keys = Table(
    "custody_keys",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("subject", String(32), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

custody_checkpoints = Table(
    "custody_checkpoints",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    # The answer of a time-stamping authority to the note (RFC 3161).
    Column("token", LargeBinary),
    moment("at"),
    Index("ix_custody_checkpoints_newsroom", "newsroom_id", "id"),
)
