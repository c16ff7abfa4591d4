"""Several newsrooms in one PostgreSQL: each has a key, every table stands behind the wall."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

from bot.storage.tenant_wall import opening, walling, walling_newsrooms

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

# fmt: off
_WALLED = (
    "account_details", "account_facts", "account_files", "account_links", "account_names", "account_reports",
    "account_rulings", "account_share_rows", "account_shares", "accounts", "actor_presences", "actors", "ads",
    "alarm_calls", "alarms", "body_hash_keys", "campaign_parts", "campaign_pictures", "campaigns",
    "campaigns_apart", "case_restrictions", "comments", "curator_hypotheses", "curator_ties", "curators",
    "custody_bodies", "custody_checkpoints", "custody_entries", "custody_keys", "custody_logs",
    "custody_pending", "daily_chores", "dialogs", "digest_chats", "digest_claims", "digest_schedules",
    "digest_slots", "digests", "duty_roster", "erased_accounts", "event_records", "farm_links", "farm_members",
    "farm_runs", "farm_suggestions", "farm_switches", "farm_votes", "farms", "history", "impersonations",
    "import_runs", "imported_files", "imported_sayings", "inbox_updates", "incidents", "invites", "lockdowns",
    "members", "openings", "outbox_chats", "outbox_messages", "outreach_keys", "outreaches", "pending_acts",
    "photo_descriptions", "photo_owners", "photo_rulings", "photos", "post_codings", "posts", "public_labels",
    "published_stories", "recovery_codes", "report_albums", "report_orders", "restriction_members",
    "retention_marks", "rulings", "screen_readings", "seal_recipients", "sealed_bodies", "sealed_originals",
    "sent_messages", "spent_presses", "spike_counts", "spike_cursors", "spike_marks", "spike_mentions",
    "spikes", "staff", "staff_photos", "staff_watches", "step_ups", "stock_phrases", "submission_accounts",
    "submission_parts", "submissions", "takedown_batches", "takedowns", "text_rejections", "texts",
    "threat_models", "threat_queries", "threat_sightings", "threat_targets", "threat_words", "threats",
    "vault_removals", "vigils", "watch_windows", "work_reports",
)
# fmt: on
_PROCESSES = sa.table("processes")
_PROCESS = (
    *(sa.column(name) for name in ("id", "role", "host", "pid")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("since", "beat_at")),
)


def upgrade() -> None:
    """Add the key and the column, and raise the wall on PostgreSQL."""
    op.add_column("newsrooms", sa.Column("key", sa.String(40), server_default="", nullable=False))
    keyed = sa.text("key <> ''")
    op.create_index("ix_newsrooms_key", "newsrooms", ["key"], unique=True, sqlite_where=keyed, postgresql_where=keyed)
    (oldest,) = op.get_bind().execute(sa.text("SELECT min(id) FROM newsrooms")).one()
    _remake_processes(
        {"newsroom_id": oldest},
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_processes_newsroom_id")),
    )
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in (*_WALLED, "processes"):
        _all(walling(table))
    _all(walling_newsrooms())


def downgrade() -> None:
    """Take them away again."""
    if op.get_bind().dialect.name == "postgresql":
        for table in (*_WALLED, "newsrooms"):
            _all(opening(table))
    _remake_processes({})
    op.drop_index("ix_newsrooms_key", "newsrooms")
    op.drop_column("newsrooms", "key")


def _remake_processes(given: dict[str, int], *more: SchemaItem) -> None:
    there = [dict(row._mapping) for row in op.get_bind().execute(sa.select(*_PROCESS).select_from(_PROCESSES))]
    op.drop_table("processes")
    op.create_table(
        "processes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processes")),
        *more,
    )
    table = sa.table("processes", *_PROCESS, *(sa.column(name) for name in given))
    op.bulk_insert(table, [{**row, **given} for row in there])


def _all(statements: list[sa.DDL]) -> None:
    for statement in statements:
        op.execute(statement)
