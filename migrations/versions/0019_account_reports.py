"""Who said what of an account: rows from which the word of one reporter or one list can be taken back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

#: What stands on the list becomes the first report of it, by whoever listed it; names stay as nobody's.
FIRST_REPORTS = {
    "sqlite": """
INSERT INTO account_reports (id, newsroom_id, account_id, member_id, batch, lister, source, said, at)
SELECT id, newsroom_id, id, listed_by, batch, lister, source, json_object('handle', handle, 'handle_key', handle_key,
 'numeric_id', numeric_id, 'farm', farm, 'reason', reason), listed_at FROM accounts
""",
    "postgresql": """
INSERT INTO account_reports (id, newsroom_id, account_id, member_id, batch, lister, source, said, at)
SELECT id, newsroom_id, id, listed_by, batch, lister, source, jsonb_build_object('handle', handle, 'handle_key',
 handle_key, 'numeric_id', numeric_id, 'farm', farm, 'reason', reason), listed_at FROM accounts
""",
}


def upgrade() -> None:
    """Make the table, and a report of each account that is listed."""
    op.create_table(
        "account_reports",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("newsroom_id", "account_id")),
        sa.Column("member_id", sa.BigInteger(), nullable=True),
        sa.Column("batch", sa.String(length=200), nullable=True),
        sa.Column("lister", sa.String(length=128), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("said", JSON, nullable=False),
        sa.Column("is_held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("list_withdrawn_at", MOMENT, nullable=True),
        *(
            sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_account_reports_{name}"))
            for name, to in (("newsroom_id", "newsrooms"), ("account_id", "accounts"), ("member_id", "members"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_reports")),
    )
    op.create_index("ix_account_reports_account", "account_reports", ["account_id"])
    op.create_index("ix_account_reports_member", "account_reports", ["newsroom_id", "member_id", "at"])
    op.create_index("ix_account_reports_batch", "account_reports", ["newsroom_id", "batch"])
    op.execute(FIRST_REPORTS[op.get_bind().dialect.name])
    op.add_column("account_rulings", sa.Column("withdrawn_at", MOMENT, nullable=True))
    op.create_index("ix_account_rulings_member", "account_rulings", ["newsroom_id", "member_id"])


def downgrade() -> None:
    """Take it down again."""
    op.drop_index("ix_account_rulings_member", table_name="account_rulings")
    op.drop_column("account_rulings", "withdrawn_at")
    op.drop_table("account_reports")
