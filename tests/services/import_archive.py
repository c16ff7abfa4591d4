"""Files of comments for imports, and what an archive holds of them, whatever their ids and times."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.storage.postings import salt_of
from bot.storage.store import Store
from bot.storage.tables import comments, import_runs, text_postings, text_stops, texts
from tests.services.rooms import rows_of, write_lines

Archive = dict[str, list[tuple[Any, ...]]]
OPENINGS = ("Баары жакшы болот", "Эртең чогулабыз", "Никто не верит", "Жалганчы журналисттер", "Пора расходиться")


def write_comments(path: Path, how_many: int) -> Path:
    """Comments of which some are the same, some alike, and some no comments at all."""

    def line(number: int) -> dict[str, Any]:
        if number % 97 == 5:
            return {"id": number, "text": "", "at": "never"}
        text = f"{OPENINGS[number % 5]}, деп айткан {number // 3 * 7919 % 10_007} киши"
        return {
            "id": number,
            "message": text,
            "author": f"troll{number % 50}",
            "post": f"p{number % 9}",
            "date": number,
        }

    lines = [line(number) | {"date": 1_700_000_000 + number} for number in range(how_many)]
    return write_lines(path, lines)


async def archive_of(store: Store) -> Archive:
    """Every comment, text and posting, without ids, salt, and when and in which run they came."""
    said = ("source", "text", "words", "text_key", "platform", "handle", "author_key", "post", "posted_at")
    own = ("number", "text_key", "words", "state")
    rows = await rows_of(store, comments)
    salt = salt_of(rows[0]["newsroom_id"])

    def print_of(row: Mapping[str, Any]) -> int:
        return int(row["hash"] ^ salt) & ((1 << 48) - 1)

    return {
        "comments": sorted(tuple(map(str, map(row.get, said))) for row in rows),
        "texts": sorted(tuple(map(row.get, own)) for row in await rows_of(store, texts)),
        "postings": sorted((print_of(row), row["number"]) for row in await rows_of(store, text_postings)),
        "stops": sorted((print_of(row), row["texts"]) for row in await rows_of(store, text_stops)),
    }


async def position_of(store: Store) -> int | None:
    """How far an import is that is under way; None when none is."""
    async with store.read() as conn:
        found: int | None = await conn.scalar(sa.select(import_runs.c.position))
    return found
