"""Posts, actors and ads from CSV and XLSX: as monitors export them, twice the same, resumed, refused by line."""

import csv
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.services.batchfiles.rows import Row
from bot.services.imports import posts as posts_import
from bot.services.imports.ads import import_ads, read_ad
from bot.services.imports.post_rows import PostForm, read_actor, read_post
from bot.services.imports.posts import import_actors, import_posts
from bot.services.imports.report_words import category, count, money, venue, yes_no
from bot.services.imports.room import ImportRoom, Problem
from bot.services.imports.times import DateOrder
from bot.storage.store import Store
from bot.storage.tables import actor_presences, actors, ads, posts
from tests.newsroom import make_newsroom
from tests.services.rooms import InlineAnalysis
from tests.services.threat_ground import HOSTILE
from tests.stores import StoppedClock

HEADS = ["Актор", "Категория", "Соцсеть", "Площадка", "Дата", "Текст", "Лайки", "Комментарии", "Репосты", "Ссылка"]
ROWS = [
    ["Гезит", "СМИ", "Facebook", "Страница", "03.11.2026 10:00", "Добуш бер", "1 200", "30", "4", "https://fb.com/g/1"],
    ["гезит", "", "fb", "", "04.11.2026", "", "1,2К", "", "", "https://fb.com/g/2"],
    ["Тобу", "Группы", "", "", "05.11.2026 23:30", "=1+1", "7", "1", "", "https://t.me/tobu/5"],
    ["", "СМИ", "vk", "", "05.11.2026", "", "1", "", "", ""],
    ["Гезит", "гильдия", "vk", "", "05.11.2026", "", "1", "", "", ""],
    ["Гезит", "", "vk", "", "05.11.2026", "", "минус", "", "", ""],
    ["Гезит", "", "", "", "05.11.2026", "", "1", "", "", ""],
    ["Гезит", "", "vk", "", "вчера", "", "1", "", "", ""],
]


class Watched:
    """Remembers what an import says."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def progress(self, done: int, total: int) -> None:
        """Nobody looks."""

    def problem(self, problem: Problem) -> None:
        """Remember it."""
        self.problems.append(problem)

    @property
    def said(self) -> list[tuple[str, str]]:
        """Where, and what."""
        return [(each.place, each.code) for each in self.problems]


@pytest.fixture
async def room(store: Store, clock: StoppedClock) -> ImportRoom:
    """The archive of a newsroom in Bishkek; nothing else is touched by these imports."""
    newsroom = await make_newsroom(store, clock())
    given: dict[str, Any] = {"vault": None, "analysis": InlineAnalysis()}
    return ImportRoom(store=store, clock=clock, newsroom_id=newsroom.id, image_bytes=1, **given)


def csv_of(path: Path, heads: list[str], rows: list[list[str]]) -> Path:
    """A CSV as a spreadsheet saves it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([heads, *rows])
    return path


def shipped(name: str) -> Path:
    """A made-up file of the demo."""
    return Path(str(resources.files("bot.cli.demo").joinpath("data", name)))


async def stored(store: Store, table: sa.Table) -> list[Any]:
    """All rows of a table."""
    async with store.read() as conn:
        return list((await conn.execute(sa.select(table).order_by(table.c.id))).all())


async def test_posts_as_they_are_kept(room: ImportRoom, store: Store, tmp_path: Path) -> None:
    """Names in Russian, counts with spaces and K, a category told once; what is wrong is named by its line."""
    watch = Watched()
    tally = await import_posts(room, csv_of(tmp_path / "posts.csv", HEADS, ROWS), watch)
    assert (tally.added, tally.refused) == (3, 5)
    assert watch.said == [
        ("line 5", "actor_missing"),
        ("line 6", "category_unknown"),
        ("line 7", "count_wrong"),
        ("line 8", "platform_missing_row"),
        ("line 9", "at_wrong"),
    ]
    assert [(row.name, row.category) for row in await stored(store, actors)] == [("Гезит", "media"), ("Тобу", "groups")]
    first, second, third = await stored(store, posts)
    assert (first.reactions, first.comments, first.shares, first.venue) == (1200, 30, 4, "page")
    assert (second.reactions, second.platform, second.actor_id) == (1200, "facebook", first.actor_id)
    # Half past eleven in the evening is still the same day in Bishkek.
    assert third.posted_at == datetime(2026, 11, 5, 17, 30, tzinfo=UTC)
    assert (third.platform, third.venue, third.text) == ("telegram", "group", "=1+1")
    again = await import_posts(room, csv_of(tmp_path / "posts.csv", HEADS, ROWS), Watched())
    assert (again.added, again.changed, again.same, again.refused) == (0, 0, 3, 5)


