"""Figures of reports against published examples and cases that are worked out by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.model.codebook import Codebook, codebook, parsed
from bot.model.post import AdEntry, Coding, PostFigures
from bot.model.report import Pair, Window
from bot.services.reports.ads import ad_lines
from bot.services.reports.agreement import agreement, alpha, kappa
from bot.services.reports.final_codes import FinalCodes, final_codes, pairs
from bot.services.reports.intervals import effective, share_of, wilson
from bot.services.reports.own import by_day, fake_figures
from bot.services.reports.sampling import sample, sampling
from bot.services.reports.tables import Both, actor_lines, day_lines, lines, tone, tone_lines, top_posts, topic_lines
from bot.services.reports.windows import moments, read_before, read_windows, said_as, shifted
from bot.storage.report_figures import Author

NOVEMBER = Window(first=date(2026, 11, 1), last=date(2026, 11, 26))
OCTOBER = Window(first=date(2026, 10, 6), last=date(2026, 10, 31))
BISHKEK = ZoneInfo("Asia/Bishkek")
AT = datetime(2026, 11, 3, 12, tzinfo=UTC)


def post(number: int, interactions: int = 0, **given_: Any) -> PostFigures:
    """A post with so many reactions."""
    whole: dict[str, Any] = {
        "id": number,
        "actor": "Гезит",
        "category": "media",
        "platform": "facebook",
        "venue": "page",
        "posted_at": AT + timedelta(minutes=number),
        "captured_at": AT + timedelta(minutes=number, days=3),
        "reactions": interactions,
        "comments": 0,
        "shares": 0,
        "views": 0,
    }
    return PostFigures(**(whole | given_))


# Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability: the examples of sections A to C.
BINARY = ("0100000010", "1110010000")
NOMINAL = ("aabbdcccedda", "babbbccceddd")
MISSING = ("123321412---", "1233224125-3", "-3332342251-", "12332441251-")


@pytest.mark.parametrize(("coders", "value"), [(BINARY, 0.095), (NOMINAL, 0.692), (MISSING, 0.743)])
def test_alpha_is_krippendorffs(coders: Sequence[Sequence[str]], value: float) -> None:
    """The three worked examples of the author for nominal data, with values that are missing."""
    units = [[None if said == "-" else said for said in unit] for unit in zip(*coders, strict=True)]
    assert alpha(units) == pytest.approx(value, abs=0.0005)


def table(yes_yes: int, yes_no: int, no_yes: int, no_no: int) -> list[tuple[str, str]]:
    """What two coders said, of a table of two by two."""
    return [
        *[("yes", "yes")] * yes_yes,
        *[("yes", "no")] * yes_no,
        *[("no", "yes")] * no_yes,
        *[("no", "no")] * no_no,
    ]


@pytest.mark.parametrize(
    ("said", "value"),
    [(table(20, 5, 10, 15), 0.4), (table(45, 15, 25, 15), 0.1304), (table(25, 35, 5, 35), 0.2593)],
)
def test_kappa_is_cohens(said: list[tuple[str, str]], value: float) -> None:
    """The textbook's tables: (0.7 - 0.5) / 0.5; (0.6 - 0.54) / 0.46; (0.6 - 0.46) / 0.54."""
    assert kappa(said) == pytest.approx(value, abs=0.0001)


def test_agreement_has_an_interval_that_stays() -> None:
    """The same codings give the same figures each time; the figure lies within; more posts make it narrower."""
    few, many = agreement("tone", table(20, 5, 10, 15)), agreement("tone", table(200, 50, 100, 150))
    assert (few.units, few.agreed, few.percent) == (50, 35, 0.7)
    assert few == agreement("tone", table(20, 5, 10, 15))
    for found in (few, many):
        for figure in (found.alpha, found.kappa):
            assert figure.low is not None
            assert figure.high is not None
            assert figure.value is not None
            assert figure.low < figure.value < figure.high
    # The textbook's standard error of kappa here is sqrt(0.7 * 0.3 / 0.25 / 500) = 0.041.
    assert many.kappa.low == pytest.approx(0.4 - 1.96 * 0.041, abs=0.02)
    assert many.kappa.high == pytest.approx(0.4 + 1.96 * 0.041, abs=0.02)


@pytest.mark.parametrize("said", [[], [("a", "a")], [("a", "a")] * 30])
def test_agreement_that_is_not_defined_is_none(said: list[tuple[str, str]]) -> None:
    """Where all say one thing, or nobody says any, there is no figure, and no warning of a division."""
    found = agreement("topic", said)
    assert (found.alpha.value, found.kappa.value) == (None, None)
    assert (found.alpha.low, found.kappa.high) == (None, None)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=40))
