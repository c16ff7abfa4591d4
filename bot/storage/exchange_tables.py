"""The tables of what newsrooms tell each other: whom we listen to, what they said, what we said."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id, refers_to

# A newsroom whose key was accepted, in Base64. `sequence` is that of the newest file that was taken in.
exchange_partners = Table(
    "exchange_partners",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("name", String(80), nullable=False),
    Column("key", String(44), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    moment("trusted_at"),
    moment("read_at", required=False),
    # Nothing that it said counts any longer.
    moment("withdrawn_at", required=False),
    # Rises with everything that changes what counts of it: who holds its hashes in memory reads them anew.
    Column("turn", BigInteger, nullable=False),
    UniqueConstraint("newsroom_id", "key"),
)

# What a partner says. `item` is its own name for it, by which it recalls it; of a text the fingerprint, of a photo the
# hashes. Nothing here is counted as ours.
exchange_items = Table(
    "exchange_items",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("exchange_partners", "partner_id"),
    Column("item", String(32), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("text_key", BigInteger),
    Column("normaliser", Integer),
    Column("hashes", Json),
    Column("farm", String(32)),
    Column("confidence", Integer, nullable=False),
    Column("since", Date, nullable=False),
    Column("expires", Date, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    moment("recalled_at", required=False),
    UniqueConstraint("partner_id", "item"),
    Index("ix_exchange_items_text", "newsroom_id", "text_key"),
    Index("ix_exchange_items_kind", "newsroom_id", "kind"),
)

# A file of a partner that a member sent; its bytes lie in the vault. It is looked at first, taken in when they say so.
exchange_files = Table(
    "exchange_files",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("members"),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(8), nullable=False),
    moment("at"),
)

# A file that we made; its bytes lie in the vault. `form` is ours, or another format's.
exchange_exports = Table(
    "exchange_exports",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("members", required=False),
    Column("sequence", BigInteger, nullable=False),
    Column("form", String(8), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("items", Integer, nullable=False),
    Column("revoked", Integer, nullable=False),
    moment("at"),
    UniqueConstraint("newsroom_id", "sequence"),
)

# What we said in any file: by which name, until when; recalled in the file with `revoked_in` and in those after it.
exchange_shared = Table(
    "exchange_shared",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("item", String(32), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("first_in", BigInteger, nullable=False),
    Column("last_in", BigInteger, nullable=False),
    Column("since", Date, nullable=False),
    Column("expires", Date, nullable=False),
    Column("revoked_in", BigInteger),
)

# That a partner countersigned a checkpoint of our custody log: its note with the partner's line.
exchange_countersigns = Table(
    "exchange_countersigns",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("exchange_partners", "partner_id"),
    Column("size", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    moment("signed_at"),
    moment("at"),
    UniqueConstraint("partner_id", "size"),
)
