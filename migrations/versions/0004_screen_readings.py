"""What is read on screenshots, and what still waits to be read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Make room for readings; the pictures that are there already stay unread."""
    op.create_table(
        "screen_readings",
        sa.Column("part_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reading", JSON, nullable=True),
        sa.Column("corrected_by", sa.BigInteger(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["corrected_by"], ["members.id"], name=op.f("fk_screen_readings_corrected_by")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_screen_readings_newsroom_id")),
        sa.ForeignKeyConstraint(["part_id"], ["submission_parts.id"], name=op.f("fk_screen_readings_part_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_screen_readings_submission_id")),
        sa.PrimaryKeyConstraint("part_id", name=op.f("pk_screen_readings")),
    )
    op.create_index("ix_screen_readings_submission", "screen_readings", ["submission_id"], unique=False)
    op.create_index(
        "ix_screen_readings_waiting",
        "screen_readings",
        ["newsroom_id", "part_id"],
        unique=False,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_index(
        "ix_screen_readings_waiting",
        table_name="screen_readings",
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.drop_index("ix_screen_readings_submission", table_name="screen_readings")
    op.drop_table("screen_readings")
