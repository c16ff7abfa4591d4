"""Photos on cards in three languages: what is a finding and what a question, who reads what, what never overflows."""

from dataclasses import replace
from typing import Any

import pytest

from bot.i18n import LANGUAGES
from bot.model.account import AccountStatus
from bot.model.photo_owner import OwnerEntry
from bot.model.photo_pair import PhotoPair, PhotoSeen
from bot.model.rights import Role
from bot.model.verdict import Finding
from bot.simulator.entities import parse_html
from handlers.cards.case_card import case_card
from handlers.cards.photos import pair_card, pair_labels, seen_card
from tests.handlers.made_up import AT, account, account_found, pair, part, photo_owner, reader, view
from tests.handlers.pressed import drawn

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
BIG = (1 << 63) - 1
NASTY = "<b>&\"'</b>\u202e𝒳" * 400


def said(pairs: list[PhotoPair], language: str, *roles: Role, finding: Finding | None = None) -> str:
    """The card of a case with these pairs."""
    known = {3: account(AccountStatus.CONFIRMED)}
    card = case_card(view(part(finding=finding), accounts=known, pairs=pairs), reader(*roles, language=language))
    assert card is not None
    return drawn(card)[0]


@LANGUAGE
def test_a_match_says_whose_and_how_it_was_changed(language: str) -> None:
    """Whose photo, of which farm, mirrored and cropped, how sure; each in the reader's language."""
    changed = pair(found=replace(pair().found, reasons=("cropped", "small")))
    t = reader(language=language).t
    line = next(line for line in said([changed], language).splitlines() if "🖼" in line)
    assert t.gettext("mirrored") in line
    assert t.gettext("cropped") in line
    assert "fake.3" in line
    assert "Ферма &amp; Ко" in line
    plain = next(line for line in said([pair(mirrored=False)], language).splitlines() if "🖼" in line)
    assert t.gettext("mirrored") not in plain


@LANGUAGE
def test_three_lines_at_most_and_the_questions_below(language: str) -> None:
    """However many photos match, three are told; a possible one stands below all findings, without a mark."""
    many = [pair(number=n, accounts=(account(number=n),)) for n in range(10, 15)]
    html = said([*many, pair("possible", number=99)], language)
    assert html.count("🖼") == 3
    assert html.splitlines()[-2 if "<blockquote" in html else -1].count("?") == 1
    only = said([pair("possible", number=n) for n in range(5)], language)
    assert "🖼" not in only
    assert "Ферма" not in only
    assert only.count("?") == 3


@LANGUAGE
def test_a_person_may_confirm_what_was_possible(language: str) -> None:
    """It is then a finding that names who said so; what was ruled out is not on the card at all."""
    html = said([pair("possible", ruled=True)], language)
    assert "🖼" in html
    assert "Данияр &lt;u&gt;" in html
    gone = said([pair("possible", ruled=False), pair("match", ruled=False, number=6)], language)
    assert gone == said([], language)


@LANGUAGE
def test_the_account_follows_the_people_who_compared(language: str) -> None:
    """A photo alone accuses nobody once a person said that it is another photo, and surely after "same"."""
    finding = Finding(accounts=(account_found("possible", "same_photo"),))
    assert "fake.3" not in said([pair("possible", ruled=False)], language, finding=finding)
    assert "🚩" not in said([pair("possible")], language, finding=finding)
    assert "🚩" in said([pair("possible", ruled=True)], language, finding=finding)


@LANGUAGE
def test_an_avatar_too_small_asks_for_a_file(language: str) -> None:
    """Only where a possible match came from a small region of a picture that Telegram had shrunk."""
    small = replace(pair("possible").found, reasons=("small",))
    told = len(said([pair("possible")], language).splitlines())
    assert len(said([pair("possible", found=small)], language).splitlines()) == told + 1
    assert len(said([pair("possible", found=small, is_file=True)], language).splitlines()) == told
    assert len(said([pair("possible", found=small, ruled=True)], language).splitlines()) == told


