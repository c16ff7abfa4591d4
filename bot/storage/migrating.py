"""Runs Alembic's migrations on an open connection, with no ini file to find."""

from importlib.resources import files
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the schema up to `revision`."""
    if revision == "head" and is_current(connection):
        return
    from alembic import command  # noqa: PLC0415 - costs half a second, and is hardly ever needed

    command.upgrade(alembic_config(connection), revision)


def downgrade(connection: sa.Connection, revision: str = "base") -> None:
    """Take the schema back to `revision`."""
    from alembic import command  # noqa: PLC0415 - see above

    command.downgrade(alembic_config(connection), revision)


def alembic_config(connection: sa.Connection) -> "Config":
    """Alembic's configuration for the packaged migrations, bound to `connection`."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.attributes["connection"] = connection
    return config


def is_current(connection: sa.Connection) -> bool:
    """Whether the database is at the newest migration: their files begin with their numbers."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return False
    there = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    connection.rollback()
    return bool(there == max(revisions_known()))


def revisions_known() -> set[str]:
    """Every revision that this version of Kalkan has a migration to."""
    names = (entry.name for entry in files("migrations").joinpath("versions").iterdir())
    return {name.partition("_")[0] for name in names if name[:1].isdigit()}