def test_agreement_keeps_its_bounds(said: list[tuple[str, str]]) -> None:
    """Neither figure is above one, and the order of coders does not matter to alpha."""
    found, turned = alpha(said), alpha([(other, one) for one, other in said])
    assert found == turned
    assert found is None or found <= 1
    assert (kappa(said) or 0) <= 1


def test_wilson_by_hand() -> None:
    """1 of 10, 0 of 10, 10 of 10: 0.018-0.404, 0-0.278, 0.722-1 (Brown, Cai and DasGupta's method)."""
    assert wilson(0.1, 10) == pytest.approx((0.0179, 0.4042), abs=0.0001)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=0.0001)
    assert wilson(1, 10) == pytest.approx((0.7225, 1), abs=0.0001)
    with pytest.raises(ValueError, match="nothing"):
        wilson(0, 0)


def test_comments_of_one_author_are_one_observation() -> None:
    """90 comments by one account and 10 by ten: 100 squared by 8,110 are worth 1.23 observations."""
    assert effective([90, *[1] * 10]) == pytest.approx(100 * 100 / 8110)
    assert effective([1] * 25) == 25
    share = share_of(90, [90, *[1] * 10])
    assert (share.value, share.total) == (0.9, 100)
    assert share.low is not None
    assert share.low < 0.3
    nothing = share_of(0, [])
    assert (nothing.value, nothing.low, nothing.high) == (None, None, None)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=20), st.data())
def test_intervals_hold_their_share(sizes: list[int], data: st.DataObject) -> None:
    """The share lies within its interval, which lies within 0 and 1 and is no narrower than of independent ones."""
    count = data.draw(st.integers(0, sum(sizes)))
    share = share_of(count, sizes)
    assert share.low is not None
    assert share.high is not None
    assert share.value is not None
    assert 0 <= share.low <= share.value + 1e-12
    assert share.value - 1e-12 <= share.high <= 1
    low, high = wilson(share.value, sum(sizes))
    assert share.high - share.low >= high - low - 1e-12


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-01..2026-11-26 vs 2026-10-06..2026-10-31",
        "01.11.2026–26.11.2026 против 06.10.2026–31.10.2026",
        "2026-11-01 .. 2026-11-26 каршы 2026-10-06",
        "2026-11-01...2026-11-26",
        "2026-11-01 - 2026-11-26 и 06.10.2026 - 31.10.2026",
    ],
)
def test_windows_as_people_type_them(words: str) -> None:
    """Both windows, the first day of the second, or the first window alone; three ways to say "against"."""
    assert read_windows(words) == (NOVEMBER, OCTOBER)


@pytest.mark.parametrize(
    ("words", "code", "fitting"),
    [
        ("2026-11-01..2026-11-26 vs 2026-10-06..2026-10-30", "report_windows_unequal", "2026-10-06..2026-10-31"),
        ("2026-11-01..2026-11-26 vs 2026-10-20..2026-10-30", "report_windows_unequal", "2026-10-06..2026-10-31"),
        ("2026-11-01..2026-11-26 vs 2026-10-30", "report_windows_overlap", "2026-10-06..2026-10-31"),
        ("2026-11-26..2026-11-01", "report_window_backwards", None),
        ("2020-01-01..2026-11-01", "report_window_long", None),
        ("0001-01-01..0001-01-09", "report_windows_wrong", None),
        ("2026-02-30..2026-03-01", "report_windows_wrong", None),
        ("ноябрь", "report_windows_wrong", None),
        ("2026-11-01..2026-11-26 vs вчера", "report_windows_wrong", None),
    ],
)
def test_windows_that_do_not_fit_are_refused(words: str, code: str, fitting: str | None) -> None:
    """Unequal ones are never compared; the one that would fit is offered, and is itself accepted."""
    with pytest.raises(Refusal) as refused:
        read_windows(words)
    assert refused.value.code == code
    assert refused.value.values.get("fitting") == fitting
    if fitting is not None:
        assert read_before(read_windows(words.split(" vs ", maxsplit=1)[0])[0], fitting).days == 26


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(words: str) -> None:
    """No words make the reading of windows fall over."""
    try:
        now, before = read_windows(words)
    except Refusal:
        return
    assert now.days == before.days


