"""The tables of farms: farms, memberships, suggested links, runs, votes; curators and clients; leaked work reports."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import Json, metadata, moment, of_newsroom, primary_id, refers_to

# A farm keeps its number for ever. `name` is what people call it, and the label by which imports know it.
farms = Table(
    "farms",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("name", String(100)),
    moment("found_at"),
    UniqueConstraint("newsroom_id", "number"),
)

# That an account belongs to a farm, as a person said or a label that was imported: never written by a computation.
# A membership that ended stays as history.
farm_members = Table(
    "farm_members",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("farms"),
    refers_to("accounts"),
    Column("reason", Text, nullable=False),
    Column("confidence", Integer, nullable=False),
    Column("source", String(8), nullable=False),
    refers_to("members", required=False),
    moment("at"),
    moment("ended_at", required=False),
    refers_to("members", "ended_by", required=False),
    Index("ix_farm_members_farm", "farm_id", "ended_at"),
    Index("ix_farm_members_account", "account_id"),
    Index("ix_farm_members_newsroom", "newsroom_id", "ended_at"),
)

# Two accounts that seem to be run together; the smaller id first. `told_apart` are the kinds of evidence that a person
# had seen when they said no: the pair is offered again only when there are others.
farm_links = Table(
    "farm_links",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("accounts"),
    refers_to("accounts", "other_id"),
    refers_to("farms", required=False),
    Column("weights", Json, nullable=False),
    Column("weight", Float, nullable=False),
    Column("state", String(8), nullable=False),
    Column("told_apart", Json),
    Column("is_renewed", Boolean, nullable=False, server_default=sa.false()),
    refers_to("members", required=False),
    moment("decided_at", required=False),
    moment("found_at"),
    moment("seen_at"),
    UniqueConstraint("account_id", "other_id"),
    Index("ix_farm_links_other", "other_id"),
    Index("ix_farm_links_state", "newsroom_id", "state", "weight"),
)

# To which farm the last computation would put an account; an offer, no membership.
farm_suggestions = Table(
    "farm_suggestions",
    metadata,
    Column("account_id", BigInteger, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    refers_to("farms"),
    Column("confidence", Integer, nullable=False),
    moment("at"),
    Index("ix_farm_suggestions_farm", "newsroom_id", "farm_id"),
)

# When an account changed sides, as the last computation has it.
farm_switches = Table(
    "farm_switches",
    metadata,
    Column("account_id", BigInteger, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    of_newsroom(),
    moment("at"),
    moment("earliest"),
    moment("latest"),
    Column("turned_on", String(200), nullable=False),
    Column("turned_to", String(200), nullable=False),
    Index("ix_farm_switches_newsroom", "newsroom_id"),
)

farm_runs = Table(
    "farm_runs",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("members", required=False),
    Column("state", String(8), nullable=False),
    Column("accounts", Integer, nullable=False),
    Column("comments", BigInteger, nullable=False),
    Column("links", Integer, nullable=False),
    Column("farms", Integer, nullable=False),
    moment("begun_at"),
    moment("ended_at", required=False),
    Index("ix_farm_runs_newsroom", "newsroom_id", "id"),
)

# Days of votes that editors gave: overtime is looked for before them.
farm_votes = Table(
    "farm_votes",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("day", Date, nullable=False),
    Column("name", String(100), nullable=False),
    refers_to("members"),
    moment("at"),
    UniqueConstraint("newsroom_id", "day"),
)

# People behind farms: of two kinds, "curator" and "client". For `security` only.
curators = Table(
    "curators",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("name", String(200), nullable=False),
    Column("note", Text),
    Column("grade", String(2), nullable=False),
    refers_to("members"),
    moment("at"),
    moment("removed_at", required=False),
    UniqueConstraint("newsroom_id", "number"),
)

# With which farm, or which kind of accounts, such a person had to do, from when to when, by which source.
curator_ties = Table(
    "curator_ties",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("curators"),
    refers_to("farms", required=False),
    Column("account_kind", String(10)),
    Column("since", Date),
    Column("until", Date),
    Column("grade", String(2), nullable=False),
    Column("why", Text, nullable=False),
    refers_to("members"),
    moment("at"),
    moment("removed_at", required=False),
    Index("ix_curator_ties_curator", "curator_id"),
    Index("ix_curator_ties_farm", "farm_id"),
)

# What else could explain the same facts.
curator_hypotheses = Table(
    "curator_hypotheses",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("curators"),
    Column("text", Text, nullable=False),
    Column("grade", String(2), nullable=False),
    refers_to("members"),
    moment("at"),
    Index("ix_curator_hypotheses_curator", "curator_id"),
)

# A screenshot or words that trolls sent their bosses. Nothing here says who handed it in: no member, no message, no
# origin; only the day, and ids that are drawn at random because ours tell the millisecond.
work_reports = Table(
    "work_reports",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("number", BigInteger, nullable=False),
    Column("sha256", String(64)),
    Column("text", Text, nullable=False),
    refers_to("farms", required=False),
    Column("day", Date, nullable=False),
    UniqueConstraint("newsroom_id", "number"),
)

# Albums that bring a work report, for a day: other pictures of one may come to another process, or after a restart. Of
# chat and album nothing stands here but a keyed hash.
report_albums = Table(
    "report_albums",
    metadata,
    Column("key", String(64), primary_key=True),
    of_newsroom(),
    moment("until"),
)
