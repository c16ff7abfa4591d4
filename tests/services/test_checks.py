"""`kalkan check` below the command line: lines read with care, answers in the contract's shape, storing in order."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import Clock
from bot.model.account import AccountEntry
from bot.model.newsroom import MemberStatus
from bot.model.rights import Right
from bot.model.verdict import CopyFound, Finding, SpanFound, TargetFound, ThreatFound
from bot.services.accounts import keys_of
from bot.services.batchfiles.rows import Row
from bot.services.checks.answers import Answer, as_json
from bot.services.checks.lines import BadLine, CheckLine, read_line, row_of_table
from bot.services.checks.neighbours import later_of, segments
from bot.services.imports.comments import import_comments
from bot.services.imports.photos import import_photos
from bot.services.imports.room import ImportRoom
from bot.storage import accounts, cases, members
from bot.storage.accounts import Listing
from bot.storage.store import Store
from bot.storage.tables import comments, photos, submission_parts, submissions, threats
from detection.threats import StaffName
from tests.services.rooms import InlineAnalysis, Seen, blank, checking, make_room, picture, rows_of, write_lines

THREAT = "Let's go to burn down Azattyk"
TEXT = "Сегодня на площади собрались жители села и говорили о воде, дорогах и школе"


@pytest.fixture
async def room(store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom, on each engine."""
    return await make_room(store, clock, tmp_path)


@pytest.fixture
async def sqlite_room(sqlite_store: Store, clock: Clock, tmp_path: Path) -> ImportRoom:
    """An empty newsroom, for what does not depend on the engine."""
    return await make_room(sqlite_store, clock, tmp_path)


def read(values: dict[str, Any], number: int = 1) -> CheckLine | BadLine:
    """The line of an object."""
    return read_line(Row(number=number, values=values), Path("/folder"))


# --- lines ---


def test_whole_line_is_read() -> None:
    """Every key of the contract arrives; unknown ones are passed over."""
    account = {"platform": "Instagram", "handle": "@a.b", "name": " Имя ", "id": 5, "more": []}
    line = read(
        {"id": "c1", "text": "t", "image": "i.jpg", "account": account, "post": 7, "at": "2026-10-06 14:30", "x": [1]}
    )
    assert isinstance(line, CheckLine)
    assert (line.id, line.text, line.image, line.post) == ("c1", "t", Path("/folder/i.jpg"), "7")
    author = line.author
    assert (author.platform, author.handle, author.name, author.numeric_id) == ("instagram", "a.b", "Имя", "5")
    assert line.at == datetime(2026, 10, 6, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({}, "empty"),
        ({"text": " \n"}, "empty"),
        ({"text": None, "image": " "}, "empty"),
        ({"text": 5}, "text_wrong"),
        ({"text": "t", "image": ["a"]}, "image_wrong"),
        ({"text": "t", "account": "x"}, "account_wrong"),
        ({"text": "t", "account": {"handle": []}}, "account_wrong"),
        ({"text": "t", "account": {"handle": "h" * 101}}, "account_wrong"),
        ({"text": "t", "post": {}}, "post_wrong"),
        ({"text": "t", "at": "yesterday"}, "at_wrong"),
        ({"text": "t", "at": 1602000000}, "at_wrong"),
        ({"text": "t", "at": "0001-01-01T00:00:00+06:00"}, "at_wrong"),
        ({"id": [1], "text": "t"}, "id_wrong"),
        ({"id": True, "text": "t"}, "id_wrong"),
    ],
)
def test_wrong_value_has_a_code(values: dict[str, Any], error: str) -> None:
    """Whoever made the file is told what to mend."""
    line = read(values, 9)
    assert isinstance(line, BadLine)
    assert (line.id, line.error) == ("9", error)


def test_error_keeps_the_lines_own_id() -> None:
    """An error can be found again by the id that the file gave, of whatever kind."""
    assert [read({"id": value}).id for value in ("a", 7, 1.5, None, "")] == ["a", 7, 1.5, "1", "1"]


def test_time_with_a_zone_keeps_its_moment() -> None:
    """Times are compared in UTC."""
    line = read({"text": "t", "at": "2026-10-06T14:30:00+06:00"})
    assert isinstance(line, CheckLine)
    assert line.at == datetime(2026, 10, 6, 8, 30, tzinfo=UTC)


