"""Reads the demo's tables: tab-separated text under data/, with the names of the columns in the first line."""

from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of data/NAME.tsv by column."""
    text = (files("bot.cli.demo") / "data" / f"{name}.tsv").read_text(encoding="utf-8")
    head, *lines = (line.split("\t") for line in text.splitlines() if line)
    return [dict(zip(head, cells, strict=True)) for cells in lines]


def several(cell: str) -> list[str]:
    """The values of a cell that holds several."""
    return [value for value in cell.split(";") if value]