def test_windows_follow_the_zone() -> None:
    """A window begins at the zone's midnight, over summer time too, and windows side by side leave no gap."""
    begin, end = moments(NOVEMBER, BISHKEK)
    assert (begin.astimezone(UTC), end.astimezone(UTC)) == (
        datetime(2026, 10, 31, 18, tzinfo=UTC),
        datetime(2026, 11, 26, 18, tzinfo=UTC),
    )
    for zone in ("Europe/Berlin", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe"):
        for day in range(0, 370, 7):
            which = shifted(OCTOBER, day)
            following = shifted(which, which.days)
            assert moments(which, ZoneInfo(zone))[1] == moments(following, ZoneInfo(zone))[0]
    assert said_as(OCTOBER) == "2026-10-06..2026-10-31"


def test_sample_takes_the_top_of_the_categories_that_post_most() -> None:
    """Of media the two most seen (views, then time, decide between equals), of a candidate every post."""
    book = parsed(
        codebook_text().replace("top = 200", "top = 2").replace('["media", "influencers", "groups"]', '["media"]')
    )
    posts = [
        post(1, 5),
        post(2, 9),
        post(3, 5, views=1),
        *[post(10 + n, n, category="candidates") for n in range(4)],
        post(20, 1, category=""),
    ]
    assert {each.id for each in sample(posts, book)} == {2, 3, 10, 11, 12, 13, 20}
    assert {each.id for each in sample(posts, codebook())} == {each.id for each in posts}


def codebook_text() -> str:
    """The codebook as it is shipped."""
    return resources.files("bot.model").joinpath("codebook.toml").read_text(encoding="utf-8")


def test_codebook_is_whole() -> None:
    """7 categories, 3 tones and 27 topics, each named in three languages; what is not is refused."""
    book: Codebook = codebook()
    assert (len(book.categories), list(book.tones), len(book.topics)) == (7, ["positive", "neutral", "negative"], 27)
    assert list(book.venues) == ["page", "group", "profile", "site"]
    assert (book.top, book.settled, set(book.sampled)) == (200, 3, {"media", "influencers", "groups"})
    for code in (*book.categories, *book.tones, *book.topics, *book.venues):
        assert len(code) <= 24
    with pytest.raises(ValueError, match="named"):
        parsed(codebook_text().replace('en = "Media"', 'en = ""', 1))


def test_footnote_of_sampling() -> None:
    """Captured after 1, 3 and 5 days, once unknown: median 3; one was early; one of two codings stands."""
    posts = [post(n, captured_at=AT + timedelta(minutes=n, days=days)) for n, days in ((1, 1), (2, 3), (3, 5))]
    posts.append(post(4, captured_at=None))
    codes = {1: FinalCodes(tone="neutral", topic="sport", is_double=True), 2: FinalCodes(is_double=True)}
    said = sampling(posts, posts[:2], codes, codebook())
    assert said.posts == Pair(now=4, before=2)
    assert (said.early, said.undated) == (Pair(now=1, before=1), Pair(now=1, before=0))
    assert said.delay_median == Pair(now=3, before=2)
    assert (said.delay_shortest, said.delay_longest) == (Pair(now=1, before=1), Pair(now=5, before=3))
    assert (said.coded, said.open, said.to_code) == (
        Pair(now=1, before=1),
        Pair(now=1, before=1),
        Pair(now=4, before=2),
    )


def coding(place: int | None, tone: str | None, topic: str | None, *, done: bool = True) -> Coding:
    """What a coder said of post 1."""
    return Coding(post_id=1, member_id=place or 9, place=place, tone=tone, topic=topic, coded_at=AT if done else None)


def test_final_codes() -> None:
    """One coder is none; two alike stand; where they differ nothing stands until a third has decided, on that alone."""
    first, second = coding(1, "positive", "sport"), coding(2, "neutral", "sport")
    assert final_codes([first]) == FinalCodes()
    assert final_codes([first, coding(2, "neutral", "sport", done=False)]) == FinalCodes()
    half = final_codes([first, second])
    assert (half.tone, half.topic, half.is_open, half.is_coded) == (None, "sport", True, False)
    assert final_codes([first, second, coding(3, "negative", None, done=False)]).tone is None
    decided = final_codes([first, second, coding(3, "negative", "sport"), coding(None, None, None)])
    assert (decided.tone, decided.topic, decided.is_coded) == ("negative", "sport", True)
    # Agreement is that of the two, before anybody decided.
    said = {1: [first, second, coding(3, "negative", "sport")], 2: [first]}
    assert pairs(said, "tone") == [("positive", "neutral")]
    assert pairs(said, "topic") == [("sport", "sport")]


def test_tables_by_hand() -> None:
    """Two actors in two windows: posts, interactions and shares as one counts them on paper."""
    now = [
        post(1, 10, comments=5, shares=5, views=100),
        post(2, 20),
        post(3, 60, actor="Тобу", category="groups", platform="telegram", venue="group"),
    ]
    before = [post(4, 50)]
    both = Both(now=now, before=before)
    group, paper = actor_lines(both)
    assert (group.key, group.category, group.interactions, group.posts) == (
        "Тобу",
        "groups",
        Pair(now=60, before=0),
        Pair(now=1, before=0),
    )
    assert (paper.interactions, paper.views) == (Pair(now=40, before=50), Pair(now=100, before=0))
    assert paper.posts_share == Pair(now=2 / 3, before=1)
    assert paper.interactions_share == Pair(now=0.4, before=1)
    assert paper.per_post == Pair(now=20, before=50)
    assert [line.key for line in lines(both, lambda each: each.venue)] == ["group", "page"]
    codes = {
        1: FinalCodes(tone="negative", topic="elections", is_double=True),
        2: FinalCodes(tone="positive", topic="sport", is_double=True),
        3: FinalCodes(tone="negative", is_double=True),
        4: FinalCodes(tone="neutral", topic="sport", is_double=True),
    }
    whole = tone(both, codes)
    assert (whole.positive, whole.neutral, whole.negative) == (
        Pair(now=1),
        Pair(now=0, before=1),
        Pair(now=2, before=0),
    )
    assert whole.coded == Pair(now=3, before=1)
    assert {line.key: line.coded.now for line in tone_lines(both, codes, lambda each: each.actor)} == {
        "Гезит": 2,
        "Тобу": 1,
    }
    assert {line.key: line.posts for line in topic_lines(both, codes)} == {
        "elections": Pair(now=1, before=0),
        "sport": Pair(now=1, before=1),
    }
    first, *_ = top_posts(both, {3: ("Сөз", "https://t.me/x/1")}, codes)
    assert (first.is_now, first.rank, first.actor, first.text, first.tone, first.topic) == (
        True,
        1,
        "Тобу",
        "Сөз",
        "negative",
        "",
    )
    assert first.interactions == 60


def test_days_are_those_of_the_zone() -> None:
    """A post at 23:30 in Bishkek stands on its own day; a window of 26 days has 26 lines."""
    late = datetime(2026, 11, 1, 23, 30, tzinfo=BISHKEK)
    both = Both(now=[post(1, 7, posted_at=late.astimezone(UTC))], before=[])
    comments = (by_day([(late, 3)], NOVEMBER, BISHKEK), by_day([], OCTOBER, BISHKEK))
    found = day_lines(both, (NOVEMBER, OCTOBER), BISHKEK, comments)
    assert len(found) == 26
    assert (found[0].posts, found[0].interactions, found[0].comments) == (Pair(now=1), Pair(now=7), Pair(now=3))
    assert not any(line.posts.now or line.comments.now for line in found[1:])


def test_known_fakes_by_hand() -> None:
    """30 comments by a confirmed fake, 10 by a suspected one, 60 by sixty unknown: 30 % and 10 %, apart."""
    now = [
        Author(key="vk:a", platform="vk", comments=30),
        Author(key="vk:b", platform="vk", comments=10),
        Author(key=None, platform="facebook", comments=60),
    ]
    found = fake_figures(now, [], {"vk:a": "confirmed", "vk:b": "suspected"})
    assert found is not None
    assert (found.confirmed.now.count, found.confirmed.now.total, found.confirmed.now.value) == (30, 100, 0.3)
    assert found.suspected.now.value == 0.1
    assert found.confirmed.now.effective == pytest.approx(100 * 100 / (900 + 100 + 60))
    assert (found.accounts_confirmed.now.count, found.accounts_confirmed.now.total) == (1, 2)
    assert found.confirmed.before.value is None
    assert {line.platform: line.confirmed.now.value for line in found.by_platform} == {"vk": 0.75, "facebook": 0}
    assert fake_figures([], [], {}) is None


def test_ads_are_divided_by_days() -> None:
    """Ten days for 100-200 of which five lie in each window: 50-100 in each; counted in both; two without a word."""
    ad = AdEntry(
        source="1",
        advertiser="Партия",
        platform="facebook",
        first_day=date(2026, 10, 27),
        last_day=date(2026, 11, 5),
        count=2,
        spend_least=10_000,
        spend_most=20_000,
        currency="USD",
        is_disclosed=False,
    )
    outside = AdEntry(
        source="2", advertiser="Башка", platform="vk", first_day=date(2026, 9, 1), last_day=date(2026, 9, 2)
    )
    (line,) = ad_lines([ad, outside], NOVEMBER, OCTOBER)
    assert (line.count, line.undisclosed) == (Pair(now=2, before=2), Pair(now=2, before=2))
    assert (line.spend, line.spend_most) == (Pair(now=50, before=50), Pair(now=100, before=100))
