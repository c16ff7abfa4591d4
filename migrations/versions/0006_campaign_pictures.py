"""Pictures that were sent out for posting, and the campaigns in which they are."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_campaign_pictures_waiting": ["newsroom_id", "waiting", "photo_id"],
    "ix_campaign_pictures_sha256": ["newsroom_id", "sha256"],
    "ix_campaign_pictures_campaign": ["campaign_id"],
    "ix_campaign_pictures_submission": ["submission_id"],
}


def upgrade() -> None:
    """Make room; what was forwarded before is in no campaign."""
    op.create_table(
        "campaign_pictures",
        sa.Column("photo_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=True),
        sa.Column("handle", sa.String(length=100), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=True),
        sa.Column("author_key", sa.String(length=220), nullable=False),
        sa.Column("post", sa.String(length=500), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_pictures_campaign_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_campaign_pictures_newsroom_id")),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=op.f("fk_campaign_pictures_photo_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_campaign_pictures_submission_id")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_campaign_pictures")),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "campaign_pictures", columns, unique=False)


def downgrade() -> None:
    """Take them down again; the photos themselves stay."""
    op.drop_table("campaign_pictures")
