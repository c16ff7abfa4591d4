"""Cases that only named members may know of."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "case_restrictions",
        sa.Column("submission_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        _refers("case_restrictions", "made_by", "members"),
        _refers("case_restrictions", "newsroom_id", "newsrooms"),
        _refers("case_restrictions", "submission_id", "submissions"),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_case_restrictions")),
    )
    op.create_index("ix_case_restrictions_newsroom", "case_restrictions", ["newsroom_id"])
    op.create_table(
        "restriction_members",
        sa.Column("submission_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        _refers("restriction_members", "added_by", "members"),
        _refers("restriction_members", "member_id", "members"),
        _refers("restriction_members", "newsroom_id", "newsrooms"),
        _refers("restriction_members", "submission_id", "submissions"),
        sa.PrimaryKeyConstraint("submission_id", "member_id", name=op.f("pk_restriction_members")),
    )
    op.create_index("ix_restriction_members_member", "restriction_members", ["newsroom_id", "member_id"])


def downgrade() -> None:
    """Take them down again."""
    for table in ("restriction_members", "case_restrictions"):
        op.drop_table(table)
