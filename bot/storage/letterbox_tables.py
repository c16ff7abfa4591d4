"""The tables of what comes in and what goes out: updates, messages, and how long a chat asks for patience."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id

inbox_updates = Table(
    "inbox_updates",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("identity", String(64), nullable=False),
    Column("chat_key", BigInteger, nullable=False),
    Column("media_group", String(64)),
    Column("loose", Boolean, nullable=False),
    Column("raw", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", String(200)),
    # Whose hands it is in while it is worked on: a number of `processes`.
    Column("holder", BigInteger),
    moment("received_at"),
    moment("not_before"),
    moment("done_at", required=False),
    UniqueConstraint("bot_id", "update_id", "identity"),
    Index("ix_inbox_updates_state", "state", "id"),
    Index("ix_inbox_updates_chat", "chat_key", "state"),
)

processes = Table(
    "processes",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("role", String(16), nullable=False),
    Column("host", String(255), nullable=False),
    Column("pid", Integer, nullable=False),
    moment("since"),
    moment("beat_at"),
)

outbox_messages = Table(
    "outbox_messages",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("kind", String(16), nullable=False),
    Column("key", String(100)),
    Column("chat_id", BigInteger, nullable=False),
    Column("member_id", BigInteger),
    Column("priority", Integer, nullable=False),
    Column("body", Json, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", String(200)),
    moment("created_at"),
    moment("not_before"),
    moment("done_at", required=False),
    Index("ix_outbox_messages_state", "state", "priority", "id"),
    Index(
        "uq_outbox_messages_waiting_key",
        "newsroom_id",
        "key",
        unique=True,
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    ),
)

outbox_chats = Table(
    "outbox_chats",
    metadata,
    of_newsroom(),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    moment("not_before"),
)
