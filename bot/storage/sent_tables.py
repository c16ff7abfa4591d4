"""The tables of what stands in chats: every message that was sent, who drew its buttons, when it goes; used presses."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, String, Table

from bot.storage.columns import metadata, moment, of_newsroom, refers_to

# Telegram numbers the messages of each bot's private chats by itself, so a newsroom's row is found by all three.
# `drawn_by` is the outbox row that drew the buttons which the message has, `drawn_before` the one before it.
# `goes_at` is when the message is to be deleted, NULL for what may stay; `queued_at` when that was last asked of
# Telegram, `gone_at` when Telegram did it, `lost_at` when it could not be done any more.
sent_messages = Table(
    "sent_messages",
    metadata,
    of_newsroom(),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    refers_to("members", required=False),
    Column("kind", String(16), nullable=False),
    Column("subject_id", BigInteger),
    Column("drawn_by", BigInteger, nullable=False),
    Column("drawn_before", BigInteger),
    moment("sent_at"),
    moment("goes_at", required=False),
    moment("queued_at", required=False),
    moment("gone_at", required=False),
    moment("lost_at", required=False),
    PrimaryKeyConstraint("newsroom_id", "chat_id", "message_id"),
    Index(
        "ix_sent_messages_staying",
        "goes_at",
        sqlite_where=sa.text("gone_at IS NULL AND lost_at IS NULL"),
        postgresql_where=sa.text("gone_at IS NULL AND lost_at IS NULL"),
    ),
)

# Presses that had their effect: what a drawing's button said works once.
spent_presses = Table(
    "spent_presses",
    metadata,
    of_newsroom(),
    Column("drawn_by", BigInteger, nullable=False),
    Column("said", String(64), nullable=False),
    moment("at"),
    PrimaryKeyConstraint("drawn_by", "said"),
)