async def test_newer_counts_take_the_place_of_older(room: ImportRoom, store: Store, tmp_path: Path) -> None:
    """A later capture changes the counts, an earlier one nothing; the day of capture may be said for a whole file."""
    heads = ["actor", "category", "platform", "time", "reactions", "id", "captured"]
    row = ["A", "party", "vk", "2026-11-03 10:00", "10", "7", "2026-11-06"]
    await import_posts(room, csv_of(tmp_path / "1.csv", heads, [row]), Watched())
    later = await import_posts(
        room, csv_of(tmp_path / "2.csv", heads, [[*row[:4], "25", "7", "2026-11-09"]]), Watched()
    )
    earlier = await import_posts(
        room, csv_of(tmp_path / "3.csv", heads, [[*row[:4], "5", "7", "2026-11-04"]]), Watched()
    )
    assert (later.changed, earlier.same) == (1, 1)
    (kept,) = await stored(store, posts)
    assert kept.reactions == 25
    form = PostForm(captured_at=datetime(2026, 11, 20, tzinfo=UTC))
    watch = Watched()
    too_early = [[*row[:3], "2026-11-21", "1", "8", ""]]
    refused = await import_posts(room, csv_of(tmp_path / "4.csv", heads, too_early), watch, form)
    assert (refused.refused, watch.said) == (1, [("line 2", "captured_before_posted")])


async def test_a_category_that_differs_is_told_once(room: ImportRoom, tmp_path: Path) -> None:
    """The category that is known stands; `import actors` changes it, and says where an actor is and where not."""
    heads = ["actor", "category", "platform", "time", "id"]
    rows = [["A", "party", "vk", "2026-11-03", str(n)] for n in range(3)]
    await import_posts(room, csv_of(tmp_path / "1.csv", heads, rows), Watched())
    watch = Watched()
    others = [["A", "media", "vk", "2026-11-04", str(n)] for n in range(9)]
    await import_posts(room, csv_of(tmp_path / "2.csv", heads, others), watch)
    assert watch.said == [("A", "actor_category_other")]
    path = csv_of(tmp_path / "3.csv", ["Актор", "Категория", "Facebook", "TikTok"], [["a", "СМИ", "нет", "@a.kg"]])
    tally = await import_actors(room, path, Watched())
    assert (tally.changed, tally.added) == (1, 0)
    async with room.store.read() as conn:
        (known,) = (await conn.execute(sa.select(actors))).all()
        here = {row.platform: row.is_present for row in (await conn.execute(sa.select(actor_presences))).all()}
    assert (known.category, here) == ("media", {"facebook": False, "tiktok": True})
    assert (await import_actors(room, path, Watched())).same == 1


