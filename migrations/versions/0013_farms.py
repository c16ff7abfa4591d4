"""Farms: memberships and suggested links, runs, votes; curators and clients; leaked work reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

INDEXES = {
    "ix_curator_hypotheses_curator": ("curator_hypotheses", ["curator_id"]),
    "ix_curator_ties_curator": ("curator_ties", ["curator_id"]),
    "ix_curator_ties_farm": ("curator_ties", ["farm_id"]),
    "ix_farm_links_other": ("farm_links", ["other_id"]),
    "ix_farm_links_state": ("farm_links", ["newsroom_id", "state", "weight"]),
    "ix_farm_members_account": ("farm_members", ["account_id"]),
    "ix_farm_members_farm": ("farm_members", ["farm_id", "ended_at"]),
    "ix_farm_members_newsroom": ("farm_members", ["newsroom_id", "ended_at"]),
    "ix_farm_runs_newsroom": ("farm_runs", ["newsroom_id", "id"]),
    "ix_farm_suggestions_farm": ("farm_suggestions", ["newsroom_id", "farm_id"]),
    "ix_farm_switches_newsroom": ("farm_switches", ["newsroom_id"]),
}


def upgrade() -> None:
    """Build them."""
    _farms()
    _computed()
    _people()
    _work_reports()
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns, unique=False)


def _farms() -> None:
    op.create_table(
        "farms",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("number", ID(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_farms_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farms")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_farms_newsroom_id_number")),
    )
    op.create_table(
        "farm_members",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("farm_id", ID(), nullable=False),
        sa.Column("account_id", ID(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("member_id", ID(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", ID(), nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_farm_members_newsroom_id")),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_farm_members_farm_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_farm_members_account_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_farm_members_member_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["members.id"], name=op.f("fk_farm_members_ended_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farm_members")),
    )
    op.create_table(
        "farm_links",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("account_id", ID(), nullable=False),
        sa.Column("other_id", ID(), nullable=False),
        sa.Column("farm_id", ID(), nullable=True),
        sa.Column("weights", JSON, nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("told_apart", JSON, nullable=True),
        sa.Column("is_renewed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("member_id", ID(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_farm_links_newsroom_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_farm_links_account_id")),
        sa.ForeignKeyConstraint(["other_id"], ["accounts.id"], name=op.f("fk_farm_links_other_id")),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_farm_links_farm_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_farm_links_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farm_links")),
        sa.UniqueConstraint("account_id", "other_id", name=op.f("uq_farm_links_account_id_other_id")),
    )


def _computed() -> None:
    op.create_table(
        "farm_suggestions",
        sa.Column("account_id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("farm_id", ID(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_farm_suggestions_account_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_farm_suggestions_newsroom_id")),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_farm_suggestions_farm_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_farm_suggestions")),
    )
    op.create_table(
        "farm_switches",
        sa.Column("account_id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("earliest", MOMENT, nullable=False),
        sa.Column("latest", MOMENT, nullable=False),
        sa.Column("turned_on", sa.String(length=200), nullable=False),
        sa.Column("turned_to", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_farm_switches_account_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_farm_switches_newsroom_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_farm_switches")),
    )
    op.create_table(
        "farm_runs",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("member_id", ID(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("comments", ID(), nullable=False),
        sa.Column("links", sa.Integer(), nullable=False),
        sa.Column("farms", sa.Integer(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_farm_runs_newsroom_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_farm_runs_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farm_runs")),
    )
    op.create_table(
        "farm_votes",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("member_id", ID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_farm_votes_newsroom_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_farm_votes_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farm_votes")),
        sa.UniqueConstraint("newsroom_id", "day", name=op.f("uq_farm_votes_newsroom_id_day")),
    )


def _people() -> None:
    op.create_table(
        "curators",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("number", ID(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.Column("member_id", ID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_curators_newsroom_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_curators_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curators")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_curators_newsroom_id_number")),
    )
    op.create_table(
        "curator_ties",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("curator_id", ID(), nullable=False),
        sa.Column("farm_id", ID(), nullable=True),
        sa.Column("account_kind", sa.String(length=10), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("member_id", ID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_curator_ties_newsroom_id")),
        sa.ForeignKeyConstraint(["curator_id"], ["curators.id"], name=op.f("fk_curator_ties_curator_id")),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_curator_ties_farm_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_curator_ties_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curator_ties")),
    )
    op.create_table(
        "curator_hypotheses",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("curator_id", ID(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(length=2), nullable=False),
        sa.Column("member_id", ID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_curator_hypotheses_newsroom_id")),
        sa.ForeignKeyConstraint(["curator_id"], ["curators.id"], name=op.f("fk_curator_hypotheses_curator_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_curator_hypotheses_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_curator_hypotheses")),
    )


def _work_reports() -> None:
    op.create_table(
        "work_reports",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("number", ID(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("farm_id", ID(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_work_reports_newsroom_id")),
        sa.ForeignKeyConstraint(["farm_id"], ["farms.id"], name=op.f("fk_work_reports_farm_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_reports")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_work_reports_newsroom_id_number")),
    )


def downgrade() -> None:
    """Take them down again."""
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
    for table in (
        "work_reports",
        "curator_hypotheses",
        "curator_ties",
        "curators",
        "farm_votes",
        "farm_runs",
        "farm_switches",
        "farm_suggestions",
        "farm_links",
        "farm_members",
        "farms",
    ):
        op.drop_table(table)
