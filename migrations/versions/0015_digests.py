"""Digests: allowed chats, schedules, due slots, what was said and may prove wrong."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

INDEXES = {
    "ix_comments_added": ("comments", ["newsroom_id", "added_at"]),
    "ix_digest_schedules_newsroom": ("digest_schedules", ["newsroom_id"]),
    "ix_digest_slots_digest": ("digest_slots", ["digest_id"]),
    "ix_digests_schedule": ("digests", ["schedule_id", "until"]),
}


def upgrade() -> None:
    """Build them."""
    _settings()
    _told()
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns, unique=False)
    if op.get_bind().dialect.name == "sqlite":
        # What the planner is told of how rows are spread, as the other indexes of the table have it.
        statistics = sa.table("sqlite_stat1", sa.column("tbl"), sa.column("idx"), sa.column("stat"))
        op.bulk_insert(statistics, [{"tbl": "comments", "idx": "ix_comments_added", "stat": "1000000 500000 2"}])
        op.execute("ANALYZE sqlite_master")


def _settings() -> None:
    op.create_table(
        "digest_chats",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("chat_id", ID(), nullable=False),
        sa.Column("topic_id", ID(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=128), nullable=False),
        sa.Column("member_id", ID(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=True),
        sa.Column("added_by", ID(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_digest_chats_newsroom_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_digest_chats_member_id")),
        sa.ForeignKeyConstraint(["added_by"], ["members.id"], name=op.f("fk_digest_chats_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_chats")),
        sa.UniqueConstraint(
            "newsroom_id", "chat_id", "topic_id", name=op.f("uq_digest_chats_newsroom_id_chat_id_topic_id")
        ),
    )
    op.create_table(
        "digest_schedules",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("chat_row_id", ID(), nullable=False),
        sa.Column("days", sa.String(length=7), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("sections", JSON, nullable=False),
        sa.Column("made_by", ID(), nullable=True),
        sa.Column("told_until", MOMENT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("paused_at", MOMENT, nullable=True),
        sa.Column("heard_again", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_digest_schedules_newsroom_id")),
        sa.ForeignKeyConstraint(["chat_row_id"], ["digest_chats.id"], name=op.f("fk_digest_schedules_chat_row_id")),
        sa.ForeignKeyConstraint(["made_by"], ["members.id"], name=op.f("fk_digest_schedules_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_schedules")),
        sa.UniqueConstraint("chat_row_id", name=op.f("uq_digest_schedules_chat_row_id")),
    )


def _told() -> None:
    op.create_table(
        "digests",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("schedule_id", ID(), nullable=False),
        sa.Column("is_preview", sa.Boolean(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_digests_newsroom_id")),
        sa.ForeignKeyConstraint(["schedule_id"], ["digest_schedules.id"], name=op.f("fk_digests_schedule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
    )
    op.create_table(
        "digest_slots",
        sa.Column("schedule_id", ID(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("digest_id", ID(), nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["digest_schedules.id"], name=op.f("fk_digest_slots_schedule_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_digest_slots_newsroom_id")),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_digest_slots_digest_id")),
        sa.PrimaryKeyConstraint("schedule_id", "day", name=op.f("pk_digest_slots")),
    )
    op.create_table(
        "digest_claims",
        sa.Column("schedule_id", ID(), autoincrement=False, nullable=False),
        sa.Column("noun", sa.String(length=8), nullable=False),
        sa.Column("row_id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("label", sa.String(length=220), nullable=False),
        sa.Column("said", sa.String(length=24), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["digest_schedules.id"], name=op.f("fk_digest_claims_schedule_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_digest_claims_newsroom_id")),
        sa.PrimaryKeyConstraint("schedule_id", "noun", "row_id", name=op.f("pk_digest_claims")),
    )


def downgrade() -> None:
    """Take them down again."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM sqlite_stat1 WHERE idx = 'ix_comments_added'")
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
    for table in ("digest_claims", "digest_slots", "digests", "digest_schedules", "digest_chats"):
        op.drop_table(table)
