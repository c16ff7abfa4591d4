"""The codebook of reports over a period: categories, tones, topics and venues with their names, and how is sampled.

It is data (codebook.toml beside this file), so that a newsroom's analyst reads and extends it without reading code.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

#: The languages in which every name stands.
LANGUAGES = ("ru", "ky", "en")

Names = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Codebook:
    """Codes in their order, each with its names by language."""

    categories: Names
    tones: Names
    tone_rules: Names
    topics: Names
    venues: Names
    kinds: Names
    #: Categories of which only the first `top` posts of a window are coded.
    sampled: tuple[str, ...]
    top: int
    #: Days after which a post's interactions have settled.
    settled: int
    #: How many code a post.
    coders: int

    def name(self, table: str, code: str, language: str) -> str:
        """What a code is called; the code itself where the table does not have it."""
        names: Names = getattr(self, table)
        return names.get(code, {}).get(language, code)


@cache
def codebook() -> Codebook:
    """The codebook that Kalkan ships. Raises ValueError for one that is not whole."""
    text = resources.files("bot.model").joinpath("codebook.toml").read_text(encoding="utf-8")
    return parsed(text)


def parsed(text: str) -> Codebook:
    """A codebook of TOML. Raises ValueError when it is broken, or a name is missing in a language."""
    data = tomllib.loads(text)
    tables = {name: data.get(name, {}) for name in ("categories", "tones", "tone_rules", "topics", "venues", "kinds")}
    for name, table in tables.items():
        for code, names in table.items():
            if not all(names.get(language) for language in LANGUAGES):
                raise ValueError(f"{name}.{code} is not named in every language")
    sampling = data["sampling"]
    sampled = tuple(sampling["sampled"])
    if not set(sampled) <= set(tables["categories"]):
        raise ValueError("a sampled category is none")
    top, settled, coders = (int(sampling[name]) for name in ("top", "settled", "coders"))
    return Codebook(**tables, sampled=sampled, top=top, settled=settled, coders=coders)
