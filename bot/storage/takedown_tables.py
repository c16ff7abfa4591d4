"""The tables of what is done about fakes: reports to platforms, batch lists, threads with owners, public notes."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id, refers_to

# A list of drafts for a platform's trust team. Of each platform one list at a time waits to be sent.
takedown_batches = Table(
    "takedown_batches",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("platform", String(16), nullable=False),
    Column("channel", String(12), nullable=False),
    refers_to("members"),
    refers_to("members", "sent_by", required=False),
    moment("made_at"),
    moment("sent_at", required=False),
    UniqueConstraint("newsroom_id", "number"),
    Index(
        "uq_takedown_batches_waiting",
        "newsroom_id",
        "platform",
        unique=True,
        sqlite_where=sa.text("sent_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL"),
    ),
)

# A report of an account or of a post. `target_key` is by what the same thing is known again.
takedowns = Table(
    "takedowns",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("target", String(500), nullable=False),
    Column("target_key", String(600), nullable=False),
    refers_to("accounts", required=False),
    Column("account", String(220)),
    Column("status", String(10), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("ticket", String(100)),
    Column("why", Json, nullable=False),
    Column("evidence", Json, nullable=False),
    Column("note", Text, nullable=False),
    Column("answer", Text),
    # What free words are looked for in: link, account, ticket, answer and note, in small letters.
    Column("searched", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    refers_to("takedowns", "previous_id", required=False),
    refers_to("takedown_batches", "batch_id", required=False),
    # Nobody's when an import brought it.
    refers_to("members", required=False),
    Column("source", String(200)),
    moment("recorded_at"),
    moment("sent_at", required=False),
    moment("answered_at", required=False),
    moment("closed_at", required=False),
    moment("recheck_at", required=False),
    # When somebody is to be reminded of the re-check; empty once that was done.
    moment("remind_at", required=False),
    # That its account was cleared since was told.
    moment("recalled_at", required=False),
    UniqueConstraint("newsroom_id", "number"),
    Index("ix_takedowns_target", "newsroom_id", "target_key"),
    Index("ix_takedowns_status", "newsroom_id", "status", "number"),
    Index("ix_takedowns_account", "account_id"),
    Index("ix_takedowns_batch", "batch_id"),
    Index(
        "ix_takedowns_remind",
        "remind_at",
        sqlite_where=sa.text("remind_at IS NOT NULL"),
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    ),
)

# A thread with the real person whose photo was stolen.
outreaches = Table(
    "outreaches",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("sha256", String(64)),
    Column("owner", String(200), nullable=False),
    Column("profile", String(500)),
    Column("how", String(500)),
    Column("state", String(12), nullable=False),
    Column("language", String(2)),
    # Whether the owner agreed to be named in public; empty while nobody asked.
    Column("consent", Boolean),
    Column("reply", Text),
    refers_to("members", "starter_id"),
    refers_to("members", "writer_id", required=False),
    moment("started_at"),
    moment("written_at", required=False),
    moment("replied_at", required=False),
    moment("complained_at", required=False),
    moment("gone_at", required=False),
    UniqueConstraint("newsroom_id", "number"),
)

# By what an owner is known again: the profile, else the name; and the photo. Whoever comes first has the thread.
outreach_keys = Table(
    "outreach_keys",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("key", String(600), primary_key=True),
    refers_to("outreaches", "outreach_id"),
    Index("ix_outreach_keys_outreach", "outreach_id"),
)

# Notes that members took to post them, word for word, and the correction once the account was cleared.
public_labels = Table(
    "public_labels",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    refers_to("accounts"),
    Column("language", String(2), nullable=False),
    Column("text", Text, nullable=False),
    Column("facts", Json, nullable=False),
    refers_to("members"),
    moment("taken_at"),
    moment("corrected_at", required=False),
    UniqueConstraint("newsroom_id", "number"),
    Index("ix_public_labels_account", "account_id"),
)
