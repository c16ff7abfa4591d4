"""Texts that comments share, their fingerprints' postings, campaigns, and how far an import came."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
COUNTERS = (
    ("text_counter", sa.BigInteger()),
    ("campaign_counter", sa.BigInteger()),
    ("text_version", sa.Integer()),
    ("text_rebuilt_to", sa.BigInteger()),
)
# What SQLite's planner is told of how rows are spread, in the form of sqlite_stat1: rows of the index, then rows for
# one value of the first column, of the first two, and so on. Left to itself it takes a newsroom for ten rows, and would
# read all comments of the newsroom instead of those with a key.
STATISTICS = (
    ("texts", "texts", "1000000 500000 1"),
    ("texts", "sqlite_autoindex_texts_2", "1000000 500000 1"),
    ("texts", "ix_texts_waiting", "20000 10000 5000 1"),
    ("texts", "ix_texts_campaign", "100000 20"),
    ("text_postings", "text_postings", "20000000 4 1"),
    ("text_stops", "text_stops", "20000 1"),
    ("comments", "sqlite_autoindex_comments_1", "1000000 1"),
    ("comments", "ix_comments_text_key", "1000000 500000 4"),
    ("comments", "ix_comments_source", "1000000 500000 2"),
    ("comments", "ix_comments_submission", "1000000 1000"),
    ("comments", "ix_comments_withdrawn", "1000000 900000"),
    ("accounts", "sqlite_autoindex_accounts_1", "20000 1"),
    ("accounts", "sqlite_autoindex_accounts_2", "20000 10000 4000 1"),
    ("accounts", "ix_accounts_numeric_id", "20000 10000 4000 2"),
    ("accounts", "ix_accounts_changed", "20000 10000 4"),
    ("accounts", "ix_accounts_batch", "20000 10000 500"),
)


def upgrade() -> None:
    """Build the index; it is filled from the comments by the program, whose normaliser no migration knows."""
    for name, kind in COUNTERS:
        op.add_column("newsrooms", sa.Column(name, kind, server_default="0", nullable=False))
    _campaigns()
    _texts()
    _rulings_on_texts()
    op.create_table(
        "import_runs",
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("noun", sa.String(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_import_runs_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", "noun", "sha256", name=op.f("pk_import_runs")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _statistics()


def _statistics() -> None:
    # Analysing one small table makes sqlite_stat1; analysing sqlite_master has this connection read it again.
    op.execute("ANALYZE alembic_version")
    _forget_statistics()
    table = sa.table("sqlite_stat1", sa.column("tbl"), sa.column("idx"), sa.column("stat"))
    op.bulk_insert(table, [dict(zip(("tbl", "idx", "stat"), row, strict=True)) for row in STATISTICS])
    op.execute("ANALYZE sqlite_master")


def _forget_statistics() -> None:
    op.execute("DELETE FROM sqlite_stat1")


def _campaigns() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["merged_into"], ["campaigns.id"], name=op.f("fk_campaigns_merged_into")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_campaigns_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_campaigns_newsroom_id_number")),
    )
    op.create_index("ix_campaigns_last_seen", "campaigns", ["newsroom_id", "last_seen"], unique=False)
    op.create_table(
        "campaign_parts",
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_parts_campaign_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_campaign_parts_newsroom_id")),
        sa.PrimaryKeyConstraint("campaign_id", "number", name=op.f("pk_campaign_parts")),
    )
    op.create_table(
        "campaigns_apart",
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaigns_apart_campaign_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_campaigns_apart_newsroom_id")),
        sa.ForeignKeyConstraint(["other_id"], ["campaigns.id"], name=op.f("fk_campaigns_apart_other_id")),
        sa.PrimaryKeyConstraint("campaign_id", "other_id", name=op.f("pk_campaigns_apart")),
    )


def _texts() -> None:
    op.create_table(
        "texts",
        sa.Column("newsroom_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_key", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_texts_campaign_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_texts_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", "number", name=op.f("pk_texts")),
        sa.UniqueConstraint("newsroom_id", "text_key", name=op.f("uq_texts_newsroom_id_text_key")),
        sqlite_with_rowid=False,
    )
    _partial_index("ix_texts_campaign", ["campaign_id"], "campaign_id IS NOT NULL")
    _partial_index("ix_texts_waiting", ["newsroom_id", "state", "number"], "state < 2")
    op.create_table(
        "text_postings",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", "number", name=op.f("pk_text_postings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "text_stops",
        sa.Column("hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("texts", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_text_stops")),
        sqlite_with_rowid=False,
    )


def _partial_index(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "texts", columns, unique=False, sqlite_where=condition, postgresql_where=condition)


def _rulings_on_texts() -> None:
    op.create_table(
        "stock_phrases",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("text_key", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_stock_phrases_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_stock_phrases_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_phrases")),
        sa.UniqueConstraint("newsroom_id", "text_key", name=op.f("uq_stock_phrases_newsroom_id_text_key")),
    )
    op.create_table(
        "text_rejections",
        sa.Column("newsroom_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("other_key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_text_rejections_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_text_rejections_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", "text_key", "other_key", name=op.f("pk_text_rejections")),
    )


def downgrade() -> None:
    """Take them down again; the comments from which they are made stay."""
    if op.get_bind().dialect.name == "sqlite":
        _forget_statistics()
    for table in ("import_runs", "text_rejections", "stock_phrases", "text_stops", "text_postings"):
        op.drop_table(table)
    op.drop_table("texts")
    for table in ("campaigns_apart", "campaign_parts", "campaigns"):
        op.drop_table(table)
    for name, _ in reversed(COUNTERS):
        op.drop_column("newsrooms", name)
