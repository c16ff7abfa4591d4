"""The custody log: its tables, the triggers that keep it append-only, and what was stored before it, recorded late."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPEND_ONLY = ("custody_entries", "custody_bodies")
PAGE = 500

#: What was kept before the log began, with the columns that say what it is and whose it is; in this order.
STORED: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        *("submission_parts", "submission", "submission_id", "sent_at"),
        ("id", "kind", "what", "text", "origin", "sha256", "message_id", "sent_at", "edited_at"),
    ),
    ("photos", "photo", "id", "added_at", ("id", "sha256", "source", "account_id", "submission_id", "added_at")),
    ("rulings", "submission", "submission_id", "at", ("id", "member_id", "kind", "value", "at")),
    ("account_rulings", "account", "account_id", "at", ("id", "member_id", "ruling", "reason", "at")),
    ("threats", "threat", "id", "recorded_at", ("id", "number", "submission_id", "part_id", "level", "status")),
)


def _own(name: str = "newsroom_id") -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def upgrade() -> None:
    """Make room, forbid changes, and queue what is there already."""
    _make_tables()
    for table in APPEND_ONLY:
        for statement in _guards(table):
            op.execute(statement)
    _record_late(op.get_bind())


def downgrade() -> None:
    """Take the log down, with its triggers."""
    for table in ("checkpoints", "keys", "bodies", "entries", "logs", "pending"):
        op.drop_table(f"custody_{table}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION custody_refuse()")


def _make_tables() -> None:
    op.create_table(
        "custody_pending",
        _own("id"),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("noun", sa.String(length=16), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("body", _json(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_keyed("custody_pending", "id"),
    )
    op.create_index("ix_custody_pending_newsroom", "custody_pending", ["newsroom_id", "id"], unique=False)
    op.create_table(
        "custody_logs",
        _own(),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.Column("frontier", sa.LargeBinary(), nullable=False),
        *_keyed("custody_logs", "newsroom_id"),
    )
    op.create_table(
        "custody_entries",
        _own(),
        _own("seq"),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        *_keyed("custody_entries", "newsroom_id", "seq"),
    )
    op.create_index("ix_custody_entries_subject", "custody_entries", ["newsroom_id", "subject", "seq"], unique=False)
    op.create_table(
        "custody_bodies",
        _own(),
        _own("seq"),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        *_keyed("custody_bodies", "newsroom_id", "seq"),
    )
    op.create_table(
        "custody_keys",
        _own(),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        *_keyed("custody_keys", "newsroom_id", "subject"),
    )
    op.create_table(
        "custody_checkpoints",
        _own("id"),
        sa.Column("newsroom_id", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_keyed("custody_checkpoints", "id"),
    )
    op.create_index("ix_custody_checkpoints_newsroom", "custody_checkpoints", ["newsroom_id", "id"], unique=False)


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")


def _keyed(table: str, *key: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f(f"fk_{table}_newsroom_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )


def _guards(table: str) -> Iterator[str]:
    if op.get_bind().dialect.name == "postgresql":
        if table == APPEND_ONLY[0]:
            yield (
                "CREATE FUNCTION custody_refuse() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'the custody log is append-only'; END $$"
            )
        yield (
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION custody_refuse()"
        )
        return
    refuse = "BEGIN SELECT RAISE(ABORT, 'the custody log is append-only'); END"
    yield f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}"
    yield f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}"
    # INSERT OR REPLACE deletes without asking the trigger above.
    there = f"SELECT 1 FROM {table} WHERE newsroom_id = NEW.newsroom_id AND seq = NEW.seq"  # noqa: S608 - the names are ours
    yield f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS ({there}) {refuse}"


def _record_late(connection: sa.Connection) -> None:
    found = sa.MetaData()
    found.reflect(connection, only=["custody_pending", *(table for table, *_ in STORED)])
    pending, number = found.tables["custody_pending"], 0
    for name, noun, owner, moment, columns in STORED:
        after = -1
        while rows := _page(connection, found.tables[name], after):
            late = [each for row in rows for each in _late(row, name, noun, owner, moment, columns)]
            # Numbers below every id that is given from now on: what is old comes first.
            queued = [each | {"id": number + place} for place, each in enumerate(late, 1)]
            connection.execute(sa.insert(pending), queued)
            number, after = number + len(late), rows[-1]["id"]


def _page(connection: sa.Connection, table: sa.Table, after: int) -> list[Mapping[str, Any]]:
    query = sa.select(table).where(table.c.id > after).order_by(table.c.id).limit(PAGE)
    return [dict(row) for row in connection.execute(query).mappings()]


def _late(
    row: Mapping[str, Any], table: str, noun: str, owner: str, moment: str, columns: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    body = {"stored_in": table, "stored_at": _plain(row[moment])} | {name: _plain(row[name]) for name in columns}
    if "member_id" in body:
        body["by"] = body.pop("member_id")
    queued = {"newsroom_id": row["newsroom_id"], "kind": "late", "noun": noun, "row_id": row[owner], "body": body}
    queued |= {"at": _now()}
    if isinstance(body.get("origin"), dict) and body["origin"].get("kind") == "typed":
        # The member's own words stand apart: what was sent can be disclosed without them.
        yield queued | {"body": {"stored_in": table, "part": row["id"], "words": body["text"]}}
        body["text"] = ""
    yield queued


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value


def _now() -> datetime:
    moment = datetime.now(UTC)
    return moment.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else moment
