"""The tables of accounts' records: details, dated facts, successors, what was handed out, who is watched for."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id, refers_to

# What is known of an account once: a row is made when there is something to say.
account_details = Table(
    "account_details",
    metadata,
    Column("account_id", BigInteger, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    # "hired" for a time or "attached" to somebody; whom it serves, never who runs it.
    Column("kind", String(10)),
    Column("attached_to", String(200)),
    Column("first_seen", Date),
    Column("last_seen", Date),
    Column("photo_on", Date),
    Column("cover_on", Date),
    Column("posts_a_day", Float),
    # Another account that this one is: everything stays where it is, and is shown there.
    refers_to("accounts", "merged_into", required=False),
    # Taken off the list together with all that one member alone filed.
    moment("withdrawn_at", required=False),
    # Up to which change it was compared with old fakes and with people who are watched for.
    moment("compared_at", required=False),
    Index("ix_account_details_merged", "merged_into"),
    Index("ix_account_details_newsroom", "newsroom_id", "withdrawn_at"),
)

# What was seen of an account, each time with a date, a source and who noted it: names, links, places, groups, what it
# praised and attacked, marks of a checklist. `why` is an explanation or a quotation, `link` where it was seen.
account_facts = Table(
    "account_facts",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("accounts"),
    Column("kind", String(10), nullable=False),
    Column("value", String(500), nullable=False),
    Column("why", Text),
    Column("link", String(500)),
    Column("seen_on", Date),
    refers_to("members", required=False),
    Column("source", String(200), nullable=False),
    moment("noted_at"),
    moment("removed_at", required=False),
    Index("ix_account_facts_account", "account_id", "kind"),
    Index("ix_account_facts_kind", "newsroom_id", "kind", "id"),
)

# Who said what of an account: a row for each time, never changed but for being held or withdrawn. `said` has what it
# brought by name ("handle", "handle_key", "numeric_id", "farm", "reason", "names", "photos"): without the rows of one
# reporter or one list an account is what the others made of it.
account_reports = Table(
    "account_reports",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("accounts"),
    refers_to("members", required=False),
    Column("batch", String(200)),
    Column("lister", String(128), nullable=False),
    Column("source", String(200), nullable=False),
    Column("said", Json, nullable=False),
    Column("is_held", Boolean, nullable=False, server_default=sa.false()),
    moment("at"),
    # Since when the reporter, and the list with which it came, no longer count.
    moment("withdrawn_at", required=False),
    moment("list_withdrawn_at", required=False),
    Index("ix_account_reports_account", "account_id"),
    Index("ix_account_reports_member", "newsroom_id", "member_id", "at"),
    Index("ix_account_reports_batch", "newsroom_id", "batch"),
)

# A newer account that continues an older one: offered by the machine, decided by people.
account_links = Table(
    "account_links",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("accounts"),
    refers_to("accounts", "successor_id"),
    Column("why", Json, nullable=False),
    Column("state", String(8), nullable=False),
    refers_to("members", required=False),
    moment("at"),
    UniqueConstraint("account_id", "successor_id"),
    Index("ix_account_links_successor", "successor_id"),
)

# Exports and lists that left the house, and which accounts they held.
account_shares = Table(
    "account_shares",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("members", required=False),
    Column("form", String(16), nullable=False),
    Column("name", String(200), nullable=False),
    Column("rows", Integer, nullable=False),
    moment("made_at"),
    Index("ix_account_shares_newsroom", "newsroom_id", "id"),
)
account_share_rows = Table(
    "account_share_rows",
    metadata,
    Column("share_id", BigInteger, sa.ForeignKey("account_shares.id"), primary_key=True, autoincrement=False),
    Column("account_id", BigInteger, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    Column("status", String(10), nullable=False),
    Index("ix_account_share_rows_account", "account_id"),
)

# Protected people who agreed to be watched for, and the pictures by which they or an outlet's logo are known.
staff_watches = Table(
    "staff_watches",
    metadata,
    Column("staff_id", BigInteger, sa.ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    refers_to("members"),
    moment("agreed_at"),
)
staff_photos = Table(
    "staff_photos",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("staff", "staff_id"),
    Column("sha256", String(64), nullable=False),
    moment("added_at"),
    UniqueConstraint("staff_id", "sha256"),
)

# An account that uses the name or the photo of somebody who is watched for.
impersonations = Table(
    "impersonations",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("accounts"),
    refers_to("staff", "staff_id"),
    refers_to("incidents"),
    Column("why", Json, nullable=False),
    moment("at"),
    UniqueConstraint("account_id", "staff_id"),
    Index("ix_impersonations_incident", "incident_id"),
)

# A list of accounts that was sent in the chat: its columns are settled by presses, then it is taken in line by line.
account_files = Table(
    "account_files",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("members"),
    Column("name", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("columns", Json, nullable=False),
    Column("state", String(10), nullable=False),
    Column("is_takedown", Boolean, nullable=False, server_default=sa.false()),
    Column("counts", Json, nullable=False),
    moment("sent_at"),
    Index(
        "ix_account_files_ready",
        "newsroom_id",
        "id",
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    ),
)
