"""Reports over a period: actors and where they are, their posts, what coders said of them, ads, windows compared."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

INDEXES = {
    "ix_ads_days": ("ads", ["newsroom_id", "first_day"]),
    "ix_actor_presences_newsroom": ("actor_presences", ["newsroom_id"]),
    "ix_posts_actor": ("posts", ["actor_id"]),
    "ix_posts_posted": ("posts", ["newsroom_id", "posted_at"]),
    "ix_post_codings_member": ("post_codings", ["newsroom_id", "member_id", "coded_at"]),
    "ix_report_orders_newsroom": ("report_orders", ["newsroom_id", "id"]),
}
TABLES = ("report_orders", "post_codings", "posts", "actor_presences", "ads", "actors")


def upgrade() -> None:
    """Make the tables."""
    _make_actors()
    _make_ads()
    _make_posts()
    _make_codings()
    _make_orders()
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns, unique=False)
    drawn = sa.text("drawn_at IS NOT NULL")
    op.create_index(
        "ix_posts_drawn", "posts", ["newsroom_id", "id"], unique=False, sqlite_where=drawn, postgresql_where=drawn
    )


def downgrade() -> None:
    """Take them down again."""
    for table in TABLES:
        op.drop_table(table)


def _id(name: str = "id", *, required: bool = True) -> "sa.Column[Any]":
    if name == "id":
        return sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False)
    return sa.Column(name, sa.BigInteger(), nullable=not required)


def _text(name: str, length: int | None, *, required: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, sa.String(length=length) if length else sa.Text(), nullable=not required)


def _moment(name: str, *, required: bool = True) -> "sa.Column[Any]":
    return sa.Column(name, MOMENT, nullable=not required)


def _own(table: str, *references: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    every = (("newsroom_id", "newsrooms"), *references)
    return [sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}")) for name, to in every]


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*(columns or ("id",)), name=op.f(f"pk_{table}"))


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _make_actors() -> None:
    op.create_table(
        "actors",
        _id(),
        _id("newsroom_id"),
        _text("name", 200),
        _text("name_key", 200),
        _text("category", 16, required=False),
        _moment("added_at"),
        *_own("actors"),
        _primary("actors"),
        _unique("actors", "newsroom_id", "name_key"),
    )
    op.create_table(
        "actor_presences",
        sa.Column("actor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("platform", 16),
        _id("newsroom_id"),
        sa.Column("is_present", sa.Boolean(), nullable=False),
        *_own("actor_presences", ("actor_id", "actors")),
        _primary("actor_presences", "actor_id", "platform"),
    )


def _make_ads() -> None:
    op.create_table(
        "ads",
        _id(),
        _id("newsroom_id"),
        _text("source", 600),
        _text("advertiser", 200),
        _text("platform", 16),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _id("spend_least", required=False),
        _id("spend_most", required=False),
        _text("currency", 3),
        _text("disclaimer", 500),
        sa.Column("is_disclosed", sa.Boolean(), nullable=True),
        _text("link", 1000),
        _text("batch", 200),
        _moment("added_at"),
        *_own("ads"),
        _primary("ads"),
        _unique("ads", "newsroom_id", "source"),
    )


def _make_posts() -> None:
    op.create_table(
        "posts",
        _id(),
        _id("newsroom_id"),
        _id("actor_id"),
        _text("source", 600),
        _text("platform", 16),
        _text("venue", 8),
        _text("text", None),
        _text("link", 1000),
        *(_id(name) for name in ("reactions", "comments", "shares", "views")),
        _text("batch", 200),
        _moment("posted_at"),
        _moment("captured_at", required=False),
        _moment("added_at"),
        _moment("drawn_at", required=False),
        *_own("posts", ("actor_id", "actors")),
        _primary("posts"),
        _unique("posts", "newsroom_id", "source"),
    )


def _make_codings() -> None:
    op.create_table(
        "post_codings",
        _id(),
        _id("newsroom_id"),
        _id("post_id"),
        _id("member_id"),
        sa.Column("place", sa.Integer(), nullable=True),
        _text("tone", 8, required=False),
        _text("topic", 24, required=False),
        _moment("held_at"),
        _moment("coded_at", required=False),
        *_own("post_codings", ("post_id", "posts"), ("member_id", "members")),
        _primary("post_codings"),
        _unique("post_codings", "post_id", "member_id"),
        _unique("post_codings", "post_id", "place"),
    )


def _make_orders() -> None:
    days = ("first_day", "last_day", "before_first_day", "before_last_day")
    op.create_table(
        "report_orders",
        _id(),
        _id("newsroom_id"),
        _id("member_id"),
        *(sa.Column(name, sa.Date(), nullable=False) for name in days),
        _moment("at"),
        *_own("report_orders", ("member_id", "members")),
        _primary("report_orders"),
    )