def test_profile_address_stands_for_platform_and_handle() -> None:
    """Lists often hold addresses where a handle is asked for."""
    line = read({"text": "t", "account": {"platform": "other", "handle": "https://www.instagram.com/some.one/"}})
    assert isinstance(line, CheckLine)
    assert (line.author.platform, line.author.handle) == ("instagram", "some.one")


def test_unstorable_signs_are_replaced_one_for_one() -> None:
    """Half a surrogate pair or a NUL must not stop a batch at the database, nor shift the spans."""
    line = read({"text": "a\ud800b\x00c", "account": {"handle": "x\ud800"}})
    assert isinstance(line, CheckLine)
    assert line.text == "a\ufffdb\ufffdc"
    assert line.author.handle == "x\ufffd"


def test_table_row_is_the_same_line() -> None:
    """A CSV of comments and the JSON lines say the same."""
    cells = {"id": "c1", "text": "t", "platform": "x", "handle": "h", "name": "N", "post": "p", "at": "2026-01-01"}
    values = {"id": "c1", "text": "t", "account": {"platform": "x", "handle": "h", "name": "N"}, "post": "p"}
    assert read_line(row_of_table(Row(number=1, values=cells)), Path("/folder")) == read(values | {"at": "2026-01-01"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(["id", "text", "image", "account", "post", "at", "other"])


@given(st.dictionaries(KEYS, JSON | st.fixed_dictionaries({}, optional={"handle": JSON, "platform": JSON, "id": JSON})))
def test_any_object_is_a_line_or_an_error(values: dict[str, Any]) -> None:
    """No object that JSON can hold stops the run, and its answer can be written."""
    line = read(values)
    assert json.dumps(as_json(Answer(id=line.id, error="x"), {}), allow_nan=False)
    if isinstance(line, CheckLine):
        line.text.encode()


# --- answers ---


def test_answer_has_the_contracts_shape() -> None:
    """The keys of contract 1, no more and no less; ids as texts, since JSON readers round large numbers."""
    threat = ThreatFound(
        level="threat",
        kinds=("death",),
        severity=4,
        targets=(
            TargetFound(kind="staff", staff=-1, text="Иванова"),
            TargetFound(kind="second_person", staff=None, text="вас"),
            TargetFound(kind="staff", staff=-1, text="Ивановой"),
        ),
        spans=(SpanFound(start=0, end=4, why="death"),),
    )
    copies = (
        CopyFound(comment=2**62, source="c1", account="x:h", score=0.9, tier="copy"),
        CopyFound(comment=5, source="c2", account="Имя: Фамилия", score=0.85, tier="similar"),
    )
    answer = Answer(id=7, finding=Finding(copies=copies, copy_count=1, copy_accounts=1, threat=threat))
    assert as_json(answer, {-1: "Анна Иванова"}) == {
        "id": 7,
        "copies": [
            {"comment": str(2**62), "source": "c1", "account": "x:h", "score": 0.9, "tier": "copy"},
            {"comment": "5", "source": "c2", "account": None, "score": 0.85, "tier": "similar"},
        ],
        "copy_count": 1,
        "copy_accounts": 1,
        "campaign": None,
        "photos": [],
        "accounts": [],
        "threat": {
            "level": "threat",
            "kinds": ["death"],
            "severity": 4,
            "imminent": False,
            "targets": ["Анна Иванова", "вас"],
            "spans": [[0, 4, "death"]],
        },
        "ocr": None,
    }


def test_error_answer_is_nothing_but_an_error() -> None:
    """Nothing is claimed about a line that could not be read."""
    assert as_json(Answer(id="a", error="not_json"), {}) == {"id": "a", "error": "not_json"}


# --- neighbours ---


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=12))
def test_parts_hold_no_two_lines_that_could_know_each_other(lines: list[tuple[str, bool]]) -> None:
    """Parts together are the batch in order; within one no text comes twice and no two pictures meet."""
    texts = [letter * 30 for letter, _ in lines]
    parts = segments(later_of(texts), [pictured for _, pictured in lines])
    assert [place for part in parts for place in part] == list(range(len(lines)))
    for part in parts:
        assert len({texts[place] for place in part}) == len(part)
        assert sum(lines[place][1] for place in part) <= 1


