"""The newsroom's own threat words on cards, in every language."""

import pytest

from bot.i18n import LANGUAGES
from bot.model.rights import Role
from bot.model.threat_word import ThreatWord
from handlers.cards.threat_words import word_added, word_list, word_there
from tests.handlers.made_up import AT, reader
from tests.handlers.pressed import drawn, open_text

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
NASTY = "<b>&\"'</b>\u202e𝒳" * 40


@LANGUAGE
def test_the_list_of_words(language: str) -> None:
    """Who put what there behind spoilers, a button for each to take it off, pages, and how to add."""
    rows = [ThreatWord(id=(1 << 63) - n, word=NASTY, kind="death", member_name=NASTY, added_at=AT) for n in range(20)]
    editor = reader(Role.EDITOR, language=language)
    html, actions = drawn(word_list(rows, editor, 1))
    assert actions == [*["twordrm"] * 8, "twords", "twords"]
    assert "/words " in html
    assert "16. " in html
    assert "/words " in drawn(word_list([], editor, 0))[0]


@LANGUAGE
def test_answers_name_the_word_and_its_kind(language: str) -> None:
    """The word stays behind a spoiler."""
    told = reader(Role.EDITOR, language=language)
    for card in (word_added("отхайдар*", "arson", told), word_there("отхайдар*", "arson", told)):
        html, _ = drawn(card)
        assert "отхайдар*" in html
        assert "отхайдар*" not in open_text(html)
        assert "/words" in html
