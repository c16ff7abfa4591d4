"""Every line of the lexicons shows itself at work: its example is a test."""

import pytest

from detection.threats import Lexicon, assess
from detection.threats.lexicon import LANGUAGES, Entry, LexiconError, parse_entry, standard
from detection.threats.notation import PatternError, inflected
from detection.threats.pattern import compile_pattern
from detection.threats.view import view_of


# One test a language, not one an entry: two thousand tests would take longer to be counted than to be done.
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_get_their_levels(language: str) -> None:
    """What the editor of a lexicon wrote down is what the detector says."""
    said = [(entry, assess(entry.example).level) for entry in standard().entries if entry.language == language]
    assert [(entry, level) for entry, level in said if level != entry.expect] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_contain_their_patterns(language: str) -> None:
    """An example that another entry decides would prove nothing."""
    assert [entry for entry in standard().entries if entry.language == language and not _is_hit(entry)] == []


def _is_hit(entry: Entry) -> bool:
    view = view_of(entry.example)
    return any(hit.entry is entry for hit in (*standard().find_acts(view), *standard().find_contexts(view)))


def test_every_language_has_entries() -> None:
    """No folder is forgotten."""
    assert {entry.language for entry in standard().entries} == set(LANGUAGES)


def test_no_pattern_stands_twice() -> None:
    """A double line would have to be corrected twice."""
    lines = [(entry.language, entry.role, entry.kind, entry.pattern) for entry in standard().entries]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    "line",
    [
        "will\tdeath\tубью\tthreat",
        "will\tdeath\tубью\tperhaps\tУбью",
        "will\tmurder\tубью\tthreat\tУбью",
    ],
)
def test_a_wrong_line_is_refused(line: str) -> None:
    """Too few columns, an unknown level, an unknown kind."""
    with pytest.raises(LexiconError):
        parse_entry(line, "ru")


@pytest.mark.parametrize(
    ("role", "pattern"),
    [("shout", "убью"), ("will", "убью (тебя"), ("will", "..x убью"), ("will", ".."), ("will", ""), ("will", "уб)ью")],
)
def test_a_wrong_entry_is_refused(role: str, pattern: str) -> None:
    """An unknown role or a pattern that cannot be read is said at once."""
    with pytest.raises(LexiconError):
        Lexicon.compile([Entry(role=role, kind="death", pattern=pattern)])


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("за(режу|режем)", "мы зарежем", True),
        ("сожг*", "сожгу", True),
        ("сожг*", "сжигаю", False),
        ("знаем .. дом", "знаем где твой дом", True),
        ("знаем ..1 дом", "знаем где твой дом", False),
        ("знаем [где] дом", "знаем дом", True),
        ("(на днях|через час) приду", "через час приду", True),
        ("үй-бүлөң", "үй-бүлөң", True),
        ("знаем дом", "знаем. Дом", False),
        ("@time", "в 18:30", True),
    ],
)
def test_patterns_mean_what_the_readme_says(pattern: str, text: str, matches: bool) -> None:
    """Alternatives, endings, gaps, optional words, several words in brackets."""
    lexicon = Lexicon.compile([Entry(role="threat", kind="death", pattern=pattern)])
    assert bool(list(lexicon.find_acts(view_of(text)))) is matches


@pytest.mark.parametrize(
    ("source", "written_out"),
    [
        ("@kill+we", "(убьу|убьем|зарежу|зарежем)"),
        ("[за(реж|кол)+we] тебя", "[(зарежу|зарежем|заколу|заколем)] тебя"),
        ("тебя", "тебя"),
    ],
)
def test_endings_are_written_out(source: str, written_out: str) -> None:
    """Each stem with each ending; the rest of the pattern stays."""
    assert inflected(source, {"kill": "убь зареж", "we": "у ем"}) == written_out


@pytest.mark.parametrize("source", ["@kill+they", "@none+we", "+we", "убь+"])
def test_unknown_endings_are_refused(source: str) -> None:
    """A group that is not there is said at once."""
    with pytest.raises(PatternError):
        inflected(source, {"kill": "убь", "we": "ю"})


def test_a_pattern_known_only_by_endings_needs_another_word() -> None:
    """Such a pattern could not be found without trying every word of every text."""
    with pytest.raises(PatternError):
        compile_pattern("*ыңды *иңди", {}, romanise=False)
