"""The threat benchmark's own parts: its sentences can be read, its disguises hide, its templates teach both sides."""

import random

import pytest

from benchmarks.threats.disguises import DISGUISES
from benchmarks.threats.scoring import scored
from benchmarks.threats.sentences import BLIND, FIT, HELD_OUT, labelled
from benchmarks.threats.templates import made, realised
from detection.threats import ThreatFinding

EVERYTHING = [*labelled(HELD_OUT), *labelled(FIT), *(each for folder in BLIND.iterdir() for each in labelled(folder))]


def test_every_sentence_has_its_labels() -> None:
    """Levels, kinds and severity agree, and no threat stands in two sets."""
    threats = [sentence.text for sentence in EVERYTHING if sentence.is_threat]
    assert len(set(threats)) == len(threats)
    for sentence in EVERYTHING:
        if sentence.severity is not None:
            assert (sentence.severity == 0) == (sentence.level == "none"), sentence.text
            assert bool(sentence.kinds) == (sentence.level not in {"none", "curse"}), sentence.text


def test_enough_is_held_out() -> None:
    """Explicit threats and hard negatives in each of the three languages."""
    for language, least in (("ru", 120), ("ky", 100), ("en", 80)):
        held = [sentence for sentence in labelled(HELD_OUT) if sentence.language == language]
        assert len(held) >= least
        assert sum(sentence.is_threat for sentence in held) * 2 >= len(held)
        assert sum(not sentence.is_threat for sentence in held) * 4 >= len(held)


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_changes_and_repeats(name: str) -> None:
    """Decided by the text alone."""
    text = "Сени өлтүрөбүз, убьём тебя ночью"
    assert DISGUISES[name](text) != text
    assert DISGUISES[name](text) == DISGUISES[name](text)


def test_a_detector_that_cries_wolf_has_no_precision() -> None:
    """The score counts what it says it counts."""
    found = scored(EVERYTHING, lambda _: ThreatFinding(level="threat"))["all"]
    assert found.recall.share.value == 1.0
    assert 0.3 < found.precision.share.value < 0.8
    silent = scored(EVERYTHING, lambda _: ThreatFinding(level="none"))["all"]
    assert silent.recall.share.value == 0.0
    assert silent.precision.of == 0


def test_templates_teach_both_sides() -> None:
    """The same for the same seed; threats and calls against others."""
    texts = list(made(random.Random(3)))
    assert texts == list(made(random.Random(3)))
    assert {each.threat for each in texts} == {True, False}


def test_a_pattern_is_realised() -> None:
    """One alternative of each bracket, stems with their endings, no sign of the notation left."""
    text = realised("(убью|@kill+we) [очень] ..4 тебя*", {"kill": "зареж", "we": "у"}, random.Random(1))
    assert set(text) & set("()|@+*.[]") == set()
    assert text.endswith("тебя")
