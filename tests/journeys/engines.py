"""On which databases journeys are played."""

from typing import Final

import pytest

#: PostgreSQL's turn comes with `make test-cluster`.
ENGINES: Final = ("sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.cluster]))
#: For what reaches into SQLite's own file, or speaks its own SQL.
ON_SQLITE: Final = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
