"""The form of the event record in three languages: every field is asked, skipped, emptied; nothing hostile passes."""

import pytest

from bot.i18n import LANGUAGES, Catalogs
from bot.i18n import event_record as record_words
from bot.model.event_record import FIELDS, FORMS, About, EventRecord, Form, RecordValue, Way
from bot.model.rights import Role
from handlers.cards.event_records import read_about, read_place, record_card, record_form_card
from tests.handlers.made_up import AT, reader
from tests.handlers.pressed import drawn

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
NASTY = "<b>&\"'</b>\u202eexe" * 60


def record(about: About = About.THREAT, *, filled: bool = True) -> EventRecord:
    """A record in which every field holds the longest and nastiest."""
    values = {
        code: RecordValue(value=",".join(field.values) or NASTY, member=NASTY, at=AT) for code, field in FIELDS.items()
    }
    return EventRecord(about=about, row_id=(1 << 63) - 1, number=999_999_999, values=values if filled else {})


@LANGUAGE
@pytest.mark.parametrize("about", About)
def test_the_whole_record(language: str, about: About) -> None:
    """What is filled in with who said so when; forms for security leads alone; the way back to its card."""
    back = "trec" if about is About.THREAT else "irec"
    html, actions = drawn(record_card(record(about), reader(Role.SECURITY, language=language)))
    assert "\u202e" not in html
    assert "<b>&" not in html
    assert actions == ["recf", "recf", back]
    html, actions = drawn(record_card(record(about, filled=False), reader(Role.EDITOR, language=language)))
    assert actions == [back]
    assert len(html.splitlines()) == 2


@LANGUAGE
@pytest.mark.parametrize("form", Form)
def test_every_field_is_asked(language: str, form: Form) -> None:
    """A list as presses, else a way to write; a way past each; what is filled in can be emptied; then all of it."""
    lead, asked = reader(Role.SECURITY, language=language), set()
    for place, code in enumerate(FORMS[form]):
        field = FIELDS[code]
        choice = ["recv"] * len(field.values) or ["reca"]
        html, actions = drawn(record_form_card(record(filled=False), form, place, lead))
        assert actions == [*choice, "recf", "rec"]
        asked.add(html)
        html, actions = drawn(record_form_card(record(), form, place, lead))
        assert actions == [*choice, "recv", "recf", "rec"]
        assert "\u202e" not in html
    assert len(asked) == len(FORMS[form])
    assert drawn(record_form_card(record(), form, len(FORMS[form]), lead))[1] == ["recf", "recf", "trec"]


def test_presses_are_read_back() -> None:
    """Each press says its field and value; nonsense says nothing."""
    for about in About:
        for form in Form:
            for place, code in enumerate(FORMS[form]):
                card = record_form_card(record(about), form, place, reader(Role.SECURITY))
                presses = [b.press for row in card.buttons for b in row if b.press and b.press.action == "recv"]
                read = [read_place(press.argument) for press in presses]
                assert read == [(about, form, place, value) for value in (*FIELDS[code].values, "-")]
    for wrong in ("", "t", "t.h", "t.h.", "x.h.1", "t.x.1", "t.h.-1", "t.h.1111", "t.h.²"):
        assert read_place(wrong) is None
    assert read_about("t") is About.THREAT
    assert read_about("x") is None


def test_every_field_and_value_has_a_word() -> None:
    """In each language its own; a field belongs to a form, and is short enough for the archive."""
    assert set(record_words.NAMES) == set(record_words.QUESTIONS) == set(FIELDS)
    assert {code for form in FORMS.values() for code in form} == set(FIELDS)
    assert all(len(code) <= 20 for code in FIELDS)
    assert {code for code, field in FIELDS.items() if field.way in (Way.CHOICE, Way.SEVERAL)} == set(
        record_words.VALUES
    )
    for code, words in record_words.VALUES.items():
        assert tuple(words) == FIELDS[code].values
    catalogs = Catalogs.load(strict=True)
    tables = (record_words.NAMES, record_words.QUESTIONS, *record_words.VALUES.values())
    for language in ("ru", "ky"):
        t = catalogs[language].plain
        assert [text for table in tables for text in table.values() if t.pgettext("record", text) == text] == []
