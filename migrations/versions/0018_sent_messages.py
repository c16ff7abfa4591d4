"""What stands in chats and when it goes, presses that were used, and the epoch of a member's buttons."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STAYING = sa.text("gone_at IS NULL AND lost_at IS NULL")


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column("members", sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("members", sa.Column("sweep_hours", sa.Integer(), nullable=True))
    op.create_table(
        "sent_messages",
        _number("newsroom_id"),
        _number("chat_id"),
        _number("message_id"),
        _number("member_id", required=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        _number("subject_id", required=False),
        _number("drawn_by"),
        _number("drawn_before", required=False),
        _moment("sent_at"),
        *(_moment(name, required=False) for name in ("goes_at", "queued_at", "gone_at", "lost_at")),
        _refers("sent_messages", "newsroom_id", "newsrooms"),
        _refers("sent_messages", "member_id", "members"),
        sa.PrimaryKeyConstraint("newsroom_id", "chat_id", "message_id", name=op.f("pk_sent_messages")),
    )
    op.create_index(
        "ix_sent_messages_staying",
        "sent_messages",
        ["goes_at"],
        unique=False,
        sqlite_where=STAYING,
        postgresql_where=STAYING,
    )
    op.create_table(
        "spent_presses",
        _number("newsroom_id"),
        _number("drawn_by"),
        sa.Column("said", sa.String(length=64), nullable=False),
        _moment("at"),
        _refers("spent_presses", "newsroom_id", "newsrooms"),
        sa.PrimaryKeyConstraint("drawn_by", "said", name=op.f("pk_spent_presses")),
    )


def downgrade() -> None:
    """Take them down again."""
    op.drop_table("spent_presses")
    op.drop_table("sent_messages")
    for name in ("sweep_hours", "epoch"):
        op.drop_column("members", name)


def _number(name: str, *, required: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.BigInteger(), nullable=not required)


def _moment(name: str, *, required: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, MOMENT, nullable=not required)


def _refers(table: str, name: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}"))
