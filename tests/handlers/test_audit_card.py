"""The audit on a card: words of the reader's language, never the log's codes."""

from datetime import UTC, datetime

import pytest

from bot.services.audit import AuditLine, AuditPage
from bot.services.custody_events import LISTS
from handlers.cards.audit import EVENTS, NOUNS, audit_card, audit_rows
from tests.handlers.made_up import reader

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def line(**given: object) -> AuditLine:
    """A line of the audit."""
    known = {
        "seq": 7,
        "at": AT,
        "who": "Нурлан",
        "who_id": 1,
        "deed": "changed",
        "what": "",
        "about": "",
        "row": 1 << 61,
    }
    return AuditLine(**(known | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", "Нурлан · открытие · случай"),
        ("ky", "Нурлан · ачуу · окуя"),
        ("en", "Нурлан · saw · case"),
    ],
)
def test_an_opening_is_said_once(language: str, said: str) -> None:
    """What was opened is named by its noun, without its row's number."""
    page = AuditPage(lines=(line(deed="saw", what="submission", about="submission"),), further=None)
    assert str(audit_card(page, reader(language=language), "").text).split("\n")[1].endswith(said)


@pytest.mark.parametrize(("about", "number"), [("submission", "K-12"), ("threat", "T-12"), ("account", "")])
def test_the_number_that_people_know_stands_there(about: str, number: str) -> None:
    """On the card behind the noun, in the file in a column of its own; nothing else bears one."""
    told = line(what="ruled", about=about, number=12)
    card = audit_card(AuditPage(lines=(told,), further=None), reader(language="ru"), "")
    noun = {"submission": "случай", "threat": "угроза", "account": "аккаунт"}[about]
    assert f"· {noun} {number}".rstrip() + " ·" in str(card.text)
    heads, (row,) = audit_rows([told], reader(language="en"))
    assert dict(zip(heads, row, strict=True))["Case or threat"] == number


def test_no_code_stands_on_the_card() -> None:
    """A deed without a word of its own is said by what it changed; the file keeps its code."""
    odd = line(what="reports_withdrawn", about="account")
    card = audit_card(AuditPage(lines=(odd,), further=None), reader(language="en"), "")
    assert "reports_withdrawn" not in str(card.text)
    assert "changed · account" in str(card.text)
    assert "reports_withdrawn" in audit_rows([odd], reader(language="en"))[1][0]


def test_every_word_is_there_in_every_language() -> None:
    """Nouns and deeds are translated."""
    for language in ("ru", "ky"):
        t = reader(language=language).t.plain
        for text in {*NOUNS.values(), *EVENTS.values()}:
            assert t.pgettext("audit", text) != text


def test_every_list_that_is_noted_has_its_words() -> None:
    """Whose pages were read is said in words."""
    assert EVENTS.keys() >= LISTS
