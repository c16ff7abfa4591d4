"""How many in a group were no members of the newsroom when it was allowed to have digests."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of a group that was allowed before, nobody knows, and it is asked anew where there are any."""
    with op.batch_alter_table("digest_chats") as batch:
        batch.add_column(sa.Column("strangers", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("digest_chats") as batch:
        batch.drop_column("strangers")
