"""Cards of reports and of the coding queue in every language; hostile names; the signs of buttons."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.i18n import LANGUAGES
from bot.model.codebook import codebook
from bot.model.post import DECIDER, CodingView, PostFigures
from bot.model.report import (
    AdLine,
    Agreement,
    CampaignLine,
    FakeFigures,
    Figure,
    Line,
    OwnFigures,
    Pair,
    Report,
    Sampling,
    Share,
    SharePair,
    ToneLine,
    Window,
)
from bot.model.rights import Role
from bot.services.reports.intervals import plain_share
from handlers.cards.post_coding import coding_card, done_card, drawn_card
from handlers.cards.reports import how_card, report_card, report_text
from tests.handlers.made_up import AT, CATALOGS, reader
from tests.handlers.pressed import drawn

LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
NASTY = "<b>&\"'</b>\u202e=cmd|'/C calc'!A0\n@x 𝒳" * 8
NUMBER = (1 << 62) - 1
NOVEMBER = Window(first=date(2026, 11, 1), last=date(2026, 11, 26))
OCTOBER = Window(first=date(2026, 10, 6), last=date(2026, 10, 31))
MANY = Pair(now=1_234_567, before=987_654)


def report(**given_: Any) -> Report:
    """A report with whatever strangers wrote in every field."""
    lines = tuple(Line(key=f"{NASTY}{n}", posts=MANY, interactions=MANY) for n in range(40))
    share = SharePair(now=plain_share(30, 100), before=plain_share(0, 0))
    tone = ToneLine(key="", positive=Pair(now=3, before=1), neutral=Pair(now=1), negative=Pair(now=4))
    figure = Figure(value=0.7812, low=0.7, high=0.85)
    whole: dict[str, Any] = {
        "now": NOVEMBER,
        "before": OCTOBER,
        "zone": "Asia/Bishkek",
        "made_at": AT,
        "newsroom": NASTY,
        "sampling": Sampling(
            top=200,
            sampled=("media", "influencers", "groups"),
            settled=3,
            to_code=Pair(now=10, before=5),
            coded=Pair(now=8, before=1),
            early=Pair(now=2),
            delay_median=Pair(now=3.25, before=4),
        ),
        "posts": MANY,
        "reactions": MANY,
        "actors": lines,
        "platforms": (Line(key="other", posts=MANY, interactions=MANY), *lines),
        "venues": (Line(key="", posts=MANY, interactions=MANY),),
        "topics": tuple(Line(key=code, posts=MANY, interactions=MANY) for code in codebook().topics),
        "tone": tone,
        "tone_without_groups": ToneLine(key="", positive=Pair(), neutral=Pair(now=1), negative=Pair()),
        "fakes": FakeFigures(confirmed=share, suspected=share, accounts_confirmed=share, accounts_suspected=share),
        "own": OwnFigures(
            comments=MANY,
            cases=MANY,
            campaigns=tuple(CampaignLine(label="C-1", name=NASTY, comments=MANY, accounts=MANY) for _ in range(9)),
            targets=((NASTY, MANY),) * 9,
        ),
        "ads": (
            AdLine(
                advertiser=NASTY,
                platform="vk",
                currency="USD",
                count=MANY,
                spend=MANY,
                spend_most=MANY,
                undisclosed=Pair(now=2),
            ),
        ),
        "agreement": (
            Agreement(what="tone", units=80, agreed=70, alpha=figure, kappa=figure),
            Agreement(what="topic", units=1, agreed=1, alpha=Figure(value=None, low=None, high=None), kappa=figure),
        ),
    }
    return Report(**(whole | given_))


def view(place: int = 1, tone: str | None = None, **given_: Any) -> CodingView:
    """A post to be coded."""
    figures = PostFigures(
        id=NUMBER,
        actor=NASTY,
        category="media",
        platform="facebook",
        venue="page",
        posted_at=AT,
        captured_at=AT + timedelta(days=3),
        reactions=1,
        comments=1,
        shares=1,
        views=1,
    )
    whole: dict[str, Any] = {"figures": figures, "text": NASTY * 50, "link": "https://vk.com/wall1", "place": place}
    return CodingView(**({**whole, "tone": tone, "topic": None} | given_))


@LANGUAGE
def test_every_report_can_be_shown(language: str) -> None:
    """Within Telegram's limit, whatever strangers wrote; with its files, and with coding while something is left."""
    told = reader(language, Role.EDITOR)
    html, actions = drawn(report_card(report(), NUMBER, told))
    assert actions == ["rpfile", "rpfile", "rpfile", "rpcode"]
    assert "200" in html
    done = report(sampling=Sampling(top=200, sampled=(), settled=3))
    assert drawn(report_card(done, NUMBER, told))[1] == ["rpfile"] * 3
    empty = report(posts=Pair(), own=OwnFigures(), ads=(), fakes=None, agreement=(), tone=report().tone)
    assert drawn(report_card(empty, NUMBER, told))[1] == []
    drawn(how_card(told))


def test_the_summary_says_the_figures() -> None:
    """Shares with their interval and their whole; ratios; delay and sampling under it."""
    said = report_text(report(), CATALOGS["en"]).text()
    assert "1–26 Nov 2026" in said.replace("\u2009", "")
    assert "30% (22%–40%) of 100 / –" in said
    assert "(×1.2)" in said
    assert "alpha 0.78 (0.7–0.85)" in said
    assert "Positive 38% / 100%" in said
    assert "3.2 / 4 days after posting" in said
    assert "Coded: 8 / 1 of 10 / 5." in said
    assert "Sooner than 3 days: 2 / 0." in said


@LANGUAGE
def test_every_step_of_coding_can_be_shown(language: str) -> None:
    """Three tones, then 27 topics; the buttons carry the post's id within Telegram's 64 bytes."""
    told = reader(language, Role.EDITOR)
    html, actions = drawn(coding_card(view(), told, undo=NUMBER))
    assert actions.count("cdtone") == 3
    assert actions[-2:] == ["cdundo", "cdskip"]
    assert "tg-spoiler" not in html
    _, actions = drawn(coding_card(view(tone="neutral"), told))
    assert actions.count("cdtopic") == 27
    assert actions[-2:] == ["cdtone", "cdskip"]
    drawn(coding_card(view(text="  ", link="javascript:alert(1)"), told))
    drawn(done_card(told, NUMBER))
    drawn(drawn_card(5, 1, told))


def test_who_decides_sees_what_the_two_said() -> None:
    """Only where they differ; the first two never see anything of each other."""
    told = reader("en", Role.EDITOR)
    said = (("positive", "negative"), ("sport",))
    html, _ = drawn(coding_card(view(DECIDER, said=said), told))
    assert "Positive / Negative" in html
    assert "Sport" not in html
    assert "differ" not in drawn(coding_card(view(1, said=((), ())), told))[0]
    # The tone is not asked where it was agreed on: there is no way back to it.
    agreed = coding_card(view(DECIDER, tone="neutral", said=(("neutral",), ("sport", "crime"))), told)
    assert drawn(agreed)[1][-1:] == ["cdskip"]
    assert "cdtone" not in drawn(agreed)[1]


def test_a_share_of_nothing_is_a_dash() -> None:
    """Nothing of nothing is not nought."""
    nothing = Share(count=0, total=0, effective=0, value=None, low=None, high=None)
    both = SharePair(now=nothing, before=nothing)
    fakes = FakeFigures(confirmed=both, suspected=both, accounts_confirmed=both, accounts_suspected=both)
    assert "confirmed fakes: – / –" in report_text(report(fakes=fakes), CATALOGS["en"]).text()
