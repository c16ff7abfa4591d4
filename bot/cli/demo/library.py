"""Fills the page's library: what a visitor can forward without writing anything."""

import tomllib
from importlib.resources import files
from typing import Any, Literal

from bot.cli.demo.drawing import Drawing
from bot.simulator import World, origins


async def fill_library(world: World, drawing: Drawing) -> None:
    """Register every item of data/library.toml, in its order, as its picture is drawn."""
    for item in read_items():
        origin = origins.from_spec(item["origin"]) if "origin" in item else None
        named = {"origin": origin, "group": item["group"]}
        if "picture" not in item:
            world.add_library_item(item["title"], "text", item["text"], **named)
            continue
        data = await drawing.picture(item["picture"])
        kind: Literal["photo", "document"] = "document" if item.get("as_file") else "photo"
        name = item["picture"]
        mime_type = "image/png" if name.endswith(".png") else "image/jpeg"
        world.add_library_item(
            item["title"], kind, data, text=item.get("text", ""), file_name=name, mime_type=mime_type, **named
        )


def read_items() -> list[dict[str, Any]]:
    """The items of data/library.toml."""
    text = (files("bot.cli.demo") / "data" / "library.toml").read_text(encoding="utf-8")
    items: list[dict[str, Any]] = tomllib.loads(text)["item"]
    return items
