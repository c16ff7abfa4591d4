"""Runs Alembic's migrations on an open connection, with no ini file to find."""

from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config


def alembic_config(connection: sa.Connection) -> Config:
    """Alembic's configuration for the packaged migrations, bound to `connection`."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Bring the schema up to `revision`."""
    command.upgrade(alembic_config(connection), revision)


def downgrade(connection: sa.Connection, revision: str = "base") -> None:
    """Take the schema back to `revision`."""
    command.downgrade(alembic_config(connection), revision)
