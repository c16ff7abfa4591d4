"""The wall around restricted cases: for a viewer, every table is read without the rows that are kept from them.

A case that is restricted to named members must not be known to others by any way of the bot, and there are hundreds of
queries. So it is no condition that each of them has to remember: whoever reads for somebody says once for whom
(`looking_as`), and from then on every statement of a `Store.read()` or `Store.write()` sees each table of WALLED as if
the hidden rows were not there, joined and nested ones too. Rows that would be changed or deleted are left out as well.
WALLED and FREE name every table of the archive, and a test compares: a new table without a word here fails.

Without a viewer nothing is hidden: the clock, the filing of what comes in, backups and erasure are the house's own.
Statements that go to the driver as they are (`bot.storage.direct`) pass by the wall: they may not read WALLED.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql import visitors

from bot.model.viewer import Viewer
from bot.storage.restricted_rows import Hidden, Row
from bot.storage.tables import (
    account_facts,
    account_reports,
    account_rulings,
    accounts,
    alarm_calls,
    alarms,
    campaign_pictures,
    campaigns,
    case_restrictions,
    comments,
    digest_claims,
    event_records,
    history,
    incidents,
    photo_rulings,
    photos,
    restriction_members,
    retention_marks,
    rulings,
    screen_readings,
    sealed_bodies,
    spikes,
    stock_phrases,
    submission_accounts,
    submission_parts,
    submissions,
    takedowns,
    threat_sightings,
    threat_targets,
    threats,
)

_OPTION: Final = "viewer"
_LOOKING: ContextVar[Viewer | None] = ContextVar("looking", default=None)
#: Which of a table's rows a viewer may not see. A case's own member keeps the case, and no record of it.
Keeps = Callable[[Hidden, Row], sa.ColumnElement[bool]]


def _of_case(hidden: Hidden, row: Row) -> sa.ColumnElement[bool]:
    return hidden.has(row.submission_id, hidden.cases)


def _of_record(hidden: Hidden, row: Row) -> sa.ColumnElement[bool]:
    return hidden.has(row.threat_id, hidden.threats)


WALLED: Final[Mapping[sa.Table, Keeps]] = {
    submissions: lambda hidden, row: hidden.has(row.id, hidden.cases),
    submission_parts: _of_case,
    submission_accounts: _of_case,
    comments: _of_case,
    screen_readings: _of_case,
    rulings: _of_case,
    photos: _of_case,
    photo_rulings: _of_case,
    campaign_pictures: _of_case,
    retention_marks: _of_case,
    case_restrictions: lambda hidden, row: hidden.has(row.submission_id, hidden.records),
    restriction_members: lambda hidden, row: hidden.has(row.submission_id, hidden.records),
    threats: lambda hidden, row: hidden.has(row.submission_id, hidden.records),
    sealed_bodies: lambda hidden, row: hidden.has(row.submission_id, hidden.records),
    threat_sightings: lambda hidden, row: sa.or_(
        hidden.has(row.submission_id, hidden.records), hidden.has(row.threat_id, hidden.threats)
    ),
    threat_targets: _of_record,
    alarms: _of_record,
    alarm_calls: lambda hidden, row: hidden.has(row.alarm_id, hidden.alarms),
    incidents: lambda hidden, row: hidden.has(row.id, hidden.incidents),
    event_records: lambda hidden, row: hidden.told_of(row.about, row.row_id),
    history: lambda hidden, row: hidden.told_of(row.subject, row.subject_id),
    digest_claims: lambda hidden, row: hidden.told_of(row.noun, row.row_id),
    campaigns: lambda hidden, row: hidden.has(row.id, hidden.campaigns),
    stock_phrases: lambda hidden, row: hidden.has(row.text_key, hidden.texts),
}
#: Columns that may quote a restricted case, and what stands there instead.
BLANKED: Final[Mapping[sa.Table, Mapping[str, Callable[[Hidden, Row], sa.ColumnElement[Any]]]]] = {
    campaigns: {"name": lambda hidden, row: hidden.unnamed(row.id, row.name)},
    accounts: {
        "reason": lambda hidden, row: hidden.unlabelled(row.reason),
        "source": lambda hidden, row: hidden.unlabelled(row.source),
    },
    account_rulings: {"reason": lambda hidden, row: hidden.unlabelled(row.reason)},
    account_reports: {"source": lambda hidden, row: hidden.unlabelled(row.source)},
    account_facts: {"source": lambda hidden, row: hidden.unlabelled(row.source)},
    takedowns: {"evidence": lambda hidden, row: hidden.without_cases(row.evidence)},
    spikes: {
        "name": lambda hidden, row: hidden.unnamed_series(row.kind, row.ref, row.name),
        "joined": lambda hidden, row: hidden.without_campaigns(row.joined),
        "campaigns": lambda hidden, row: hidden.without_campaigns(row.campaigns),
    },
}
#: Tables in which nothing is a case's, each with why.
FREE: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("newsrooms", "members", "invites", "lockdowns", "vigils", "openings", "step_ups", "recovery_codes"),
        "the house and its people",
    ),
    **dict.fromkeys(
        ("custody_bodies", "custody_checkpoints", "custody_entries", "custody_keys", "custody_logs", "custody_pending"),
        "the log: /audit shows numbers and deeds of it, never what a case holds",
    ),
    **dict.fromkeys(("inbox_updates", "outbox_messages", "outbox_chats"), "nobody reads them; what goes out is asked"),
    **dict.fromkeys(("sent_messages", "spent_presses", "dialogs"), "places in a member's own chat"),
    **dict.fromkeys(
        ("digests", "digest_slots", "digest_schedules", "digest_chats"),
        "made for nobody in particular; what is told again is looked through once more (services.digests)",
    ),
    **dict.fromkeys(
        ("texts", "text_postings", "text_stops", "campaign_parts", "campaigns_apart", "text_rejections"),
        "the index of texts: shown together with their comments alone",
    ),
    **dict.fromkeys(("spike_counts", "spike_cursors", "spike_marks", "spike_mentions", "daily_chores"), "numbers"),
    "processes": "the machine's own",
    **dict.fromkeys(
        ("photo_descriptions", "photo_owners", "sealed_originals", "seal_recipients", "vault_removals"),
        "of bytes by their hash, whoever has them; where they were seen says `photos`",
    ),
    **dict.fromkeys(
        (
            *("account_details", "account_files", "account_links", "account_names", "account_share_rows"),
            *("account_shares", "farm_links", "farm_members", "farm_runs", "farm_suggestions", "farm_switches"),
            *("farm_votes", "farms", "impersonations", "public_labels", "takedown_batches", "outreaches"),
            "outreach_keys",
        ),
        "what people and lists said of accounts, farms and owners: no row of it is a case's",
    ),
    **dict.fromkeys(
        ("curators", "curator_ties", "curator_hypotheses", "work_reports", "report_albums"),
        "of security leads alone, and of no case",
    ),
    **dict.fromkeys(("imported_files", "imported_sayings"), "what files say of such rows; nobody is shown it"),
    **dict.fromkeys(
        ("exchange_partners", "exchange_items", "exchange_files", "exchange_countersigns"),
        "other newsrooms' words, by hashes; to which case one fits is asked through its comments and photos",
    ),
    **dict.fromkeys(
        ("exchange_exports", "exchange_shared"), "what was said as anybody sees it: restricted cases are left out"
    ),
    **dict.fromkeys(("actors", "actor_presences", "posts", "post_codings", "ads", "report_orders"), "imported posts"),
    **dict.fromkeys(("staff", "staff_photos", "staff_watches", "duty_roster"), "who is protected, who is on call"),
    **dict.fromkeys(
        ("threat_models", "threat_queries", "threat_words", "import_runs", "pending_acts"),
        "what people asked, taught and agreed on; an act names its case by a number that is asked when it is shown",
    ),
    **dict.fromkeys(("body_hash_keys", "erased_accounts"), "keys and keyed hashes"),
    **dict.fromkeys(("watch_windows", "published_stories"), "the newsroom's own plans"),
}


@contextmanager
def looking_as(viewer: Viewer | None) -> Iterator[None]:
    """Read for this viewer; None is the house itself, which sees everything."""
    token = _LOOKING.set(viewer)
    try:
        yield
    finally:
        _LOOKING.reset(token)


def look_as(viewer: Viewer | None) -> None:
    """The same for the rest of the task."""
    _LOOKING.set(viewer)


def looking() -> Viewer | None:
    """For whom is read now."""
    return _LOOKING.get()


def is_up(conn: AsyncConnection) -> bool:
    """Whether something is hidden from whom this connection reads for."""
    return (conn.sync_connection is not None) and _viewer(conn.sync_connection.get_execution_options()) is not None


def _viewer(options: Mapping[str, Any]) -> Viewer | None:
    found: Viewer | None = options.get(_OPTION)
    return found


async def raise_wall(conn: AsyncConnection) -> None:
    """Let a connection, whose transaction begins, read for whom is looking; where nothing is hidden, no wall stands."""
    viewer = _LOOKING.get()
    if is_up(conn):
        await conn.execution_options(**{_OPTION: None})
    if viewer is not None and await conn.scalar(_is_any_hidden(viewer)):
        await conn.execution_options(**{_OPTION: viewer})


@lru_cache(maxsize=1024)
def _is_any_hidden(viewer: Viewer) -> sa.Select[tuple[bool]]:
    # Asked by every transaction of a member's, and putting it together takes as long as a small transaction.
    return sa.select(Hidden(viewer).records.exists())


def build_wall(engine: AsyncEngine) -> None:
    """Have an engine put every statement of a viewer's connection behind the wall."""

    @sa.event.listens_for(engine.sync_engine, "before_execute", retval=True)
    def before(
        _conn: sa.Connection, statement: Any, many: Any, parameters: Any, options: Mapping[str, Any]
    ) -> tuple[Any, Any, Any]:
        viewer = _viewer(options)
        if viewer is not None and isinstance(statement, sa.ClauseElement):
            statement = walled(statement, viewer)
        return statement, many, parameters


