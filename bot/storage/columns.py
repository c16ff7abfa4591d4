"""Column types that mean the same on SQLite and PostgreSQL, and the one catalogue in which every table stands."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime, kept in UTC; a naive one is refused before it reaches the database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """UTC for the database; SQLite keeps it without its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime reached the store")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - the interface of SQLAlchemy
        """Aware again, whatever the engine gave."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# An absent value is SQL's NULL, so that "not read yet" can be asked for.
Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def primary_id() -> sa.Column[int]:
    """The primary key: made by bot.model.ids, never by the engine."""
    return sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False)


def of_newsroom() -> sa.Column[int]:
    """The tenant: in every table, from the first."""
    return sa.Column("newsroom_id", sa.BigInteger, sa.ForeignKey("newsrooms.id"), nullable=False)


def moment(name: str, *, required: bool = True) -> sa.Column[Any]:
    """A point in time."""
    return sa.Column(name, UtcDateTime, nullable=not required)


def refers_to(table: str, name: str | None = None, *, required: bool = True) -> sa.Column[int]:
    """A foreign key to another table's id."""
    return sa.Column(
        name or f"{table.removesuffix('s')}_id", sa.BigInteger, sa.ForeignKey(f"{table}.id"), nullable=not required
    )
