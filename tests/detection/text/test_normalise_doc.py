"""docs/normalisation.md: what its tables say is what the program does."""

import re
from pathlib import Path

import pytest

from detection.text import normalise

PAGE = Path(__file__).parents[3] / "docs" / "normalisation.md"


def rows(header: str) -> list[list[str]]:
    """The cells of every table under a header row, with escaped code points resolved."""
    text = PAGE.read_text("utf-8")
    found: list[list[str]] = []
    for table in re.findall(rf"^{re.escape(header)}\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE):
        for line in table.splitlines():
            shown = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), line)
            found.append([cell.strip() for cell in shown.strip("|").split(" | ")])
    return found


def test_the_page_has_its_tables() -> None:
    """A renamed column would leave nothing to check."""
    assert len(rows("| written | words |")) >= 25
    assert len(rows("| one spelling | the other | words |")) >= 10
    assert len(rows("| class | Cyrillic | Latin spellings |")) >= 10


@pytest.mark.parametrize(("written", "words"), rows("| written | words |"))
def test_written_so_it_becomes_these_words(written: str, words: str) -> None:
    """One example a row."""
    assert normalise(written).words == words


@pytest.mark.parametrize(("one", "other", "words"), rows("| one spelling | the other | words |"))
def test_two_spellings_are_one(one: str, other: str, words: str) -> None:
    """Both columns give the words of the third; a sign that Unicode calls punctuation may part a word."""
    assert normalise(one).words == words
    assert normalise(other).skeleton == words.replace(" ", "")


@pytest.mark.parametrize(("sound", "cyrillic", "latin"), rows("| class | Cyrillic | Latin spellings |"))
def test_every_spelling_of_a_class_gives_its_letter(sound: str, cyrillic: str, latin: str) -> None:
    """Each spelling between two consonants, so that nothing else folds it."""
    expected = "" if sound == "nothing" else sound
    frames = [("р", cyrillic), ("r", latin)]
    for frame, spellings in frames:
        for spelling in re.split(r"[, ]+", spellings):
            assert normalise(f"{frame}{spelling}{frame}а").skeleton.removesuffix("a") in {f"r{expected}r", "r"}, (
                spelling
            )