def walled(statement: Any, viewer: Viewer) -> Any:
    """A statement as a viewer may ask it."""
    if isinstance(statement, sa.Update | sa.Delete):
        table = statement.table
        keeps = WALLED.get(table) if isinstance(table, sa.Table) else None
        return statement if keeps is None else statement.where(sa.not_(keeps(Hidden(viewer), table.c)))
    if isinstance(statement, sa.Insert):
        return statement
    return _Wall(Hidden(viewer)).around(statement)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands in for a table, or for one of its aliases, throughout a statement."""

    table: sa.FromClause
    instead: sa.Subquery


class _Wall:
    """Replaces tables, their aliases and the columns of both by what a viewer may see of them."""

    def __init__(self, hidden: Hidden) -> None:
        self._hidden = hidden
        self._instead: dict[sa.FromClause, sa.Subquery] = {}

    def around(self, statement: Any) -> Any:
        return visitors.replacement_traverse(statement, {}, self._replace)

    def _replace(self, element: Any, **_options: Any) -> Any:
        if isinstance(element, sa.Table | sa.Alias):
            return self._standing_for(element)
        if isinstance(element, sa.Column | sa.ColumnClause) and isinstance(element.table, sa.Table | sa.Alias):
            found = self._standing_for(element.table)
            return found.c[element.key] if found is not None else None
        return None

    def _standing_for(self, source: sa.FromClause) -> sa.Subquery | None:
        table = source.element if isinstance(source, sa.Alias) else source
        if not isinstance(table, sa.Table) or (table not in WALLED and table not in BLANKED):
            return None
        if source not in self._instead:
            self._instead[source] = self._seen(table).subquery(source.name if isinstance(source, sa.Table) else None)
        return self._instead[source]

    def _seen(self, table: sa.Table) -> sa.Select[Any]:
        row = table.alias().c
        blanked = BLANKED.get(table, {})
        columns = [
            blanked[each.key](self._hidden, row).label(each.key) if each.key in blanked else each for each in row
        ]
        keeps = WALLED.get(table)
        seen = sa.select(*columns)
        return seen if keeps is None else seen.where(sa.not_(keeps(self._hidden, row)))
