"""The tables of what is sealed to the leads: to whom, what became of each original, and of the words of threats."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, String, Table

from bot.storage.columns import metadata, moment, of_newsroom, primary_id, refers_to

# Public age keys (age1…) of those who may open originals; one that was removed opens what was sealed while it was
# there.
seal_recipients = Table(
    "seal_recipients",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("recipient", String(200), nullable=False),
    Column("name", String(100), nullable=False),
    moment("added_at"),
    moment("removed_at", required=False),
    Index("ix_seal_recipients_newsroom", "newsroom_id", "removed_at"),
)

# Every original that was sealed: the vault holds its age file, and where wanted a small copy without metadata.
sealed_originals = Table(
    "sealed_originals",
    metadata,
    Column("newsroom_id", BigInteger, ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("sha256", String(64), primary_key=True),
    Column("age_sha256", String(64), nullable=False),
    Column("copy_sha256", String(64)),
    moment("sealed_at"),
    # An id made when the original itself was removed: parts with later ids brought it again.
    Column("removed_id", BigInteger),
    Index("ix_sealed_originals_removed", "newsroom_id", "removed_id"),
)

# Every time that the words of a threat's case were sealed: what an age file in the vault holds, and its own hash; the
# same of the second file, in which who reported it and what colleagues wrote stands too.
sealed_bodies = Table(
    "sealed_bodies",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("submissions"),
    Column("body_sha256", String(64), nullable=False),
    Column("age_sha256", String(64), nullable=False),
    Column("inside_sha256", String(64), nullable=False),
    Column("inside_age_sha256", String(64), nullable=False),
    moment("sealed_at"),
    # An id made when the readable words were overwritten: what has a later id came since.
    Column("removed_id", BigInteger),
    Index("ix_sealed_bodies_submission", "newsroom_id", "submission_id"),
)

# By which a newsroom's sealed texts are known again: a hash that nobody makes without the key.
body_hash_keys = Table(
    "body_hash_keys",
    metadata,
    Column("newsroom_id", BigInteger, ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
    moment("made_at"),
)
