"""Access beyond roles: second factors, acts of two people, lockdown, what was opened."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INDEXES = {
    "ix_recovery_codes_member": ("recovery_codes", ["member_id"]),
    "ix_pending_acts_state": ("pending_acts", ["newsroom_id", "state"]),
    "ix_openings_at": ("openings", ["at"]),
}
TABLES = (
    "vigils",
    "openings",
    "lockdowns",
    "pending_acts",
    "recovery_codes",
    "step_ups",
)


def upgrade() -> None:
    """Make the tables."""
    _make_factors()
    _make_acts()
    _make_watching()
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns, unique=False)


def downgrade() -> None:
    """Take them down again."""
    for table in TABLES:
        op.drop_table(table)


def _key(name: str = "id") -> "sa.Column[Any]":
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _number(name: str, *, required: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.BigInteger(), nullable=not required)


def _text(name: str, length: int) -> "sa.Column[Any]":
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment(name: str, *, required: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, MOMENT, nullable=not required)


def _own(table: str, *references: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    every = (("newsroom_id", "newsrooms"), *references)
    return [sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}")) for name, to in every]


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _make_factors() -> None:
    op.create_table(
        "step_ups",
        _key("member_id"),
        _number("newsroom_id"),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("next_secret", sa.LargeBinary(), nullable=True),
        _moment("next_until", required=False),
        _number("last_counter"),
        _moment("fresh_until", required=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        _moment("wrong_since", required=False),
        _moment("locked_until", required=False),
        _moment("seen_at", required=False),
        *_own("step_ups", ("member_id", "members")),
        _primary("step_ups", "member_id"),
    )
    op.create_table(
        "recovery_codes",
        _key(),
        _number("newsroom_id"),
        _number("member_id"),
        _text("code_hash", 64),
        _moment("used_at", required=False),
        *_own("recovery_codes", ("member_id", "members")),
        _primary("recovery_codes"),
    )


def _make_acts() -> None:
    op.create_table(
        "pending_acts",
        _key(),
        _number("newsroom_id"),
        _text("kind", 16),
        sa.Column("body", JSON, nullable=False),
        _text("seal", 64),
        _number("asked_by"),
        _moment("asked_at"),
        _moment("expires_at"),
        _text("state", 8),
        _number("decided_by", required=False),
        _moment("decided_at", required=False),
        *_own("pending_acts", ("asked_by", "members"), ("decided_by", "members")),
        _primary("pending_acts"),
    )
    op.create_table(
        "lockdowns",
        _key("newsroom_id"),
        _number("member_id"),
        _moment("at"),
        *_own("lockdowns", ("member_id", "members")),
        _primary("lockdowns", "newsroom_id"),
    )


def _make_watching() -> None:
    op.create_table(
        "openings",
        _key("member_id"),
        _text("noun", 16),
        _key("row_id"),
        _number("newsroom_id"),
        _moment("at"),
        *_own("openings", ("member_id", "members")),
        _primary("openings", "member_id", "noun", "row_id"),
    )
    op.create_table(
        "vigils",
        _key("member_id"),
        _text("what", 16),
        _number("newsroom_id"),
        _moment("at"),
        *_own("vigils", ("member_id", "members")),
        _primary("vigils", "member_id", "what"),
    )
