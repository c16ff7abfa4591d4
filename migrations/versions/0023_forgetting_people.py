"""Erased accounts are known again by a keyed hash; what was asked to be erased waits as any act of two people."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
WAITS = timedelta(hours=24)

_HISTORY = sa.table(
    "history",
    *(sa.column(name, sa.BigInteger) for name in ("id", "newsroom_id", "subject_id")),
    *(sa.column(name, sa.String) for name in ("subject", "event")),
    sa.column("details", JSON),
    sa.column("at", MOMENT),
)
_SUBMISSIONS = sa.table("submissions", *(sa.column(name, sa.BigInteger) for name in ("id", "newsroom_id", "number")))
_MEMBERS = sa.table("members", *(sa.column(name, sa.BigInteger) for name in ("id", "newsroom_id")))
_ACTS = sa.table(
    "pending_acts",
    *(sa.column(name, sa.BigInteger) for name in ("id", "newsroom_id", "asked_by")),
    *(sa.column(name, sa.String) for name in ("kind", "seal", "state")),
    sa.column("body", JSON),
    *(sa.column(name, MOMENT) for name in ("asked_at", "expires_at")),
)


def upgrade() -> None:
    """Make the table, and let what was asked within the last day wait on."""
    op.create_table(
        "erased_accounts",
        sa.Column("newsroom_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("erased_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["newsroom_id"], ["newsrooms.id"], name=op.f("fk_erased_accounts_newsroom_id")),
        sa.PrimaryKeyConstraint("newsroom_id", "key", name=op.f("pk_erased_accounts")),
    )
    rows = [row for asked in _asked() if (row := _waiting(asked)) is not None]
    if rows:
        op.bulk_insert(_ACTS, rows)


def _asked() -> list[Any]:
    h, s, m = _HISTORY.c, _SUBMISSIONS.c, _MEMBERS.c
    query = sa.select(h.id, h.newsroom_id, h.details, h.at, s.id.label("submission"), s.number).where(
        h.subject == "submission",
        h.event == "erasure_asked",
        h.subject_id == s.id,
        h.newsroom_id == s.newsroom_id,
        s.number.is_not(None),
    )
    members = {(row.newsroom_id, row.id) for row in op.get_bind().execute(sa.select(m.newsroom_id, m.id))}
    found = op.get_bind().execute(query.order_by(h.id)).all()
    return [row for row in found if (row.newsroom_id, (row.details or {}).get("by")) in members]


def _waiting(asked: Any) -> dict[str, Any] | None:
    at = asked.at if asked.at.tzinfo is not None else asked.at.replace(tzinfo=UTC)
    if at + WAITS <= datetime.now(UTC):
        return None
    state = json.dumps([asked.submission], separators=(",", ":"))
    body = {"case": f"K-{asked.number}", "submission": asked.submission, "ground": str(asked.details.get("ground", ""))}
    return {
        # The line of the history has an id of its own kind: no act has it.
        "id": asked.id,
        "newsroom_id": asked.newsroom_id,
        "kind": "erase",
        "body": body,
        "seal": hashlib.sha256(state.encode()).hexdigest(),
        "asked_by": asked.details["by"],
        "asked_at": at,
        "expires_at": at + WAITS,
        "state": "waiting",
    }


def downgrade() -> None:
    """Take the table down; acts of kinds that were unknown before go with it."""
    kinds = ("erase", "erase_account", "erase_person", "erase_member")
    op.execute(sa.delete(_ACTS).where(_ACTS.c.kind.in_(kinds)))
    op.drop_table("erased_accounts")
