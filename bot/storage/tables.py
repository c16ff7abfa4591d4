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

from bot.storage import columns, threat_tables
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

newsrooms = Table(
    "newsrooms",
    metadata,
    primary_id(),
    Column("name", String(100), nullable=False),
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

inbox_updates = Table(
    "inbox_updates",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("identity", String(64), nullable=False),
    Column("chat_key", BigInteger, nullable=False),
    Column("media_group", String(64)),
    Column("loose", Boolean, nullable=False),
    Column("raw", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", String(200)),
    moment("received_at"),
    moment("not_before"),
    moment("done_at", required=False),
    UniqueConstraint("bot_id", "update_id", "identity"),
    Index("ix_inbox_updates_state", "state", "id"),
    Index("ix_inbox_updates_chat", "chat_key", "state"),
)

outbox_messages = Table(
    "outbox_messages",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("kind", String(16), nullable=False),
    Column("key", String(100)),
    Column("chat_id", BigInteger, nullable=False),
    Column("member_id", BigInteger),
    Column("priority", Integer, nullable=False),
    Column("body", Json, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", String(200)),
    moment("created_at"),
    moment("not_before"),
    moment("done_at", required=False),
    Index("ix_outbox_messages_state", "state", "priority", "id"),
    Index(
        "uq_outbox_messages_waiting_key",
        "newsroom_id",
        "key",
        unique=True,
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    ),
)

outbox_chats = Table(
    "outbox_chats",
    metadata,
    of_newsroom(),
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    moment("not_before"),
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
)

# Comments with the same skeleton share one text: what near-duplicates are found among. It can be made anew from the
# comments at any time; numbers are per newsroom and dense, so that a posting takes few bytes.
texts = Table(
    "texts",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("text_key", BigInteger, nullable=False),
    Column("words", Text, nullable=False),
    # 0: its postings are not written yet; 1: no campaign was looked for since the last comment; 2: done.
    Column("state", Integer, nullable=False),
    refers_to("campaigns", required=False),
    UniqueConstraint("newsroom_id", "text_key"),
    Index(
        "ix_texts_campaign",
        "campaign_id",
        sqlite_where=sa.text("campaign_id IS NOT NULL"),
        postgresql_where=sa.text("campaign_id IS NOT NULL"),
    ),
    Index(
        "ix_texts_waiting",
        "newsroom_id",
        "state",
        "number",
        sqlite_where=sa.text("state < 2"),
        postgresql_where=sa.text("state < 2"),
    ),
    sqlite_with_rowid=False,
)

# Which texts have a fingerprint. The hash is salted with the newsroom, so that two newsrooms share no row.
text_postings = Table(
    "text_postings",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# Fingerprints so common that they get no more postings, with the number of texts that have them.
text_stops = Table(
    "text_stops",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("texts", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

campaigns = Table(
    "campaigns",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("name", String(200), nullable=False),
    moment("started_at"),
    moment("first_seen"),
    moment("last_seen"),
    # Where its texts are now, when an editor merged it into another.
    refers_to("campaigns", "merged_into", required=False),
    UniqueConstraint("newsroom_id", "number"),
    Index("ix_campaigns_last_seen", "newsroom_id", "last_seen"),
)

# A text that holds a campaign's text as a part, or is a part of it: never a reason to join.
campaign_parts = Table(
    "campaign_parts",
    metadata,
    of_newsroom(),
    Column("campaign_id", BigInteger, sa.ForeignKey("campaigns.id"), primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
)

# Two campaigns that an editor told apart.
campaigns_apart = Table(
    "campaigns_apart",
    metadata,
    of_newsroom(),
    Column("campaign_id", BigInteger, sa.ForeignKey("campaigns.id"), primary_key=True, autoincrement=False),
    Column("other_id", BigInteger, sa.ForeignKey("campaigns.id"), primary_key=True, autoincrement=False),
)

# A picture that somebody posted and a member forwarded: in which campaign, and whether one is still looked for.
campaign_pictures = Table(
    "campaign_pictures",
    metadata,
    Column("photo_id", BigInteger, sa.ForeignKey("photos.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    refers_to("submissions"),
    Column("sha256", String(64), nullable=False),
    Column("platform", String(16)),
    Column("handle", String(100)),
    Column("author", String(200)),
    Column("author_key", String(220), nullable=False),
    Column("post", String(500)),
    moment("seen_at"),
    Column("waiting", Boolean, nullable=False),
    refers_to("campaigns", required=False),
    Index("ix_campaign_pictures_waiting", "newsroom_id", "waiting", "photo_id"),
    Index("ix_campaign_pictures_sha256", "newsroom_id", "sha256"),
    Index("ix_campaign_pictures_campaign", "campaign_id"),
    Index("ix_campaign_pictures_submission", "submission_id"),
)

# What everybody says: an editor's list of texts that are never called copies.
stock_phrases = Table(
    "stock_phrases",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("text_key", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    refers_to("members"),
    moment("added_at"),
    UniqueConstraint("newsroom_id", "text_key"),
)

# Two texts that a person said are no copies of each other; the smaller key first.
text_rejections = Table(
    "text_rejections",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("text_key", BigInteger, primary_key=True, autoincrement=False),
    Column("other_key", BigInteger, primary_key=True, autoincrement=False),
    refers_to("members"),
    moment("at"),
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
    Index("ix_account_rulings_account", "account_id", "live"),
)

photos = Table(
    "photos",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("sha256", String(64), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("source", String(200), nullable=False),
    refers_to("accounts", required=False),
    refers_to("submissions", required=False),
    moment("added_at"),
    moment("withdrawn_at", required=False),
    Index("ix_photos_sha256", "newsroom_id", "sha256"),
    Index("ix_photos_account", "account_id"),
    Index("ix_photos_submission", "submission_id"),
    Index("ix_photos_withdrawn", "withdrawn_at"),
)

# What a picture is found by: one description for the same bytes, however many accounts use them. It can be made anew
# from the vault.
photo_descriptions = Table(
    "photo_descriptions",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("sha256", String(64), nullable=False),
    Column("data", LargeBinary, nullable=False),
    UniqueConstraint("newsroom_id", "sha256"),
)

# Whether two pictures show the same photo, as people said; the smaller SHA-256 first. The latest row of a pair counts,
# the earlier ones are its history.
photo_rulings = Table(
    "photo_rulings",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("sha256", String(64), nullable=False),
    Column("other_sha256", String(64), nullable=False),
    Column("is_same", Boolean, nullable=False),
    refers_to("members"),
    refers_to("submissions", required=False),
    moment("at"),
    Index("ix_photo_rulings_sha256", "newsroom_id", "sha256"),
    Index("ix_photo_rulings_other", "newsroom_id", "other_sha256"),
)

# The person whose photo was stolen. The latest row of a picture counts, the earlier ones are its history; one without
# a name takes back what was said before.
photo_owners = Table(
    "photo_owners",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200)),
    Column("profile", String(500)),
    Column("how", String(500)),
    Column("note", Text),
    refers_to("members"),
    moment("at"),
    Index("ix_photo_owners_sha256", "newsroom_id", "sha256"),
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

# The custody log. What is to be logged is put here in the transaction that does it; one sequencer gives it its number.
custody_pending = Table(
    "custody_pending",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("kind", String(16), nullable=False),
    Column("noun", String(16), nullable=False),
    Column("row_id", BigInteger, nullable=False),
    Column("body", Json, nullable=False),
    moment("at"),
    Index("ix_custody_pending_newsroom", "newsroom_id", "id"),
)

# How long each newsroom's log is: its frontier and its last leaf, so that a line can be added without reading the rest.
custody_logs = Table(
    "custody_logs",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
)

# Triggers refuse to change or delete a line or a body; what is hashed stands here exactly as it is spelled.
custody_entries = Table(
    "custody_entries",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Index("ix_custody_entries_subject", "newsroom_id", "subject", "seq"),
)

custody_bodies = Table(
    "custody_bodies",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)

# A subject's key, wrapped by one that is not in the database: to delete the row is to erase what the log says of it.
custody_keys = Table(
    "custody_keys",
    metadata,
    Column("newsroom_id", BigInteger, sa.ForeignKey("newsrooms.id"), primary_key=True, autoincrement=False),
    Column("subject", String(32), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

custody_checkpoints = Table(
    "custody_checkpoints",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    # The answer of a time-stamping authority to the note (RFC 3161).
    Column("token", LargeBinary),
    moment("at"),
    Index("ix_custody_checkpoints_newsroom", "newsroom_id", "id"),
)
