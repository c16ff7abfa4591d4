"""Queries that forget to ask for their newsroom: what the second wall is for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import operators, visitors


@contextmanager
def forgetting(conn: AsyncConnection) -> Iterator[None]:
    """Every statement of a connection goes to the server without what asks for a newsroom."""

    def before(_conn: Any, statement: Any, many: Any, parameters: Any, _options: Any) -> tuple[Any, Any, Any]:
        if isinstance(statement, sa.Select | sa.CompoundSelect | sa.Update | sa.Delete):
            statement = visitors.replacement_traverse(statement, {}, _forgotten)
        return statement, many, parameters

    sync = conn.sync_connection
    assert sync is not None
    sa.event.listen(sync, "before_execute", before, retval=True)
    try:
        yield
    finally:
        sa.event.remove(sync, "before_execute", before)


def _forgotten(element: Any, **_options: Any) -> Any:
    if not isinstance(element, sa.BinaryExpression) or element.operator is not operators.eq:
        return None
    sides = (element.left, element.right)
    asks = any(isinstance(side, sa.Column) and side.key == "newsroom_id" for side in sides)
    return sa.true() if asks and any(isinstance(side, sa.BindParameter) for side in sides) else None
