"""What is done about fakes: reports to platforms, batch lists, threads with owners of photos, public notes."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger

INDEXES = {
    "ix_takedowns_target": ("takedowns", ["newsroom_id", "target_key"]),
    "ix_takedowns_status": ("takedowns", ["newsroom_id", "status", "number"]),
    "ix_takedowns_account": ("takedowns", ["account_id"]),
    "ix_takedowns_batch": ("takedowns", ["batch_id"]),
    "ix_outreach_keys_outreach": ("outreach_keys", ["outreach_id"]),
    "ix_public_labels_account": ("public_labels", ["account_id"]),
}
TABLES = ("public_labels", "outreach_keys", "outreaches", "takedowns", "takedown_batches")


def upgrade() -> None:
    """Make the tables."""
    _make_batches()
    _make_takedowns()
    _make_outreaches()
    _make_labels()
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns, unique=False)
    _where("uq_takedown_batches_waiting", "takedown_batches", ["newsroom_id", "platform"], "sent_at IS NULL", True)
    _where("ix_takedowns_remind", "takedowns", ["remind_at"], "remind_at IS NOT NULL", False)


def downgrade() -> None:
    """Take them down again."""
    for table in TABLES:
        op.drop_table(table)


def _where(name: str, table: str, columns: list[str], condition: str, unique: bool) -> None:
    only = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)


def _json() -> Any:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _own(table: str, *references: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    every = (("newsroom_id", "newsrooms"), *references)
    return [sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}")) for name, to in every]


def _keys(table: str) -> tuple[sa.PrimaryKeyConstraint, sa.UniqueConstraint]:
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f(f"uq_{table}_newsroom_id_number")),
    )


def _id(name: str, *, required: bool = True) -> sa.Column[int]:
    return sa.Column(name, ID(), nullable=not required)


def _primary(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, ID(), autoincrement=False, nullable=False)


def _text(name: str, length: int | None, *, required: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.Text() if length is None else sa.String(length=length), nullable=not required)


def _moment(name: str, *, required: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=not required)


def _make_batches() -> None:
    op.create_table(
        "takedown_batches",
        _primary(),
        _id("newsroom_id"),
        _id("number"),
        _text("platform", 16),
        _text("channel", 12),
        _id("member_id"),
        _id("sent_by", required=False),
        _moment("made_at", required=True),
        _moment("sent_at"),
        *_own("takedown_batches", ("member_id", "members"), ("sent_by", "members")),
        *_keys("takedown_batches"),
    )


def _make_takedowns() -> None:
    references = (
        ("account_id", "accounts"),
        ("previous_id", "takedowns"),
        ("batch_id", "takedown_batches"),
        ("member_id", "members"),
    )
    op.create_table(
        "takedowns",
        _primary(),
        _id("newsroom_id"),
        _id("number"),
        _text("kind", 8),
        _text("platform", 16),
        _text("target", 500),
        _text("target_key", 600),
        _id("account_id", required=False),
        _text("account", 220, required=False),
        _text("status", 10),
        _text("channel", 12),
        _text("ticket", 100, required=False),
        sa.Column("why", _json(), nullable=False),
        sa.Column("evidence", _json(), nullable=False),
        _text("note", None),
        _text("answer", None, required=False),
        _text("searched", None),
        sa.Column("attempt", sa.Integer(), nullable=False),
        _id("previous_id", required=False),
        _id("batch_id", required=False),
        _id("member_id", required=False),
        _text("source", 200, required=False),
        _moment("recorded_at", required=True),
        *(_moment(name) for name in ("sent_at", "answered_at", "closed_at", "recheck_at", "remind_at", "recalled_at")),
        *_own("takedowns", *references),
        *_keys("takedowns"),
    )


def _make_outreaches() -> None:
    op.create_table(
        "outreaches",
        _primary(),
        _id("newsroom_id"),
        _id("number"),
        _text("sha256", 64, required=False),
        _text("owner", 200),
        _text("profile", 500, required=False),
        _text("how", 500, required=False),
        _text("state", 12),
        _text("language", 2, required=False),
        sa.Column("consent", sa.Boolean(), nullable=True),
        _text("reply", None, required=False),
        _id("starter_id"),
        _id("writer_id", required=False),
        _moment("started_at", required=True),
        *(_moment(name) for name in ("written_at", "replied_at", "complained_at", "gone_at")),
        *_own("outreaches", ("starter_id", "members"), ("writer_id", "members")),
        *_keys("outreaches"),
    )
    op.create_table(
        "outreach_keys",
        _primary("newsroom_id"),
        _text("key", 600),
        _id("outreach_id"),
        *_own("outreach_keys", ("outreach_id", "outreaches")),
        sa.PrimaryKeyConstraint("newsroom_id", "key", name=op.f("pk_outreach_keys")),
    )


def _make_labels() -> None:
    op.create_table(
        "public_labels",
        _primary(),
        _id("newsroom_id"),
        _id("number"),
        _id("account_id"),
        _text("language", 2),
        _text("text", None),
        sa.Column("facts", _json(), nullable=False),
        _id("member_id"),
        _moment("taken_at", required=True),
        _moment("corrected_at"),
        *_own("public_labels", ("account_id", "accounts"), ("member_id", "members")),
        *_keys("public_labels"),
    )
