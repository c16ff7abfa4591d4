"""Who said at whom a threat is aimed, where it was nobody whose word lets people read the record."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what is there counts as before."""
    with op.batch_alter_table("threat_targets") as batch:
        batch.add_column(sa.Column("said_by", sa.BigInteger(), nullable=True))
        batch.create_foreign_key(op.f("fk_threat_targets_said_by"), "members", ["said_by"], ["id"])


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("threat_targets") as batch:
        batch.drop_constraint(op.f("fk_threat_targets_said_by"), type_="foreignkey")
        batch.drop_column("said_by")
