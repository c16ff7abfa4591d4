"""The tables of access beyond roles: second factors, acts of two people, lockdown, what was opened."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id, refers_to


def _member_key() -> "sa.Column[int]":
    return Column("member_id", BigInteger, sa.ForeignKey("members.id"), primary_key=True, autoincrement=False)


# A member's second factor. The secret is sealed with a key that is not in the database; `next_secret` waits for its
# first code. `last_counter` is the time step of the last code that was taken: none is taken twice.
step_ups = Table(
    "step_ups",
    metadata,
    _member_key(),
    of_newsroom(),
    Column("secret", LargeBinary),
    Column("next_secret", LargeBinary),
    moment("next_until", required=False),
    Column("last_counter", BigInteger, nullable=False),
    moment("fresh_until", required=False),
    Column("wrong", Integer, nullable=False),
    moment("wrong_since", required=False),
    moment("locked_until", required=False),
    moment("seen_at", required=False),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("members"),
    Column("code_hash", String(64), nullable=False),
    moment("used_at", required=False),
    Index("ix_recovery_codes_member", "member_id"),
)

pending_acts = Table(
    "pending_acts",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("kind", String(16), nullable=False),
    Column("body", Json, nullable=False),
    Column("seal", String(64), nullable=False),
    refers_to("members", "asked_by"),
    moment("asked_at"),
    moment("expires_at"),
    Column("state", String(8), nullable=False),
    refers_to("members", "decided_by", required=False),
    moment("decided_at", required=False),
    Index("ix_pending_acts_state", "newsroom_id", "state"),
)

# A row while the house is locked down.
lockdowns = Table(
    "lockdowns",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    refers_to("members"),
    moment("at"),
)

# What each member opened in the last hour, to notice bulk reading; forgotten after that.
openings = Table(
    "openings",
    metadata,
    _member_key(),
    Column("noun", String(16), primary_key=True),
    Column("row_id", BigInteger, primary_key=True, autoincrement=False),
    of_newsroom(),
    moment("at"),
    Index("ix_openings_at", "at"),
)

# When the leads were last told that a member does something unusual.
vigils = Table(
    "vigils",
    metadata,
    _member_key(),
    Column("what", String(16), primary_key=True),
    of_newsroom(),
    moment("at"),
)
