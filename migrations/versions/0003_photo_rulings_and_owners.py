"""Pairs of pictures that people ruled on, and the owners of stolen photos."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for what people say of photos."""
    op.create_table(
        "photo_rulings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("other_sha256", sa.String(length=64), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_photo_rulings_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_photo_rulings_newsroom_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_photo_rulings_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_rulings")),
    )
    op.create_index("ix_photo_rulings_sha256", "photo_rulings", ["newsroom_id", "sha256"], unique=False)
    op.create_index("ix_photo_rulings_other", "photo_rulings", ["newsroom_id", "other_sha256"], unique=False)
    op.create_table(
        "photo_owners",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("profile", sa.String(length=500), nullable=True),
        sa.Column("how", sa.String(length=500), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_photo_owners_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_photo_owners_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_owners")),
    )
    op.create_index("ix_photo_owners_sha256", "photo_owners", ["newsroom_id", "sha256"], unique=False)


def downgrade() -> None:
    """Take them down again, with all that people said."""
    op.drop_table("photo_owners")
    op.drop_table("photo_rulings")
