"""What pictures are found by, one description for each picture's bytes; the hash of the whole picture is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room; the program describes the pictures that are there, since no migration knows how."""
    op.create_table(
        "photo_descriptions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_photo_descriptions_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_descriptions")),
        sa.UniqueConstraint("newsroom_id", "sha256", name=op.f("uq_photo_descriptions_newsroom_id_sha256")),
    )
    op.drop_column("photos", "hashes")


def downgrade() -> None:
    """Take them down again; the older program hashes no picture that is there already."""
    op.add_column("photos", sa.Column("hashes", sa.LargeBinary(), nullable=True))
    op.drop_table("photo_descriptions")
