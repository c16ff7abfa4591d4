"""The tables of photos: who uses them, what they are found by, what people said of them, and whose they are."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from bot.storage.columns import metadata, moment, of_newsroom, primary_id, refers_to

photos = Table(
    "photos",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("sha256", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("source", String(200), nullable=False),
    refers_to("accounts", required=False),
    refers_to("submissions", required=False),
    moment("added_at"),
    moment("withdrawn_at", required=False),
    Index("ix_photos_sha256", "newsroom_id", "sha256"),
    Index("ix_photos_account", "account_id"),
    Index("ix_photos_submission", "submission_id"),
    Index("ix_photos_withdrawn", "withdrawn_at"),
)

# What a picture is found by: one description for the same bytes, however many accounts use them. It can be made anew
# from the vault.
photo_descriptions = Table(
    "photo_descriptions",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("sha256", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("newsroom_id", "sha256"),
)

# Whether two pictures show the same photo, as people said; the smaller SHA-256 first. The latest row of a pair counts,
# the earlier ones are its history.
photo_rulings = Table(
    "photo_rulings",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("sha256", String(64), nullable=False),
    Column("other_sha256", String(64), nullable=False),
    Column("is_same", Boolean, nullable=False),
    refers_to("members"),
    refers_to("submissions", required=False),
    moment("at"),
    Index("ix_photo_rulings_sha256", "newsroom_id", "sha256"),
    Index("ix_photo_rulings_other", "newsroom_id", "other_sha256"),
)

# The person whose photo was stolen. The latest row of a picture counts, the earlier ones are its history; one without
# a name takes back what was said before.
photo_owners = Table(
    "photo_owners",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200)),
    Column("profile", String(500)),
    Column("how", String(500)),
    Column("note", Text),
    refers_to("members"),
    moment("at"),
    Index("ix_photo_owners_sha256", "newsroom_id", "sha256"),
)