def test_short_texts_are_neighbours_only_when_equal() -> None:
    """The same rule as for the store: short texts are copies only to the letter."""
    assert later_of(["salam", "salom", "salam", ""]) == [[], [], [0], []]


# --- checking ---


async def test_answers_come_in_order_and_errors_stay_alone(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """One bad picture or line leaves the others their answers."""
    (tmp_path / "ok.jpg").write_bytes(picture(1))
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    async with checking(sqlite_room) as check:
        answers = await check(
            {"id": "a", "text": THREAT},
            {"id": "b", "text": "", "account": {"platform": "x", "handle": "h"}},
            {"id": "c", "image": "ok.jpg"},
            {"id": "d", "image": "bad.jpg"},
            {"id": "e", "text": "t", "image": "missing.jpg"},
            folder=tmp_path,
        )
    assert [(answer.id, answer.error) for answer in answers] == [
        ("a", None),
        ("b", "empty"),
        ("c", None),
        ("d", "image_not_an_image"),
        ("e", "image_missing"),
    ]
    assert answers[0].finding.threat.level == "threat"


async def test_stored_comments_and_photos_are_found(room: ImportRoom, tmp_path: Path) -> None:
    """A copy names the import's id, who wrote it and how sure it is; a mirrored photo its file name."""
    account = {"platform": "vk", "handle": "troll"}
    await import_comments(
        room, write_lines(tmp_path / "c.jsonl", [{"id": 11, "text": TEXT, "account": account}]), Seen()
    )
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "7.jpg").write_bytes(picture(7))
    await import_photos(room, tmp_path / "photos", Seen())
    (tmp_path / "m.jpg").write_bytes(picture(7, mirrored=True, quality=50))
    async with checking(room) as check:
        text, image = await check({"text": TEXT.upper() + " 🔥"}, {"image": "m.jpg"}, folder=tmp_path)
    shaped = as_json(text, {})
    assert [(c["source"], c["account"], c["tier"]) for c in shaped["copies"]] == [("11", "vk:troll", "copy")]
    assert (shaped["copy_count"], shaped["copy_accounts"]) == (1, 1)
    photo = as_json(image, {})["photos"][0]
    assert (photo["source"], photo["tier"], photo["mirrored"]) == ("7.jpg", "match", True)
    assert len(photo["region"]) == 4


@pytest.mark.parametrize(
    "line",
    [
        {"text": "t", "account": {"platform": "facebook", "handle": "listed.fake"}},
        {"text": "смотрите https://www.facebook.com/listed.fake кто это"},
        {"image": "blank.png", "account": {"platform": "facebook", "handle": "@Listed.Fake"}},
    ],
    ids=["account", "link", "picture"],
)
async def test_listed_account_is_found(sqlite_room: ImportRoom, tmp_path: Path, line: dict[str, Any]) -> None:
    """Whoever is named by the line's account or by a link in its text is looked up in the list."""
    entry = AccountEntry(platform="facebook", handle="listed.fake", source="listed.fake")
    listing = Listing(
        newsroom_id=sqlite_room.newsroom_id, member_id=None, lister="x", batch=None, at=sqlite_room.clock()
    )
    async with sqlite_room.store.write() as conn:
        await accounts.put(conn, entry, keys_of(entry), listing)
    (tmp_path / "blank.png").write_bytes(blank())
    async with checking(sqlite_room) as check:
        (answer,) = await check(line, folder=tmp_path)
    found = as_json(answer, {})["accounts"]
    assert [(a["account"], a["source"], a["status"]) for a in found] == [
        ("facebook:listed.fake", "listed.fake", "suspected")
    ]


async def test_staff_of_the_run_counts_beside_the_list(sqlite_room: ImportRoom) -> None:
    """A name on the list of this run makes a target, under the name of the list."""
    person = StaffName(ref=-1, kind="person", names=("Айгерим Темирова", "Темирова"))
    async with checking(sqlite_room, staff=(person,)) as check:
        (answer,) = await check({"text": "Темирову надо убить"})
    assert as_json(answer, {-1: "Айгерим Темирова"})["threat"]["targets"] == ["Айгерим Темирова"]


