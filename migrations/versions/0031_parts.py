"""On PostgreSQL, what grows with every comment and every deed lies in parts, by newsroom or by hash."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from alembic import op

from bot.storage.partitions import part_by_hash, part_by_newsroom, parts_of, unpart
from bot.storage.tenant_wall import walling

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


class _Parted(NamedTuple):
    name: str
    #: The primary key until now.
    primary: tuple[str, ...]
    by_hash: bool = False


_TABLES: Final = (
    _Parted("comments", ("id",)),
    _Parted("spike_marks", ("comment_id",)),
    _Parted("spike_mentions", ("comment_id", "staff_id")),
    _Parted("spike_counts", ("newsroom_id", "kind", "ref", "hour")),
    _Parted("texts", ("newsroom_id", "number")),
    _Parted("text_postings", ("hash", "number"), by_hash=True),
    _Parted("text_stops", ("hash",), by_hash=True),
    _Parted("custody_entries", ("newsroom_id", "seq")),
    _Parted("custody_bodies", ("newsroom_id", "seq")),
)
#: They refer to comments, which are found by newsroom and number from now on.
_OF_COMMENTS: Final = ("spike_marks", "spike_mentions")
#: Behind the wall, and referred to. Whether each reference holds is asked as for nobody, who sees none of their rows.
_REFERRED_TO: Final = ("campaigns", "staff", "submission_parts", "submissions")


def upgrade() -> None:
    """Lay the tables in parts, each behind the wall as the table itself."""
    if op.get_bind().dialect.name != "postgresql":
        return
    with _open_to_the_owner():
        _part_from_comments()
        for table in _TABLES:
            if table.by_hash:
                part_by_hash(op.get_bind(), table.name, table.primary)
            else:
                part_by_newsroom(op.get_bind(), table.name, tuple(dict.fromkeys((*table.primary, "newsroom_id"))))
        _bind_to_comments("newsroom_id")
    _wall(name for table in _TABLES if not table.by_hash for name in (table.name, *parts_of(table.name)))


def downgrade() -> None:
    """Lay them into one piece again."""
    if op.get_bind().dialect.name != "postgresql":
        return
    with _open_to_the_owner():
        _part_from_comments()
        for table in _TABLES:
            unpart(op.get_bind(), table.name, table.primary)
        _bind_to_comments()
    _wall(table.name for table in _TABLES if not table.by_hash)


@contextmanager
def _open_to_the_owner() -> Iterator[None]:
    for table in _REFERRED_TO:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    for table in _REFERRED_TO:
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def _part_from_comments() -> None:
    for table in _OF_COMMENTS:
        op.drop_constraint(f"fk_{table}_comment_id", table, type_="foreignkey")


def _bind_to_comments(*more: str) -> None:
    for table in _OF_COMMENTS:
        name = op.f(f"fk_{table}_comment_id")
        op.create_foreign_key(name, table, "comments", ["comment_id", *more], ["id", *more])


def _wall(names: Iterator[str]) -> None:
    for name in names:
        for statement in walling(name):
            op.execute(statement)
