"""Every table, defined once for SQLite and PostgreSQL; migrations/ builds the same, and a test proves it."""

import sqlalchemy as sa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage import (
    access_tables,
    account_tables,
    columns,
    custody_tables,
    digest_tables,
    erasure_tables,
    exchange_tables,
    farm_tables,
    import_tables,
    letterbox_tables,
    photo_tables,
    report_tables,
    restriction_tables,
    sealing_tables,
    sent_tables,
    spike_tables,
    takedown_tables,
    text_tables,
    threat_tables,
)
from bot.storage.columns import Json, moment, of_newsroom, primary_id, refers_to

metadata = columns.metadata

# The threat log's tables are described in a file of their own.
threats = threat_tables.threats
threat_sightings = threat_tables.threat_sightings
threat_targets = threat_tables.threat_targets
threat_queries = threat_tables.threat_queries
incidents = threat_tables.incidents
alarms = threat_tables.alarms
alarm_calls = threat_tables.alarm_calls
duty_roster = threat_tables.duty_roster
event_records = threat_tables.event_records

# So are those of what is done about fakes.
takedowns = takedown_tables.takedowns
takedown_batches = takedown_tables.takedown_batches
outreaches = takedown_tables.outreaches
outreach_keys = takedown_tables.outreach_keys
public_labels = takedown_tables.public_labels

# So are those of access beyond roles.
step_ups = access_tables.step_ups
recovery_codes = access_tables.recovery_codes
pending_acts = access_tables.pending_acts
lockdowns = access_tables.lockdowns
openings = access_tables.openings
vigils = access_tables.vigils

# The tables of accounts' records are described in a file of their own.
account_details = account_tables.account_details
account_facts = account_tables.account_facts
account_links = account_tables.account_links
account_shares = account_tables.account_shares
account_share_rows = account_tables.account_share_rows
staff_watches = account_tables.staff_watches
staff_photos = account_tables.staff_photos
impersonations = account_tables.impersonations
account_files = account_tables.account_files
account_reports = account_tables.account_reports

# So are those of photos.
photos = photo_tables.photos
photo_descriptions = photo_tables.photo_descriptions
photo_rulings = photo_tables.photo_rulings
photo_owners = photo_tables.photo_owners

# The custody log's tables are described in a file of their own.
custody_pending = custody_tables.custody_pending
custody_logs = custody_tables.custody_logs
custody_entries = custody_tables.custody_entries
custody_bodies = custody_tables.custody_bodies
custody_keys = custody_tables.custody_keys
custody_checkpoints = custody_tables.custody_checkpoints

# The tables of duplicate texts and campaigns are described in a file of their own.
texts = text_tables.texts
text_postings = text_tables.text_postings
text_stops = text_tables.text_stops
campaigns = text_tables.campaigns
campaign_parts = text_tables.campaign_parts
campaigns_apart = text_tables.campaigns_apart
campaign_pictures = text_tables.campaign_pictures
stock_phrases = text_tables.stock_phrases
text_rejections = text_tables.text_rejections

# The tables of farms are described in a file of their own.
farms = farm_tables.farms
farm_members = farm_tables.farm_members
farm_links = farm_tables.farm_links
farm_suggestions = farm_tables.farm_suggestions
farm_switches = farm_tables.farm_switches
farm_runs = farm_tables.farm_runs
farm_votes = farm_tables.farm_votes
curators = farm_tables.curators
curator_ties = farm_tables.curator_ties
curator_hypotheses = farm_tables.curator_hypotheses
work_reports = farm_tables.work_reports
report_albums = farm_tables.report_albums

# So are those of reports over a period.
actors = report_tables.actors
actor_presences = report_tables.actor_presences
posts = report_tables.posts
post_codings = report_tables.post_codings
ads = report_tables.ads
report_orders = report_tables.report_orders
# So are those of imported files.
imported_files = import_tables.imported_files
imported_sayings = import_tables.imported_sayings
# So are those of what newsrooms tell each other.
exchange_partners = exchange_tables.exchange_partners
exchange_items = exchange_tables.exchange_items
exchange_files = exchange_tables.exchange_files
exchange_exports = exchange_tables.exchange_exports
exchange_shared = exchange_tables.exchange_shared
exchange_countersigns = exchange_tables.exchange_countersigns
# So are those of originals that are sealed to the leads.
seal_recipients = sealing_tables.seal_recipients
sealed_originals = sealing_tables.sealed_originals
sealed_bodies = sealing_tables.sealed_bodies
body_hash_keys = sealing_tables.body_hash_keys

