"""What is done once a day, cases that are about to leave, bytes that are to be removed from the vault."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "daily_chores",
        sa.Column("newsroom_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", JSON, nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_daily_chores_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", "kind", "day", name=op.f("pk_daily_chores")),
    )
    op.create_table(
        "retention_marks",
        sa.Column("submission_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("warned_at", MOMENT, nullable=False),
        sa.Column("kept_by", sa.BigInteger(), nullable=True),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["kept_by"], ["members.id"], name=op.f("fk_retention_marks_kept_by")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_retention_marks_newsroom_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_retention_marks_submission_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_retention_marks")),
    )
    op.create_table(
        "vault_removals",
        sa.Column("newsroom_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_vault_removals_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", "sha256", name=op.f("pk_vault_removals")),
    )


def downgrade() -> None:
    """Take them down again."""
    for table in ("vault_removals", "retention_marks", "daily_chores"):
        op.drop_table(table)
