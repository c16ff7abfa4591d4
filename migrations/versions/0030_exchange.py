"""What newsrooms tell each other: partners, what they said, files sent and made, countersigned checkpoints."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from bot.storage.tenant_wall import walling

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_TABLES = (
    "exchange_countersigns",
    "exchange_shared",
    "exchange_exports",
    "exchange_files",
    "exchange_items",
    "exchange_partners",
)


def upgrade() -> None:
    """Add the tables. Nobody is trusted yet, and nothing was said."""
    op.create_table(
        "exchange_partners",
        *_row_of("exchange_partners"),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("key", sa.String(44), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("trusted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("newsroom_id", "key", name=op.f("uq_exchange_partners_newsroom_id_key")),
    )
    _items()
    op.create_table(
        "exchange_files",
        *_row_of("exchange_files"),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_exchange_files_member_id")),
    )
    op.create_table(
        "exchange_exports",
        *_row_of("exchange_exports"),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("revoked", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_exchange_exports_member_id")),
        sa.UniqueConstraint("newsroom_id", "sequence", name=op.f("uq_exchange_exports_newsroom_id_sequence")),
    )
    op.create_table(
        "exchange_shared",
        sa.Column("newsroom_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("first_in", sa.BigInteger(), nullable=False),
        sa.Column("last_in", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("revoked_in", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_exchange_shared_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", "item", name=op.f("pk_exchange_shared")),
    )
    op.create_table(
        "exchange_countersigns",
        *_row_of("exchange_countersigns"),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _of_partner("exchange_countersigns"),
        sa.UniqueConstraint("partner_id", "size", name=op.f("uq_exchange_countersigns_partner_id_size")),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in _TABLES:
            for statement in walling(table):
                op.execute(statement)


def downgrade() -> None:
    """Take them away again: what partners said no longer counts, and what was said can no longer be recalled."""
    for table in _TABLES:
        op.drop_table(table)


def _items() -> None:
    op.create_table(
        "exchange_items",
        *_row_of("exchange_items"),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("item", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("text_key", sa.BigInteger(), nullable=True),
        sa.Column("normaliser", sa.Integer(), nullable=True),
        sa.Column("hashes", _JSON, nullable=True),
        sa.Column("farm", sa.String(32), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
        _of_partner("exchange_items"),
        sa.UniqueConstraint("partner_id", "item", name=op.f("uq_exchange_items_partner_id_item")),
    )
    op.create_index("ix_exchange_items_text", "exchange_items", ["newsroom_id", "text_key"])
    op.create_index("ix_exchange_items_kind", "exchange_items", ["newsroom_id", "kind"])


def _row_of(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f(f"fk_{table}_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _of_partner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["partner_id"], ["exchange_partners.id"], name=op.f(f"fk_{table}_partner_id"))