async def test_check_alone_stores_nothing(sqlite_room: ImportRoom) -> None:
    """Checking leaves no trace unless it is asked to."""
    async with checking(sqlite_room) as check:
        await check({"text": THREAT})
    for table in (submissions, comments, threats, photos):
        assert await rows_of(sqlite_room.store, table) == []


# --- storing ---


async def test_stored_lines_are_settled_cases_of_nobody(room: ImportRoom, tmp_path: Path) -> None:
    """Each line is a case of its own, reported by a member who can do nothing; the bot has no card to send for it."""
    (tmp_path / "p.jpg").write_bytes(picture(3))
    account = {"platform": "x", "handle": "h"}
    async with checking(room, store=True) as check:
        await check(
            {"id": "a", "text": THREAT, "account": account, "at": "2026-01-01"},
            {"id": "b", "text": "подпись", "image": "p.jpg"},
            {"id": "c", "text": ""},
            folder=tmp_path,
        )
    filed = await rows_of(room.store, submissions)
    assert [(f["number"], f["state"], f["source"], f["settled"]) for f in filed] == [
        (1, "case", "check", True),
        (2, "case", "check", True),
    ]
    async with room.store.write() as conn:
        reporter = await members.get(conn, room.newsroom_id, filed[0]["member_id"])
        assert await cases.due_to_settle(conn, datetime(2100, 1, 1, tzinfo=UTC)) == []
    assert reporter is not None
    assert reporter.status is MemberStatus.REMOVED
    assert not any(reporter.may(right) for right in Right)
    assert [(c["source"], c["author_key"]) for c in await rows_of(room.store, comments)] == [("a", "x:h"), ("b", None)]
    assert [t["level"] for t in await rows_of(room.store, threats)] == ["threat"]
    (stored,) = await rows_of(room.store, photos)
    assert await room.vault.get(stored["sha256"]) == picture(3)
    assert {p["kind"] for p in await rows_of(room.store, submission_parts)} == {"text", "photo"}


async def test_a_stored_batch_answers_as_line_by_line(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """Whether lines come together or one by one, each is compared with those before it and not with itself."""
    for name, seed in (("1.jpg", 1), ("2.jpg", 2)):
        (tmp_path / name).write_bytes(picture(seed))
    (tmp_path / "1m.jpg").write_bytes(picture(1, mirrored=True))
    lines: list[dict[str, Any]] = [
        {"id": "a", "text": TEXT, "account": {"platform": "x", "handle": "one"}},
        {"id": "b", "text": "салам"},
        {"id": "c", "image": "1.jpg"},
        {"id": "d", "text": TEXT.upper(), "account": {"platform": "x", "handle": "two"}},
        {"id": "e", "image": "2.jpg"},
        {"id": "f", "text": TEXT + " 🔥", "image": "1m.jpg"},
        {"id": "g", "text": "Салам!"},
        {"id": "h", "text": "совсем другой текст о погоде в горах и о дороге на перевал"},
    ]
    async with checking(sqlite_room, store=True) as check:
        answers = await check(*lines, folder=tmp_path)
    found = [([c.source for c in a.finding.copies], [p.source for p in a.finding.photos]) for a in answers]
    assert found == [
        ([], []),
        ([], []),
        ([], []),
        (["a"], []),
        ([], []),
        (["a", "d"], ["c"]),
        (["b"], []),
        ([], []),
    ]
    assert answers[5].finding.copy_accounts == 2
    assert len(await rows_of(sqlite_room.store, submissions)) == len(lines)


async def test_later_runs_find_what_earlier_ones_stored(room: ImportRoom) -> None:
    """Each run stores anew: the second finds the first, the third finds both."""
    counts = []
    for _ in range(3):
        async with checking(room, store=True) as check:
            (answer,) = await check({"id": "a", "text": TEXT})
            counts.append(answer.finding.copy_count)
    assert counts == [0, 1, 2]


async def test_picture_is_looked_at_once(sqlite_room: ImportRoom, tmp_path: Path) -> None:
    """Storing a picture costs no second decoding."""
    (tmp_path / "1.jpg").write_bytes(picture(1))
    async with checking(sqlite_room, store=True) as check:
        await check({"image": "1.jpg"}, {"text": TEXT}, folder=tmp_path)
    assert isinstance(sqlite_room.analysis, InlineAnalysis)
    assert sqlite_room.analysis.images == 1
