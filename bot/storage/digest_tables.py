"""The tables of digests: chats that may have one, schedules, due slots, what was said and may prove wrong."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, UniqueConstraint

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id, refers_to

# A chat that an administrator allowed, or that somebody asks to be allowed. `topic_id` is 0 for a whole chat, so that
# a chat and each of its topics stand here once.
digest_chats = Table(
    "digest_chats",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("title", String(128), nullable=False),
    # Whose own chat it is.
    refers_to("members", required=False),
    Column("state", String(8), nullable=False),
    Column("reason", String(24)),
    # How many in a group were no members when it was allowed. Of groups that nobody counted: none.
    Column("strangers", Integer),
    refers_to("members", "added_by", required=False),
    moment("added_at"),
    moment("stopped_at", required=False),
    UniqueConstraint("newsroom_id", "chat_id", "topic_id"),
)

# What a chat is told, and until when it was: one schedule a chat. Weekdays as digits, Monday is 0; the time of day in
# minutes.
digest_schedules = Table(
    "digest_schedules",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("chat_row_id", BigInteger, sa.ForeignKey("digest_chats.id"), nullable=False, unique=True),
    Column("days", String(7), nullable=False),
    Column("minute", Integer, nullable=False),
    Column("language", String(2), nullable=False),
    Column("sections", Json, nullable=False),
    refers_to("members", "made_by", required=False),
    moment("told_until"),
    moment("begun_at"),
    moment("paused_at", required=False),
    moment("heard_again", required=False),
    Index("ix_digest_schedules_newsroom", "newsroom_id"),
)

# What was said, as it was told. A preview has no slots.
digests = Table(
    "digests",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("schedule_id", BigInteger, sa.ForeignKey("digest_schedules.id"), nullable=False),
    Column("is_preview", Boolean, nullable=False),
    Column("content", Json, nullable=False),
    moment("since"),
    moment("until"),
    moment("made_at"),
    Index("ix_digests_schedule", "schedule_id", "until"),
)

# The due slots: a schedule's local day has its digest once, whoever ticks, and however often.
digest_slots = Table(
    "digest_slots",
    metadata,
    Column("schedule_id", BigInteger, sa.ForeignKey("digest_schedules.id"), primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    of_newsroom(),
    Column("digest_id", BigInteger, sa.ForeignKey("digests.id"), nullable=False),
    Index("ix_digest_slots_digest", "digest_id"),
)

# What a digest said of a row: looked at again before each later digest of that schedule, and corrected once.
digest_claims = Table(
    "digest_claims",
    metadata,
    Column("schedule_id", BigInteger, sa.ForeignKey("digest_schedules.id"), primary_key=True, autoincrement=False),
    Column("noun", String(8), primary_key=True),
    Column("row_id", BigInteger, primary_key=True, autoincrement=False),
    of_newsroom(),
    Column("label", String(220), nullable=False),
    Column("said", String(24), nullable=False),
    moment("told_at"),
)
