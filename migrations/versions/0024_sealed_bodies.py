"""The words of threats that are sealed to the leads' age keys, and the keys of the hashes that know them again."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "sealed_bodies",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("newsroom_id", sa.BigInteger, sa.ForeignKey("newsrooms.id"), nullable=False),
        sa.Column("submission_id", sa.BigInteger, sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("age_sha256", sa.String(64), nullable=False),
        sa.Column("inside_sha256", sa.String(64), nullable=False),
        sa.Column("inside_age_sha256", sa.String(64), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("removed_id", sa.BigInteger),
    )
    op.create_index("ix_sealed_bodies_submission", "sealed_bodies", ["newsroom_id", "submission_id"])
    op.create_table(
        "body_hash_keys",
        sa.Column("newsroom_id", sa.BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )


def downgrade() -> None:
    """Drop them; what was sealed stays sealed."""
    op.drop_table("body_hash_keys")
    op.drop_table("sealed_bodies")
