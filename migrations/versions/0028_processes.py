"""Processes that share a database: in whose hands an update is, and which albums bring a work report."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the column. What is in hand during an update is nobody's, and taken again."""
    op.create_table(
        "processes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
    )
    op.create_table(
        "report_albums",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_report_albums_newsroom_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_report_albums")),
    )
    op.add_column("inbox_updates", sa.Column("holder", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("inbox_updates", "holder")
    op.drop_table("report_albums")
    op.drop_table("processes")