async def test_an_interrupted_import_goes_on(
    room: ImportRoom, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in the middle, the same command goes on behind what is stored: nothing is lost or taken twice."""
    monkeypatch.setattr(posts_import, "ROWS", 10)
    rows = [["A", "party", "vk", "2026-11-03", str(n)] for n in range(35)]
    path = csv_of(tmp_path / "posts.csv", ["actor", "category", "platform", "time", "id"], rows)
    real, calls = posts_import.posts.add, 0

    async def dying(*given_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise OSError("pulled the plug")
        await real(*given_)

    monkeypatch.setattr(posts_import.posts, "add", dying)
    with pytest.raises(OSError, match="plug"):
        await import_posts(room, path, Watched())
    kept = len(await stored(store, posts))
    assert 0 < kept < 35
    tally = await import_posts(room, path, Watched())
    assert (tally.added, tally.resumed_after, tally.same) == (35, kept + 1, 0)
    assert len(await stored(store, posts)) == 35


async def test_xlsx_and_the_shipped_files(room: ImportRoom, store: Store, tmp_path: Path) -> None:
    """A workbook with real dates and numbers; then the demo's own posts, actors and ads, without one refusal."""
    path = tmp_path / "posts.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        for place, head in enumerate(HEADS[:7]):
            sheet.write_string(0, place, head)
        for place, cell in enumerate(["Гезит", "СМИ", "Facebook", "Группа"]):
            sheet.write_string(1, place, cell)
        sheet.write_datetime(1, 4, datetime(2026, 11, 3, 10), day)  # noqa: DTZ001 - a workbook's cell
        sheet.write_number(1, 6, 1200)
    assert (await import_posts(room, path, Watched())).added == 1
    (first,) = await stored(store, posts)
    assert (first.posted_at, first.reactions, first.venue) == (datetime(2026, 11, 3, 4, tzinfo=UTC), 1200, "group")
    for name, run in (("posts.csv", import_posts), ("actors.csv", import_actors), ("ads.csv", import_ads)):
        watch = Watched()
        tally = await run(room, shipped(name), watch)
        assert (tally.refused, watch.problems) == (0, [])
        assert tally.added + tally.changed + tally.same > 10
    assert len(await stored(store, ads)) == 14


async def test_columns_that_are_missing_are_named(room: ImportRoom, tmp_path: Path) -> None:
    """A file without an actor, or without a time, is refused as a whole; the operator names columns as they are."""
    path = csv_of(tmp_path / "posts.csv", ["Wer", "Wann", "likes"], [["A", "2026-11-03", "5"]])
    with pytest.raises(Refusal) as refused:
        await import_posts(room, path, Watched())
    assert (refused.value.code, refused.value.values["found"]) == ("columns_needed", "Wer, Wann, likes")
    form = PostForm(columns={"actor": "Wer", "time": "wann"}, platform="vk")
    assert (await import_posts(room, path, Watched(), form)).added == 1
    with pytest.raises(Refusal, match="column_field_unknown"):
        await import_posts(room, path, Watched(), PostForm(columns={"who": "Wer"}))


def test_ads_as_libraries_give_them() -> None:
    """A range of money, a period in one cell, a disclaimer in words or as yes and no."""
    values = {"advertiser": "Партия", "spend": "$100–199", "period": "01.11.2026 – 05.11.2026", "disclaimer": "нет"}
    ad = read_ad(Row(number=2, values=values))
    assert (ad.spend_least, ad.spend_most, ad.currency, ad.is_disclosed) == (10_000, 19_900, "USD", False)
    assert (ad.first_day, ad.last_day, ad.platform, ad.count) == (
        date(2026, 11, 1),
        date(2026, 11, 5),
        "facebook",
        1,
    )
    told = read_ad(Row(number=2, values={**values, "spend": "1 234,50 сом", "disclaimer": "Оплачено штабом"}))
    assert (told.spend_least, told.currency, told.is_disclosed, told.disclaimer) == (
        123_450,
        "KGS",
        True,
        "Оплачено штабом",
    )
    unknown = read_ad(Row(number=2, values={"advertiser": "A", "first": "10/11/2026"}), order=DateOrder.DAY)
    assert (unknown.is_disclosed, unknown.spend_least, unknown.first_day) == (None, None, date(2026, 11, 10))
    for wrong, code in (
        ({"spend": "много"}, "spend_wrong"),
        ({"spend": "200-100"}, "spend_wrong"),
        ({"currency": "деньги"}, "currency_unknown"),
        ({"period": "ноябрь"}, "period_wrong"),
        ({"advertiser": ""}, "advertiser_missing"),
        ({"platform": "myspace"}, "platform_unknown"),
    ):
        with pytest.raises(Refusal, match=code):
            read_ad(Row(number=2, values={**values, **wrong}))


@pytest.mark.parametrize(
    ("word", "number"),
    [
        *(("1234", 1234), ("1 234", 1234), ("1,234,567", 1234567), ("1.234", 1234), ("1\u202f234", 1234), ("0", 0)),
        *(("12.5K", 12500), ("3 тыс.", 3000), ("1,2 млн", 1_200_000)),
    ],
)
def test_counts_as_platforms_show_them(word: str, number: int) -> None:
    """Grouped digits, K and M in three languages."""
    assert count(word, "reactions") == number


def test_words_of_codes() -> None:
    """Codes, names in three languages and everyday words; what is none is refused; nothing is nothing."""
    assert [category(word) for word in ("СМИ", "ММК", "media", "Партия", "паблик", "")] == [
        "media",
        "media",
        "media",
        "parties",
        "groups",
        None,
    ]
    assert [venue(word) for word in ("Группа", "Own post", "сайт", "Баракча")] == ["group", "profile", "site", "page"]
    assert [yes_no(word) for word in ("жок", "not present here", "Есть", "+", "@name", "")] == [
        False,
        False,
        True,
        True,
        None,
        None,
    ]
    assert money("1,234.50") == 123_450
    for read in (category, venue):
        with pytest.raises(Refusal):
            read("гильдия")


@given(
    st.dictionaries(
        st.sampled_from(
            ["actor", "category", "platform", "venue", "time", "text", "reactions", "link", "captured", "id"]
        ),
        st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE), st.integers(), st.floats(), st.booleans(), st.none()),
    )
)
def test_whatever_stands_in_a_row_is_read_or_refused(values: dict[str, Any]) -> None:
    """No row of a stranger's file makes an import fall over."""
    for read in (lambda row: read_post(row, PostForm()), read_actor, read_ad):
        try:
            read(Row(number=2, values=values))
        except Refusal:
            continue