# So are those of what stands in chats.
sent_messages = sent_tables.sent_messages
spent_presses = sent_tables.spent_presses
# So are those of digests.
digest_chats = digest_tables.digest_chats
digest_schedules = digest_tables.digest_schedules
digests = digest_tables.digests
digest_slots = digest_tables.digest_slots
digest_claims = digest_tables.digest_claims
# The tables of spikes are described in a file of their own.
spike_marks = spike_tables.spike_marks
spike_mentions = spike_tables.spike_mentions
spike_counts = spike_tables.spike_counts
spike_cursors = spike_tables.spike_cursors
spikes = spike_tables.spikes
watch_windows = spike_tables.watch_windows
published_stories = spike_tables.published_stories

# So are those of retention and erasure.
daily_chores = erasure_tables.daily_chores
retention_marks = erasure_tables.retention_marks
vault_removals = erasure_tables.vault_removals
erased_accounts = erasure_tables.erased_accounts

# So are those of cases that not everybody may know of.
case_restrictions = restriction_tables.case_restrictions
restriction_members = restriction_tables.restriction_members

# So are those of what comes in and goes out.
inbox_updates = letterbox_tables.inbox_updates
processes = letterbox_tables.processes
outbox_messages = letterbox_tables.outbox_messages
outbox_chats = letterbox_tables.outbox_chats

newsrooms = Table(
    "newsrooms",
    metadata,
    primary_id(),
    Column("name", String(100), nullable=False),
    # What the operator calls it, where several share a database.
    Column("key", String(40), nullable=False, server_default=""),
    Column("zone", String(64), nullable=False),
    Column("language", String(2), nullable=False),
    Column("limits", Json, nullable=False),
    Column("case_counter", BigInteger, nullable=False),
    Column("threat_counter", BigInteger, nullable=False),
    # The last number that a text and a campaign of this newsroom got.
    Column("text_counter", BigInteger, nullable=False, server_default="0"),
    Column("campaign_counter", BigInteger, nullable=False, server_default="0"),
    Column("incident_counter", BigInteger, nullable=False, server_default="0"),
    # By which version of the normaliser the comments are indexed, and up to which id that is done for the next one.
    Column("text_version", Integer, nullable=False, server_default="0"),
    Column("text_rebuilt_to", BigInteger, nullable=False, server_default="0"),
    moment("created_at"),
    Index(
        "ix_newsrooms_key", "key", unique=True, sqlite_where=sa.text("key <> ''"), postgresql_where=sa.text("key <> ''")
    ),
)

