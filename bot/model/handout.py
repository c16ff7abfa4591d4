"""A digest or a report to hand on: a document with charts and tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.chart import Chart

#: What stands in a cell of a table.
Cell = str | int | float


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table of a workbook: a sheet of its own, by this name."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """Lines of text and charts under a heading."""

    title: str
    lines: Sequence[str] = ()
    charts: Sequence[Chart] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Handout:
    """All of it. `notes` (sampling rule, capture delay, checkpoint) stand at the foot of every page and sheet."""

    title: str
    under: str
    made_at: datetime
    facts: Sequence[tuple[str, str]] = ()
    chapters: Sequence[Chapter] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[str] = ()
    footer: str = ""
