"""Spikes: in which hour comments count and against whom, hourly counts, spikes, watch windows, own stories."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

INDEXES = {
    "ix_spike_marks_hour": ("spike_marks", ["newsroom_id", "hour"]),
    "ix_spike_mentions_staff": ("spike_mentions", ["newsroom_id", "staff_id"]),
    "ix_spike_counts_hour": ("spike_counts", ["newsroom_id", "hour"]),
    "ix_spikes_seen": ("spikes", ["newsroom_id", "seen"]),
    "ix_watch_windows_ends": ("watch_windows", ["newsroom_id", "ends"]),
    "ix_published_stories_key": ("published_stories", ["newsroom_id", "post_key"]),
}


def upgrade() -> None:
    """Build them."""
    _counts()
    _spikes()
    _windows()
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns, unique=False)


def _counts() -> None:
    op.create_table(
        "spike_marks",
        sa.Column("comment_id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_spike_marks_comment_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_spike_marks_newsroom_id")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_spike_marks")),
    )
    op.create_table(
        "spike_mentions",
        sa.Column("comment_id", ID(), autoincrement=False, nullable=False),
        sa.Column("staff_id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name=op.f("fk_spike_mentions_comment_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_spike_mentions_staff_id")),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_spike_mentions_newsroom_id")),
        sa.PrimaryKeyConstraint("comment_id", "staff_id", name=op.f("pk_spike_mentions")),
    )
    op.create_table(
        "spike_counts",
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("hour", MOMENT, nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_spike_counts_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", "kind", "ref", "hour", name=op.f("pk_spike_counts")),
    )
    op.create_table(
        "spike_cursors",
        sa.Column("newsroom_id", ID(), autoincrement=False, nullable=False),
        sa.Column("comment_id", ID(), nullable=False),
        sa.Column("withdrawn_to", MOMENT, nullable=False),
        sa.Column("recounted_at", MOMENT, nullable=True),
        sa.Column("scanned_at", MOMENT, nullable=True),
        sa.Column("number", ID(), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_spike_cursors_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", name=op.f("pk_spike_cursors")),
    )


def _spikes() -> None:
    op.create_table(
        "spikes",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("number", ID(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("joined", JSON, nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.Column("window", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("makeup", JSON, nullable=False),
        sa.Column("campaigns", JSON, nullable=False),
        sa.Column("farm", sa.String(length=20), nullable=True),
        sa.Column("trigger", JSON, nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("muted_until", MOMENT, nullable=True),
        sa.Column("alerts", sa.Integer(), nullable=False),
        sa.Column("alerted_at", MOMENT, nullable=False),
        sa.Column("alerted_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_spikes_newsroom_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spikes")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_spikes_newsroom_id_number")),
    )


def _windows() -> None:
    op.create_table(
        "watch_windows",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("number", ID(), nullable=False),
        sa.Column("starts", MOMENT, nullable=False),
        sa.Column("ends", MOMENT, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("staff_id", ID(), nullable=True),
        sa.Column("member_id", ID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_watch_windows_newsroom_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_watch_windows_staff_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_watch_windows_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch_windows")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_watch_windows_newsroom_id_number")),
    )
    op.create_table(
        "published_stories",
        sa.Column("id", ID(), autoincrement=False, nullable=False),
        sa.Column("newsroom_id", ID(), nullable=False),
        sa.Column("number", ID(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("post_key", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("member_id", ID(), nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_published_stories_newsroom_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_published_stories_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_stories")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_published_stories_newsroom_id_number")),
    )


def downgrade() -> None:
    """Take them down again."""
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
    for table in (
        "published_stories",
        "watch_windows",
        "spikes",
        "spike_cursors",
        "spike_counts",
        "spike_mentions",
        "spike_marks",
    ):
        op.drop_table(table)
