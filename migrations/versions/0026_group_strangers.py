"""How many in a group were no members of the newsroom when it was allowed to have digests."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of a group that was allowed before, nobody knows, and it is asked anew where there are any."""
    op.add_column("digest_chats", sa.Column("strangers", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("digest_chats", "strangers")
