"""Originals that are sealed to the leads' age keys."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "seal_recipients",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("newsroom_id", sa.BigInteger, sa.ForeignKey("newsrooms.id"), nullable=False),
        sa.Column("recipient", sa.String(200), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT),
    )
    op.create_index("ix_seal_recipients_newsroom", "seal_recipients", ["newsroom_id", "removed_at"])
    op.create_table(
        "sealed_originals",
        sa.Column("newsroom_id", sa.BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), primary_key=True),
        sa.Column("age_sha256", sa.String(64), nullable=False),
        sa.Column("copy_sha256", sa.String(64)),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("removed_id", sa.BigInteger),
    )
    op.create_index("ix_sealed_originals_removed", "sealed_originals", ["newsroom_id", "removed_id"])


def downgrade() -> None:
    """Drop them; what was sealed stays sealed."""
    op.drop_table("sealed_originals")
    op.drop_table("seal_recipients")
