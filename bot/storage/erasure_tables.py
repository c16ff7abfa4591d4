"""The tables of retention and erasure: what is done once a day, cases that are about to leave, bytes to be removed."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Date, String, Table

from bot.storage.columns import Json, metadata, moment, of_newsroom

# What is done once a local day, and what came of it: a backup, a check of the log, the sweep of old cases.
daily_chores = Table(
    "daily_chores",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("outcome", Json, nullable=False),
    moment("done_at"),
)

# A case whose sender was told that it is about to leave; kept for good once somebody said so.
retention_marks = Table(
    "retention_marks",
    metadata,
    Column("submission_id", BigInteger, sa.ForeignKey("submissions.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    moment("warned_at"),
    Column("kept_by", BigInteger, sa.ForeignKey("members.id")),
    moment("kept_at", required=False),
)

# Bytes in the vault that no row needs any more. Noted with the deletion of the rows, so that no stop forgets them.
vault_removals = Table(
    "vault_removals",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("sha256", String(64), primary_key=True),
    moment("noted_at"),
)

# By what an account that was erased is known again: a hash keyed with the newsroom's secret, which is not in the
# database. It says nothing of anybody; an import that brings the account is told that it was erased.
erased_accounts = Table(
    "erased_accounts",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("key", String(64), primary_key=True),
    moment("erased_at"),
)
