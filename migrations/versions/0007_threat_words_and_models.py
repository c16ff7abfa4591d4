"""A newsroom's own threat words, and the threat model taught on its rulings."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; until a night has passed the shipped model is used."""
    op.create_table(
        "threat_words",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_threat_words_member_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_threat_words_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threat_words")),
        sa.UniqueConstraint("newsroom_id", "word", name=op.f("uq_threat_words_newsroom_id_word")),
    )
    op.create_table(
        "threat_models",
        sa.Column("newsroom_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.Column("threats", sa.Integer(), nullable=False),
        sa.Column("gain", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_threat_models_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", name=op.f("pk_threat_models")),
    )


def downgrade() -> None:
    """Take them down again."""
    op.drop_table("threat_models")
    op.drop_table("threat_words")
