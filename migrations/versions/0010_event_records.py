"""Event records: what people fill in of a threat or an incident."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; nothing was known of these fields before."""
    op.create_table(
        "event_records",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.String(length=8), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_event_records_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_event_records_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_records")),
    )
    op.create_index("ix_event_records_row", "event_records", ["newsroom_id", "about", "row_id"], unique=False)


def downgrade() -> None:
    """Take it down again."""
    op.drop_table("event_records")