members = Table(
    "members",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("telegram_id", BigInteger, nullable=False),
    Column("name", String(128), nullable=False),
    Column("roles", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("language", String(2)),
    moment("joined_at"),
    refers_to("invites", "invite_id", required=False),
    # Rises when the member is removed or loses a role: buttons that were drawn before are dead then.
    Column("epoch", Integer, nullable=False, server_default="0"),
    # After how many hours this member's sensitive messages go, where that is sooner than for everybody.
    Column("sweep_hours", Integer),
    UniqueConstraint("newsroom_id", "telegram_id"),
    Index("ix_members_telegram_id", "telegram_id"),
)

invites = Table(
    "invites",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("created_by", BigInteger),
    Column("needs_approval", Boolean, nullable=False),
    moment("created_at"),
    moment("expires_at"),
    moment("used_at", required=False),
    Column("used_by", BigInteger),
    moment("expiry_told_at", required=False),
)

submissions = Table(
    "submissions",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("members"),
    Column("chat_id", BigInteger, nullable=False),
    Column("first_message_id", BigInteger, nullable=False),
    Column("media_group", String(64)),
    Column("number", BigInteger),
    Column("state", String(10), nullable=False),
    Column("settled", Boolean, nullable=False),
    Column("source", String(10), nullable=False),
    Column("level", String(16), nullable=False),
    Column("card_message_id", BigInteger),
    refers_to("staff", "target_id", required=False),
    moment("opened_at"),
    moment("last_sent_at"),
    moment("settles_at"),
    UniqueConstraint("newsroom_id", "number"),
    Index("ix_submissions_member", "newsroom_id", "member_id", "id"),
    Index("ix_submissions_settled", "settled", "settles_at"),
)

submission_parts = Table(
    "submission_parts",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("submissions"),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("what", String(32)),
    Column("origin", Json, nullable=False),
    Column("text", Text, nullable=False),
    Column("sha256", String(64)),
    Column("file_unique_id", String(64)),
    Column("finding", Json),
    moment("sent_at"),
    moment("edited_at", required=False),
    UniqueConstraint("newsroom_id", "chat_id", "message_id"),
    Index("ix_submission_parts_submission", "submission_id"),
)

submission_accounts = Table(
    "submission_accounts",
    metadata,
    of_newsroom(),
    Column("submission_id", BigInteger, sa.ForeignKey("submissions.id"), primary_key=True, autoincrement=False),
    Column("account_id", BigInteger, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Index("ix_submission_accounts_account", "account_id"),
)

comments = Table(
    "comments",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("submissions", required=False),
    refers_to("submission_parts", "part_id", required=False),
    Column("source", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("text_key", BigInteger, nullable=False),
    Column("platform", String(16)),
    Column("handle", String(100)),
    Column("author", String(200)),
    Column("author_key", String(220)),
    Column("post", String(500)),
    Column("batch", String(200)),
    moment("posted_at", required=False),
    moment("added_at"),
    moment("withdrawn_at", required=False),
    Index("ix_comments_text_key", "newsroom_id", "text_key"),
    Index("ix_comments_source", "newsroom_id", "source"),
    Index("ix_comments_submission", "submission_id"),
    Index("ix_comments_withdrawn", "withdrawn_at"),
    Index("ix_comments_added", "newsroom_id", "added_at"),
)

# How far the import of a file came: the same file goes on from there.
import_runs = Table(
    "import_runs",
    metadata,
    of_newsroom(),
    Column("noun", String(16), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("counts", Json, nullable=False),
    moment("changed_at"),
    sa.PrimaryKeyConstraint("newsroom_id", "noun", "sha256"),
)

accounts = Table(
    "accounts",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("platform", String(16), nullable=False),
    Column("handle", String(100)),
    Column("handle_key", String(100)),
    Column("numeric_id", String(40)),
    Column("status", String(10), nullable=False),
    Column("farm", String(100)),
    Column("reason", Text),
    Column("source", String(200), nullable=False),
    Column("batch", String(200)),
    refers_to("members", "listed_by", required=False),
    Column("lister", String(128), nullable=False),
    moment("listed_at"),
    moment("changed_at"),
    UniqueConstraint("newsroom_id", "platform", "handle_key"),
    Index("ix_accounts_numeric_id", "newsroom_id", "platform", "numeric_id"),
    Index("ix_accounts_changed", "newsroom_id", "changed_at"),
    Index("ix_accounts_batch", "newsroom_id", "batch"),
)

account_names = Table(
    "account_names",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("accounts"),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False),
    UniqueConstraint("account_id", "name"),
    Index("ix_account_names_key", "newsroom_id", "name_key"),
)

account_rulings = Table(
    "account_rulings",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("accounts"),
    refers_to("members"),
    Column("ruling", String(10), nullable=False),
    Column("reason", Text),
    moment("at"),
    Column("live", Boolean, nullable=False),
    moment("withdrawn_at", required=False),
    Index("ix_account_rulings_account", "account_id", "live"),
    Index("ix_account_rulings_member", "newsroom_id", "member_id"),
)

# What was read on a screenshot. The row is written together with the part that holds the picture: until it is read it
# waits here, whatever becomes of the process.
screen_readings = Table(
    "screen_readings",
    metadata,
    Column("part_id", BigInteger, sa.ForeignKey("submission_parts.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    refers_to("submissions"),
    Column("state", String(8), nullable=False),
    Column("reading", Json),
    # Who corrected it last; the history has every correction.
    refers_to("members", "corrected_by", required=False),
    moment("queued_at"),
    moment("read_at", required=False),
    Index("ix_screen_readings_submission", "submission_id"),
    Index(
        "ix_screen_readings_waiting",
        "newsroom_id",
        "part_id",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
)

staff = Table(
    "staff",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("kind", String(10), nullable=False),
    Column("name", String(200), nullable=False),
    Column("position", String(100)),
    Column("aliases", Json, nullable=False),
    refers_to("members", required=False),
    moment("added_at"),
    moment("removed_at", required=False),
    UniqueConstraint("newsroom_id", "kind", "name"),
)

rulings = Table(
    "rulings",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("submissions"),
    refers_to("members"),
    Column("kind", String(16), nullable=False),
    Column("value", String(64), nullable=False),
    moment("at"),
    Index("ix_rulings_submission", "submission_id"),
)

# Words that a newsroom adds to the threat lexicon.
threat_words = Table(
    "threat_words",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("word", String(80), nullable=False),
    Column("kind", String(16), nullable=False),
    refers_to("members"),
    moment("added_at"),
    UniqueConstraint("newsroom_id", "word"),
)

# The threat model taught on a newsroom's rulings; without data the shipped one is used.
threat_models = Table(
    "threat_models",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("data", LargeBinary),
    Column("sha256", String(64)),
    Column("texts", Integer, nullable=False),
    Column("threats", Integer, nullable=False),
    Column("gain", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    moment("tried_at"),
)

dialogs = Table(
    "dialogs",
    metadata,
    of_newsroom(),
    Column("member_id", BigInteger, sa.ForeignKey("members.id"), primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),
    Column("body", Json, nullable=False),
    moment("expires_at"),
)

history = Table(
    "history",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("member_id", BigInteger),
    Column("subject", String(16), nullable=False),
    Column("subject_id", BigInteger, nullable=False),
    Column("event", String(24), nullable=False),
    Column("details", Json, nullable=False),
    moment("at"),
    Index("ix_history_subject", "newsroom_id", "subject", "subject_id"),
)
