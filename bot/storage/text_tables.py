"""The tables of duplicate texts and of campaigns: texts, postings, who posted which picture, what people ruled."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import metadata, moment, of_newsroom, primary_id, refers_to

# Comments with the same skeleton share one text: what near-duplicates are found among. It can be made anew from the
# comments at any time; numbers are per newsroom and dense, so that a posting takes few bytes.
texts = Table(
    "texts",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("text_key", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
    # 0: its postings are not written yet; 1: no campaign was looked for since the last comment; 2: done.
    Column("state", Integer, nullable=False),
    refers_to("campaigns", required=False),
    UniqueConstraint("newsroom_id", "text_key"),
    Index(
        "ix_texts_campaign",
        "campaign_id",
        sqlite_where=sa.text("campaign_id IS NOT NULL"),
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    ),
    Index(
        "ix_texts_waiting",
        "newsroom_id",
        "state",
        "number",
        sqlite_where=sa.text("state < 2"),
        postgresql_where=sa.text("state < 2"),
    ),
    sqlite_with_rowid=False,
)

# Which texts have a fingerprint. The hash is salted with the newsroom, so that two newsrooms share no row.
text_postings = Table(
    "text_postings",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Fingerprints so common that they get no more postings, with the number of texts that have them.
text_stops = Table(
    "text_stops",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("texts", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

campaigns = Table(
    "campaigns",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("name", String(200), nullable=False),
    moment("started_at"),
    moment("first_seen"),
    moment("last_seen"),
    # Where its texts are now, when an editor merged it into another.
    refers_to("campaigns", "merged_into", required=False),
    UniqueConstraint("newsroom_id", "number"),
    Index("ix_campaigns_last_seen", "newsroom_id", "last_seen"),
)

# A text that holds a campaign's text as a part, or is a part of it: never a reason to join.
campaign_parts = Table(
    "campaign_parts",
    metadata,
    of_newsroom(),
    Column("campaign_id", BigInteger, sa.ForeignKey("campaigns.id"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
)

# Two campaigns that an editor told apart.
campaigns_apart = Table(
    "campaigns_apart",
    metadata,
    of_newsroom(),
    Column("campaign_id", BigInteger, sa.ForeignKey("campaigns.id"), primary_key=True, autoincrement=False),
    Column("other_id", BigInteger, sa.ForeignKey("campaigns.id"), primary_key=True, autoincrement=False),
)

# A picture that somebody posted and a member forwarded: in which campaign, and whether one is still looked for.
campaign_pictures = Table(
    "campaign_pictures",
    metadata,
    Column("photo_id", BigInteger, sa.ForeignKey("photos.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    refers_to("submissions"),
    Column("sha256", String(64), nullable=False),
    Column("platform", String(16)),
    Column("handle", String(100)),
    Column("author", String(200)),
    Column("author_key", String(220), nullable=False),
    Column("post", String(500)),
    moment("seen_at"),
    Column("waiting", Boolean, nullable=False),
    refers_to("campaigns", required=False),
    Index("ix_campaign_pictures_waiting", "newsroom_id", "waiting", "photo_id"),
    Index("ix_campaign_pictures_sha256", "newsroom_id", "sha256"),
    Index("ix_campaign_pictures_campaign", "campaign_id"),
    Index("ix_campaign_pictures_submission", "submission_id"),
)

# What everybody says: an editor's list of texts that are never called copies.
stock_phrases = Table(
    "stock_phrases",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("text_key", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    refers_to("members"),
    moment("added_at"),
    UniqueConstraint("newsroom_id", "text_key"),
)

# Two texts that a person said are no copies of each other; the smaller key first.
text_rejections = Table(
    "text_rejections",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("text_key", BigInteger, primary_key=True, autoincrement=False),
    Column("other_key", BigInteger, primary_key=True, autoincrement=False),
    refers_to("members"),
    moment("at"),
)
