"""The tables of reports over a period: actors and where they are, their posts, what coders said of them, ads."""

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import metadata, moment, of_newsroom, primary_id, refers_to

# Who is watched: a candidate, a party, an outlet, a public group. `name_key` is by what the same name is known again.
actors = Table(
    "actors",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("name", String(200), nullable=False),
    Column("name_key", String(200), nullable=False),
    Column("category", String(16)),
    moment("added_at"),
    # Every file that spoke of it was withdrawn.
    moment("withdrawn_at", required=False),
    UniqueConstraint("newsroom_id", "name_key"),
)

# Whether an actor is on a platform: that it is not is known as well. Of other platforms nothing is known.
actor_presences = Table(
    "actor_presences",
    metadata,
    Column("actor_id", BigInteger, sa.ForeignKey("actors.id"), primary_key=True, autoincrement=False),
    Column("platform", String(16), primary_key=True),
    of_newsroom(),
    Column("is_present", Boolean, nullable=False),
    Index("ix_actor_presences_newsroom", "newsroom_id"),
)

# A post with its interactions as they were when it was captured. `source` is by what the same post is known again.
posts = Table(
    "posts",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("actors"),
    Column("source", String(600), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("venue", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("link", String(1000), nullable=False),
    Column("reactions", BigInteger, nullable=False),
    Column("comments", BigInteger, nullable=False),
    Column("shares", BigInteger, nullable=False),
    Column("views", BigInteger, nullable=False),
    Column("batch", String(200), nullable=False),
    moment("posted_at"),
    moment("captured_at", required=False),
    moment("added_at"),
    # When it was drawn to be coded; empty for posts that no sample took.
    moment("drawn_at", required=False),
    # Every file that has it was withdrawn: what people said of it stays.
    moment("withdrawn_at", required=False),
    UniqueConstraint("newsroom_id", "source"),
    Index("ix_posts_posted", "newsroom_id", "posted_at"),
    Index(
        "ix_posts_drawn",
        "newsroom_id",
        "id",
        sqlite_where=sa.text("drawn_at IS NOT NULL"),
        postgresql_where=sa.text("drawn_at IS NOT NULL"),
    ),
    Index("ix_posts_actor", "actor_id"),
)

# What a member said of a post. `place` is 1 or 2 for the two who code without seeing each other, 3 for who decides;
# empty when it was passed over. Until it is coded the place is held for the member.
post_codings = Table(
    "post_codings",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("posts"),
    refers_to("members"),
    Column("place", Integer),
    Column("tone", String(8)),
    Column("topic", String(24)),
    moment("held_at"),
    moment("coded_at", required=False),
    UniqueConstraint("post_id", "place"),
    UniqueConstraint("post_id", "member_id"),
    Index("ix_post_codings_member", "newsroom_id", "member_id", "coded_at"),
)

# Ads as they were sighted in a platform's library, with money in hundredths of the currency, from and up to.
ads = Table(
    "ads",
    metadata,
    primary_id(),
    of_newsroom(),
    Column("source", String(600), nullable=False),
    Column("advertiser", String(200), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("count", Integer, nullable=False),
    Column("spend_least", BigInteger),
    Column("spend_most", BigInteger),
    Column("currency", String(3), nullable=False),
    Column("disclaimer", String(500), nullable=False),
    # Empty where nobody looked.
    Column("is_disclosed", Boolean),
    Column("link", String(1000), nullable=False),
    Column("batch", String(200), nullable=False),
    moment("added_at"),
    # Every file that has it was withdrawn.
    moment("withdrawn_at", required=False),
    UniqueConstraint("newsroom_id", "source"),
    Index("ix_ads_days", "newsroom_id", "first_day"),
)

# The windows that somebody compared last, so that buttons under a report lead back to it.
report_orders = Table(
    "report_orders",
    metadata,
    primary_id(),
    of_newsroom(),
    refers_to("members"),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("before_first_day", Date, nullable=False),
    Column("before_last_day", Date, nullable=False),
    moment("at"),
    Index("ix_report_orders_newsroom", "newsroom_id", "id"),
)
