"""The tables of the threat log: records, sightings, targets, incidents, alarms, duty, saved queries, event records."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id, refers_to

# A record of the threat log. `submission_id`, `part_id` and `place` are of where it was seen first.
threats = Table(
    "threats",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    refers_to("submissions"),
    refers_to("submission_parts", "part_id"),
    # Which comment of a screenshot it is; 0 of a message.
    Column("place", Integer, nullable=False, server_default="0"),
    Column("level", String(16), nullable=False),
    Column("kinds", Json, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("imminent", Boolean, nullable=False),
    Column("targets", Json, nullable=False),
    Column("spans", Json),
    Column("demotions", Json),
    Column("status", String(10), nullable=False),
    Column("category", String(16), nullable=False, server_default="threat"),
    Column("channel", String(12)),
    Column("platform", String(16)),
    Column("account", String(220)),
    Column("link", String(500)),
    Column("spot", String(200)),
    Column("text", Text, nullable=False, server_default=""),
    # What free words are looked for in: text, account, link, place and notes, in small letters.
    Column("searched", Text, nullable=False, server_default=""),
    Column("times", Integer, nullable=False, server_default="1"),
    Column("measures", Json),
    Column("triage", Json),
    refers_to("members", "reporter_id", required=False),
    refers_to("members", "assignee_id", required=False),
    refers_to("incidents", required=False),
    moment("first_seen", required=False),
    moment("last_seen", required=False),
    moment("recorded_at"),
    UniqueConstraint("newsroom_id", "number"),
    UniqueConstraint("part_id", "place"),
    Index("ix_threats_status", "newsroom_id", "status", "number"),
    Index("ix_threats_incident", "incident_id"),
    Index("ix_threats_submission", "submission_id"),
)

# Each time a threat was seen: the first one, and its copies.
threat_sightings = Table(
    "threat_sightings",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("threats"),
    refers_to("submissions"),
    refers_to("submission_parts", "part_id"),
    Column("place", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("text_key", BigInteger, nullable=False),
    # Targets as one word: only threats against the same people are copies of each other.
    Column("aim", String(200), nullable=False),
    Column("account", String(220)),
    Column("author_key", String(220)),
    Column("link", String(500)),
    moment("posted_at", required=False),
    moment("seen_at"),
    UniqueConstraint("part_id", "place"),
    Index("ix_threat_sightings_threat", "threat_id"),
    Index("ix_threat_sightings_key", "newsroom_id", "text_key"),
    Index("ix_threat_sightings_seen", "newsroom_id", "seen_at"),
    Index("ix_threat_sightings_submission", "submission_id"),
)

# Who is meant, by the words or as a person said.
threat_targets = Table(
    "threat_targets",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("threats"),
    refers_to("staff", "staff_id", required=False),
    Column("name", String(200), nullable=False),
    Column("searched", String(200), nullable=False),
    # A member whose word alone lets nobody read the record; empty of the machine's finding and of who may decide.
    refers_to("members", "said_by", required=False),
    UniqueConstraint("threat_id", "name"),
    Index("ix_threat_targets_staff", "newsroom_id", "staff_id"),
)

# The threats, copies and submissions of one wave.
incidents = Table(
    "incidents",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("staff_ids", Json, nullable=False),
    Column("campaign_numbers", Json, nullable=False),
    # What an editor split off joins nothing by itself.
    Column("is_closed", Boolean, nullable=False),
    refers_to("incidents", "merged_into", required=False),
    moment("first_seen"),
    moment("last_seen"),
    UniqueConstraint("newsroom_id", "number"),
    Index("ix_incidents_last_seen", "newsroom_id", "last_seen"),
)

# An alarm stands here with the moment at which it goes on to the next person: no timer has to survive anything.
alarms = Table(
    "alarms",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("incidents"),
    refers_to("threats"),
    Column("state", String(8), nullable=False),
    Column("step", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("threats", Integer, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("imminent", Boolean, nullable=False),
    refers_to("members", "answered_by", required=False),
    moment("raised_at"),
    moment("due_at", required=False),
    moment("answered_at", required=False),
    Index("ix_alarms_incident", "incident_id"),
    Index(
        "ix_alarms_due",
        "due_at",
        sqlite_where=sa.text("state = 'ringing'"),
        postgresql_where=sa.text("state = 'ringing'"),
    ),
    Index(
        "uq_alarms_ringing",
        "incident_id",
        unique=True,
        sqlite_where=sa.text("state = 'ringing'"),
        postgresql_where=sa.text("state = 'ringing'"),
    ),
)

# Whom an alarm went to, at which step, and the message that shows it to them.
alarm_calls = Table(
    "alarm_calls",
    metadata,
    Column("alarm_id", BigInteger, sa.ForeignKey("alarms.id"), primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, sa.ForeignKey("members.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    Column("step", Integer, nullable=False),
    Column("message_id", BigInteger),
    moment("called_at"),
)

# Who is on call, the first of them on duty; quiet hours are minutes of the newsroom's day.
duty_roster = Table(
    "duty_roster",
    metadata,
    Column("member_id", BigInteger, sa.ForeignKey("members.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    Column("place", BigInteger, nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
)

# What members asked the threat log; pages and buttons lead back to it. One with a name is kept.
threat_queries = Table(
    "threat_queries",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("members"),
    Column("name", String(40)),
    Column("words", String(500), nullable=False),
    moment("asked_at"),
    Index("ix_threat_queries_member", "member_id", "id"),
)

# What people filled in of the event record of a threat or an incident: never changed, the latest row of a field counts.
event_records = Table(
    "event_records",
    metadata,
    primary_id(),
    of_newsroom(),
    # "threat" or "incident", and the id of the row.
    Column("about", String(8), nullable=False),
    Column("row_id", BigInteger, nullable=False),
    Column("field", String(20), nullable=False),
    # Nothing: it was emptied.
    Column("value", Text),
    refers_to("members"),
    moment("at"),
    Index("ix_event_records_row", "newsroom_id", "about", "row_id"),
)