@LANGUAGE
def test_an_owner_is_named_to_all_and_told_to_few(language: str) -> None:
    """Every member reads the name; the profile and how it is known are for editors, leads and who recorded it."""
    owned = pair(owner=photo_owner())
    assert "Жылдыз &lt;b&gt;" in said([owned], language)
    for eye, sees in (
        (reader(language=language), False),
        (reader(Role.ADMIN, language=language), False),
        (reader(Role.EDITOR, language=language), True),
        (reader(Role.SECURITY, language=language), True),
        (reader(number=8, language=language), True),
    ):
        html, actions = drawn(pair_card(owned, eye, BIG, may_rule=True))
        assert ("real?a=1&amp;b=2" in html) == sees
        assert ("глаза" in html) == sees
        assert ("whose" in actions) == sees
        assert "Жылдыз &lt;b&gt;" in html


@LANGUAGE
def test_buttons_by_what_is_known_of_a_pair(language: str) -> None:
    """A match may be ruled out, a question decided, a ruling reversed; nothing of a picture and itself."""
    eye = reader(language=language)

    def offered(shown: PhotoPair, submission: int | None = BIG, *, may_rule: bool = True) -> list[str]:
        return drawn(pair_card(shown, eye, submission, may_rule=may_rule))[1]

    assert offered(pair()) == ["pnot", "whose"]
    assert offered(pair("possible")) == ["psame", "pnot", "whose"]
    assert offered(pair("possible", ruled=True)) == ["pnot", "whose"]
    assert offered(pair(ruled=False)) == ["psame"]
    assert offered(pair(sha256=pair().known.sha256)) == ["whose"]
    assert offered(pair(), may_rule=False) == ["whose"]
    assert offered(pair(), None) == ["whose"]


@LANGUAGE
def test_a_hostile_pair_fits_a_caption(language: str) -> None:
    """Everything at its longest and worst: within the 1,024 of a caption, with buttons that can be signed."""
    worst = replace(account(AccountStatus.CONFIRMED), handle=NASTY, farm=NASTY)
    entry = OwnerEntry(name=NASTY, profile=NASTY, how=NASTY, note=NASTY)
    shown = pair(
        number=BIG,
        place=99,
        accounts=(worst,) * 20,
        cases=tuple(range(999_990, 1_000_090)),
        owner=replace(photo_owner(), entry=entry, member_name=NASTY),
    )
    for tier, ruled in (("match", None), ("possible", None), ("match", True), ("match", False)):
        each = replace(pair(tier, number=BIG, ruled=ruled), **_parts(shown))
        html, _ = drawn(pair_card(each, reader(Role.EDITOR, language=language), BIG, may_rule=True))
        assert len(parse_html(html).text.encode("utf-16-le")) // 2 <= 1024
        assert '&"' not in html


def _parts(shown: PhotoPair) -> dict[str, Any]:
    return {name: getattr(shown, name) for name in ("place", "known", "accounts", "cases", "owner")}


@LANGUAGE
def test_where_a_photo_was_seen(language: str) -> None:
    """How often, from when to when, by which accounts, in which cases, from whom stolen; else that nothing is known."""
    seen = PhotoSeen(
        pairs=(pair(), pair("possible", number=6)),
        times=14,
        since=AT,
        last=AT.replace(day=9),
        accounts=tuple(account(number=n) for n in range(20, 40)),
        cases=(7, 9),
        owners=(photo_owner(),),
    )
    html, _ = drawn(seen_card(seen, reader(language=language)))
    for words in ("14", "fake.20", "/case_7 /case_9", "Жылдыз"):
        assert words in html
    assert "?" not in html
    unknown, _ = drawn(seen_card(PhotoSeen(pairs=()), reader(language=language)))
    assert len(unknown.splitlines()) == 2


@LANGUAGE
def test_the_pictures_are_labelled(language: str) -> None:
    """Over the left one that it was sent, over the right one whose it is, in plain words."""
    t = reader(language=language)
    assert "fake.3" in pair_labels(pair(), t)[1]
    assert pair_labels(pair(accounts=(), owner=photo_owner()), t)[1] == "Жылдыз <b>"
    assert pair_labels(pair(accounts=(), cases=(7,)), t)[1] == "K-7"
    assert all(pair_labels(pair(accounts=()), t))
