"""Accounts' records: details, dated facts, links between accounts, what was handed out, who is watched for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
TABLES = (
    "account_files",
    "account_shares",
    "account_details",
    "account_facts",
    "account_links",
    "account_share_rows",
    "impersonations",
    "staff_photos",
    "staff_watches",
)


def upgrade() -> None:
    """Make room; accounts that are listed stay as they are."""
    _make_account_files()
    _make_account_shares()
    _make_account_details()
    _make_account_facts()
    _make_account_links()
    _make_account_share_rows()
    _make_impersonations()
    _make_staff_photos()
    _make_staff_watches()


def downgrade() -> None:
    """Take the tables down again."""
    for name in reversed(TABLES):
        op.drop_table(name)


def _make_account_files() -> None:
    op.create_table(
        "account_files",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("columns", JSON, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_takedown", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_account_files_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_account_files_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_files")),
    )
    op.create_index(
        "ix_account_files_ready",
        "account_files",
        ["newsroom_id", "id"],
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    )


def _make_account_shares() -> None:
    op.create_table(
        "account_shares",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_account_shares_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_account_shares_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_shares")),
    )
    op.create_index("ix_account_shares_newsroom", "account_shares", ["newsroom_id", "id"])


def _make_account_details() -> None:
    op.create_table(
        "account_details",
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=True),
        sa.Column("attached_to", sa.String(length=200), nullable=True),
        sa.Column("first_seen", sa.Date(), nullable=True),
        sa.Column("last_seen", sa.Date(), nullable=True),
        sa.Column("photo_on", sa.Date(), nullable=True),
        sa.Column("cover_on", sa.Date(), nullable=True),
        sa.Column("posts_a_day", sa.Float(), nullable=True),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("compared_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_details_account_id")),
        sa.ForeignKeyConstraint(["merged_into"], ["accounts.id"], name=op.f("fk_account_details_merged_into")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_account_details_newsroom_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_details")),
    )
    op.create_index("ix_account_details_merged", "account_details", ["merged_into"])
    op.create_index("ix_account_details_newsroom", "account_details", ["newsroom_id", "withdrawn_at"])


def _make_account_facts() -> None:
    op.create_table(
        "account_facts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("link", sa.String(length=500), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_facts_account_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_account_facts_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_account_facts_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_facts")),
    )
    op.create_index("ix_account_facts_account", "account_facts", ["account_id", "kind"])
    op.create_index("ix_account_facts_kind", "account_facts", ["newsroom_id", "kind", "id"])


def _make_account_links() -> None:
    op.create_table(
        "account_links",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("successor_id", sa.BigInteger(), nullable=False),
        sa.Column("why", JSON, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_links_account_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_account_links_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_account_links_newsroom_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["accounts.id"], name=op.f("fk_account_links_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_links")),
        sa.UniqueConstraint("account_id", "successor_id", name=op.f("uq_account_links_account_id_successor_id")),
    )
    op.create_index("ix_account_links_successor", "account_links", ["successor_id"])


def _make_account_share_rows() -> None:
    op.create_table(
        "account_share_rows",
        sa.Column("share_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_share_rows_account_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_account_share_rows_newsroom_id")),
        sa.ForeignKeyConstraint(["share_id"], ["account_shares.id"], name=op.f("fk_account_share_rows_share_id")),
        sa.PrimaryKeyConstraint("share_id", "account_id", name=op.f("pk_account_share_rows")),
    )
    op.create_index("ix_account_share_rows_account", "account_share_rows", ["account_id"])


def _make_impersonations() -> None:
    op.create_table(
        "impersonations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("why", JSON, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_impersonations_account_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_impersonations_incident_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_impersonations_newsroom_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_impersonations_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impersonations")),
        sa.UniqueConstraint("account_id", "staff_id", name=op.f("uq_impersonations_account_id_staff_id")),
    )
    op.create_index("ix_impersonations_incident", "impersonations", ["incident_id"])


def _make_staff_photos() -> None:
    op.create_table(
        "staff_photos",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_staff_photos_newsroom_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_photos_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_photos")),
        sa.UniqueConstraint("staff_id", "sha256", name=op.f("uq_staff_photos_staff_id_sha256")),
    )


def _make_staff_watches() -> None:
    op.create_table(
        "staff_watches",
        sa.Column("staff_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_staff_watches_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_staff_watches_newsroom_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_watches_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_watches")),
    )
