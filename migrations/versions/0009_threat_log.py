"""The threat log: records with all that people do with them, incidents, alarms, the duty roster, saved queries."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ID = sa.BigInteger

NEW_COLUMNS = (
    ("place", sa.Integer(), "0"),
    ("category", sa.String(length=16), "threat"),
    ("text", sa.Text(), ""),
    ("searched", sa.Text(), ""),
    ("times", sa.Integer(), "1"),
    ("channel", sa.String(length=12), None),
    ("platform", sa.String(length=16), None),
    ("account", sa.String(length=220), None),
    ("link", sa.String(length=500), None),
    ("spot", sa.String(length=200), None),
    ("spans", None, None),
    ("demotions", None, None),
    ("measures", None, None),
    ("triage", None, None),
    ("reporter_id", ID(), None),
    ("assignee_id", ID(), None),
    ("incident_id", ID(), None),
    ("first_seen", MOMENT, None),
    ("last_seen", MOMENT, None),
)
REFERENCES = {"reporter_id": "members", "assignee_id": "members", "incident_id": "incidents"}
INDEXES = {
    "ix_threats_status": ("threats", ["newsroom_id", "status", "number"]),
    "ix_threats_incident": ("threats", ["incident_id"]),
    "ix_threats_submission": ("threats", ["submission_id"]),
    "ix_threat_sightings_threat": ("threat_sightings", ["threat_id"]),
    "ix_threat_sightings_key": ("threat_sightings", ["newsroom_id", "text_key"]),
    "ix_threat_sightings_seen": ("threat_sightings", ["newsroom_id", "seen_at"]),
    "ix_threat_sightings_submission": ("threat_sightings", ["submission_id"]),
    "ix_threat_targets_staff": ("threat_targets", ["newsroom_id", "staff_id"]),
    "ix_incidents_last_seen": ("incidents", ["newsroom_id", "last_seen"]),
    "ix_alarms_incident": ("alarms", ["incident_id"]),
    "ix_threat_queries_member": ("threat_queries", ["member_id", "id"]),
}
TABLES = (
    "threat_queries",
    "duty_roster",
    "alarm_calls",
    "alarms",
    "threat_targets",
    "threat_sightings",
)


def upgrade() -> None:
    """Make room; what was recorded before keeps its number, with the words and the reporter of its case."""
    op.add_column("newsrooms", sa.Column("incident_counter", ID(), server_default="0", nullable=False))
    _make_incidents()
    with op.batch_alter_table("threats") as batch:
        for name, kind, default in NEW_COLUMNS:
            batch.add_column(
                sa.Column(name, _json() if kind is None else kind, server_default=default, nullable=default is None)
            )
        for name, table in REFERENCES.items():
            batch.create_foreign_key(op.f(f"fk_threats_{name}"), table, [name], ["id"])
        batch.drop_constraint("uq_threats_part_id", type_="unique")
        batch.create_unique_constraint(op.f("uq_threats_part_id_place"), ["part_id", "place"])
    _make_sightings()
    _make_targets()
    _make_alarms()
    _make_duty()
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns, unique=False)
    ringing = sa.text("state = 'ringing'")
    for name, column, unique in (("ix_alarms_due", "due_at", False), ("uq_alarms_ringing", "incident_id", True)):
        op.create_index(name, "alarms", [column], unique=unique, sqlite_where=ringing, postgresql_where=ringing)
    _carry_over()


def downgrade() -> None:
    """Take it down again; the records themselves stay as they were before."""
    for table in TABLES:
        op.drop_table(table)
    op.execute(
        sa.text(
            "DELETE FROM threats WHERE EXISTS (SELECT 1 FROM threats o WHERE o.part_id = threats.part_id"
            " AND o.place < threats.place)"
        )
    )
    op.execute(sa.text("UPDATE threats SET status = 'open' WHERE status NOT IN ('dismissed', 'withdrawn')"))
    for name in ("ix_threats_status", "ix_threats_incident", "ix_threats_submission"):
        op.drop_index(name, table_name="threats")
    with op.batch_alter_table("threats") as batch:
        batch.drop_constraint("uq_threats_part_id_place", type_="unique")
        batch.create_unique_constraint(op.f("uq_threats_part_id"), ["part_id"])
        for name in REFERENCES:
            batch.drop_constraint(f"fk_threats_{name}", type_="foreignkey")
        for name, _, _ in NEW_COLUMNS:
            batch.drop_column(name)
    op.drop_table("incidents")
    op.drop_column("newsrooms", "incident_counter")


def _json() -> Any:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _own(table: str, *references: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    every = (("newsroom_id", "newsrooms"), *references)
    return [sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}")) for name, to in every]


def _id(name: str, *, required: bool = True) -> sa.Column[int]:
    return sa.Column(name, ID(), nullable=not required)


def _primary(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, ID(), autoincrement=False, nullable=False)


def _make_incidents() -> None:
    op.create_table(
        "incidents",
        _primary(),
        _id("newsroom_id"),
        _id("number"),
        sa.Column("staff_ids", _json(), nullable=False),
        sa.Column("campaign_numbers", _json(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        _id("merged_into", required=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        *_own("incidents", ("merged_into", "incidents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
        sa.UniqueConstraint("newsroom_id", "number", name=op.f("uq_incidents_newsroom_id_number")),
    )


def _make_sightings() -> None:
    table = "threat_sightings"
    op.create_table(
        table,
        _primary(),
        _id("newsroom_id"),
        _id("threat_id"),
        _id("submission_id"),
        _id("part_id"),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _id("text_key"),
        sa.Column("aim", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=220)),
        sa.Column("author_key", sa.String(length=220)),
        sa.Column("link", sa.String(length=500)),
        sa.Column("posted_at", MOMENT),
        sa.Column("seen_at", MOMENT, nullable=False),
        *_own(table, ("threat_id", "threats"), ("submission_id", "submissions"), ("part_id", "submission_parts")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("part_id", "place", name=op.f(f"uq_{table}_part_id_place")),
    )


def _make_targets() -> None:
    table = "threat_targets"
    op.create_table(
        table,
        _primary(),
        _id("newsroom_id"),
        _id("threat_id"),
        _id("staff_id", required=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("searched", sa.String(length=200), nullable=False),
        *_own(table, ("threat_id", "threats"), ("staff_id", "staff")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("threat_id", "name", name=op.f(f"uq_{table}_threat_id_name")),
    )


def _make_alarms() -> None:
    op.create_table(
        "alarms",
        _primary(),
        _id("newsroom_id"),
        _id("incident_id"),
        _id("threat_id"),
        sa.Column("state", sa.String(length=8), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("step", "times", "threats", "severity")),
        sa.Column("imminent", sa.Boolean(), nullable=False),
        _id("answered_by", required=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("answered_at", MOMENT),
        *_own("alarms", ("incident_id", "incidents"), ("threat_id", "threats"), ("answered_by", "members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
    )
    op.create_table(
        "alarm_calls",
        _primary("alarm_id"),
        _primary("member_id"),
        _id("newsroom_id"),
        sa.Column("step", sa.Integer(), nullable=False),
        _id("message_id", required=False),
        sa.Column("called_at", MOMENT, nullable=False),
        *_own("alarm_calls", ("alarm_id", "alarms"), ("member_id", "members")),
        sa.PrimaryKeyConstraint("alarm_id", "member_id", name=op.f("pk_alarm_calls")),
    )


def _make_duty() -> None:
    op.create_table(
        "duty_roster",
        _primary("member_id"),
        _id("newsroom_id"),
        _id("place"),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_until", sa.Integer()),
        *_own("duty_roster", ("member_id", "members")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_duty_roster")),
    )
    op.create_table(
        "threat_queries",
        _primary(),
        _id("newsroom_id"),
        _id("member_id"),
        sa.Column("name", sa.String(length=40)),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        *_own("threat_queries", ("member_id", "members")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_threat_queries")),
    )


def _carry_over() -> None:
    """Records made before: new instead of open, with words, reporter and moments of their submission, seen once."""
    op.execute(sa.text("UPDATE threats SET status = 'new' WHERE status = 'open'"))
    of_part = "FROM submission_parts p JOIN submissions s ON s.id = p.submission_id WHERE p.id = threats.part_id"
    op.execute(
        sa.text(
            f"UPDATE threats SET text = (SELECT p.text {of_part}), searched = (SELECT lower(p.text) {of_part}),"  # noqa: S608 - no value in it
            f" reporter_id = (SELECT s.member_id {of_part}), first_seen = (SELECT p.sent_at {of_part}),"
            f" last_seen = (SELECT p.sent_at {of_part})"
        )
    )
    op.execute(
        sa.text(
            "INSERT INTO threat_sightings (id, newsroom_id, threat_id, submission_id, part_id, place, text, words,"
            " text_key, aim, seen_at) SELECT t.id, t.newsroom_id, t.id, t.submission_id, t.part_id, 0, t.text,"
            " t.searched, 0, '', t.recorded_at FROM threats t"
        )
    )
    op.execute(
        sa.text(
            "UPDATE threat_sightings SET text_key = COALESCE((SELECT max(c.text_key) FROM comments c"
            " WHERE c.part_id = threat_sightings.part_id), 0), words = COALESCE((SELECT max(c.words) FROM comments c"
            " WHERE c.part_id = threat_sightings.part_id), '')"
        )
    )
