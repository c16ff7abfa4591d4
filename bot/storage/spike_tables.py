"""The tables of spikes: which comment counts in which hour and against whom, hourly counts, spikes, watch windows."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Float, Index, Integer, String, Table, UniqueConstraint

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id, refers_to

# In which hour a comment counts; one whose moment nobody knows has no row.
spike_marks = Table(
    "spike_marks",
    metadata,
    Column("comment_id", BigInteger, sa.ForeignKey("comments.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    moment("hour"),
    Index("ix_spike_marks_hour", "newsroom_id", "hour"),
)

# Whom a comment is about: by its words, by the detector, or by the page under which it stands.
spike_mentions = Table(
    "spike_mentions",
    metadata,
    Column("comment_id", BigInteger, sa.ForeignKey("comments.id"), primary_key=True, autoincrement=False),
    Column("staff_id", BigInteger, sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    Index("ix_spike_mentions_staff", "newsroom_id", "staff_id"),
)

# Distinct comments by hour: what the scan reads. An hour without a row had none.
spike_counts = Table(
    "spike_counts",
    metadata,
    of_newsroom(),
    Column("kind", String(8), nullable=False),
    Column("ref", String(40), nullable=False),
    moment("hour"),
    Column("comments", Integer, nullable=False),
    Column("copies", Integer, nullable=False),
    sa.PrimaryKeyConstraint("newsroom_id", "kind", "ref", "hour"),
    Index("ix_spike_counts_hour", "newsroom_id", "hour"),
)

# How far the counting came, when the series were last looked at, and what the newsroom's own quiet days taught.
spike_cursors = Table(
    "spike_cursors",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("comment_id", BigInteger, nullable=False),
    moment("withdrawn_to"),
    moment("recounted_at", required=False),
    moment("scanned_at", required=False),
    Column("number", BigInteger, nullable=False),
)

spikes = Table(
    "spikes",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("ref", String(40), nullable=False),
    Column("name", String(200), nullable=False),
    # Series that rose with the same comments: [[key, name], …].
    Column("joined", Json, nullable=False),
    moment("started"),
    moment("seen"),
    Column("window", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("usual", Float, nullable=False),
    Column("makeup", Json, nullable=False),
    Column("campaigns", Json, nullable=False),
    Column("farm", String(20)),
    Column("trigger", Json),
    Column("status", String(8), nullable=False),
    moment("muted_until", required=False),
    # How often editors were told, when last, and of how many comments then.
    Column("alerts", Integer, nullable=False),
    moment("alerted_at"),
    Column("alerted_count", Integer, nullable=False),
    UniqueConstraint("newsroom_id", "number"),
    Index("ix_spikes_seen", "newsroom_id", "seen"),
)

# For some hours a smaller rise is enough.
watch_windows = Table(
    "watch_windows",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    moment("starts"),
    moment("ends"),
    Column("title", String(200), nullable=False),
    refers_to("staff", "staff_id", required=False),
    refers_to("members"),
    moment("at"),
    moment("cancelled_at", required=False),
    UniqueConstraint("newsroom_id", "number"),
    Index("ix_watch_windows_ends", "newsroom_id", "ends"),
)

published_stories = Table(
    "published_stories",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("link", String(500), nullable=False),
    # By what the same post is known again, however its address is written.
    Column("post_key", String(500), nullable=False),
    Column("title", String(200), nullable=False),
    refers_to("members"),
    moment("published"),
    moment("removed_at", required=False),
    UniqueConstraint("newsroom_id", "number"),
    Index("ix_published_stories_key", "newsroom_id", "post_key"),
)
