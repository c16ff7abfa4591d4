"""Some days of comments under the outlet's posts: copies, praise, insults, two threats, and ordinary readers."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final

from bot.cli.demo.fakes import Fake
from bot.cli.demo.tables import read_table

#: Where the outlet's posts lie, by platform.
_POSTS: Final = {
    "facebook": "https://www.facebook.com/akkalkan.demo/posts/{}",
    "instagram": "https://www.instagram.com/akkalkan.demo/p/{}",
    "vk": "https://vk.com/wall-770377_{}",
    "ok": "https://ok.ru/akkalkan.demo/topic/{}",
    "tiktok": "https://www.tiktok.com/@akkalkan.demo/video/{}",
}
#: Before the name of a reader, who has no handle.
_READER: Final = "~"


def comment_lines(today: datetime, fakes: Mapping[str, Fake]) -> list[dict[str, object]]:
    """Lines for `kalkan import comments`; `today` is any moment of this day in the newsroom's zone."""
    return [_line(number, row, today, fakes) for number, row in enumerate(read_table("comments"), start=1)]


def _line(number: int, row: Mapping[str, str], today: datetime, fakes: Mapping[str, Fake]) -> dict[str, object]:
    day = today.date() + timedelta(days=int(row["day"]))
    at = datetime.combine(day, time.fromisoformat(row["time"]), today.tzinfo)
    return {
        "id": f"feed-{number:03}",
        "text": row["text"],
        "account": {"platform": row["platform"]} | _writer(row["writer"], fakes),
        "post": _POSTS[row["platform"]].format(row["post"]),
        "at": at.isoformat(),
    }


def _writer(writer: str, fakes: Mapping[str, Fake]) -> dict[str, str]:
    if writer.startswith(_READER):
        return {"name": writer.removeprefix(_READER)}
    return {"handle": writer, "name": fakes[writer].names[0]}
