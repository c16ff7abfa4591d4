"""`kalkan migrate-to`: one command from the SQLite file to PostgreSQL, and no way to serve both."""

import json
from pathlib import Path

import pytest

from tests.bot_database import PostgresDatabase
from tests.journeys.command_line import CommandLine
from tests.postgres import PostgresServer
from tests.stores import furnish

COMMENT = {"author": "a", "post": "p1", "date": 1_760_000_000}


@pytest.fixture
def kalkan(tmp_path: Path) -> CommandLine:
    """A newsroom with nothing in it yet."""
    furnish(tmp_path / "data")
    return CommandLine(tmp_path / "data")


@pytest.fixture
def moved(kalkan: CommandLine, tmp_path: Path) -> CommandLine:
    """One with comments, as the operator has it."""
    comments = tmp_path / "comments.jsonl"
    lines = [
        {"id": n, "message": f"салам {n}", "author": f"a{n}", "post": "p1", "date": 1_760_000_000} for n in range(40)
    ]
    comments.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert kalkan.here("import", "comments", comments).code == 0
    return kalkan


def test_from_the_file_to_the_server(moved: CommandLine, postgres_url: str) -> None:
    """It goes over whole; the old place is refused, the new one is served."""
    before = moved.here("withdraw")
    done = moved.here("migrate-to", postgres_url)
    assert (done.code, done.err) == (0, "")
    assert "each compared" in done.out
    refused = moved.here("withdraw")
    assert (refused.code, "KALKAN_DATABASE_URL" in refused.err) == (2, True)
    again = moved.here("migrate-to", postgres_url)
    assert (again.code, "not empty" in again.err) == (2, True)
    moved.environment["KALKAN_DATABASE_URL"] = postgres_url
    after = moved.here("withdraw")
    assert (after.code, after.out) == (0, before.out)
    assert "40 rows" in after.out


def test_several_newsrooms_in_one_database(moved: CommandLine, tmp_path: Path, postgres_url: str) -> None:
    """A second newsroom moves in beside the first, by its key; each sees its own rows, and texts are found again."""
    furnish(tmp_path / "other")
    second = CommandLine(tmp_path / "other")
    comments = tmp_path / "others.jsonl"
    comments.write_text(json.dumps({"id": 7, "message": "башка сөз жана дагы бирөө", **COMMENT}), encoding="utf-8")
    assert second.here("import", "comments", comments).code == 0
    assert moved.here("migrate-to", postgres_url).code == 0
    refused = second.here("migrate-to", postgres_url)
    assert (refused.code, "KALKAN_NEWSROOM" in refused.err) == (2, True)
    second.environment["KALKAN_NEWSROOM"] = "second"
    assert second.here("migrate-to", postgres_url).code == 0
    for each in (moved, second):
        each.environment["KALKAN_DATABASE_URL"] = postgres_url
    assert "40 rows" in moved.here("withdraw").out
    assert "1 row" in second.here("withdraw").out
    found = [each.here("check", "--text", "башка сөз жана дагы бирөө").out for each in (moved, second)]
    assert ["text seen" in out for out in found] == [False, True]


def test_a_newsroom_gets_its_key(moved: CommandLine, postgres_url: str) -> None:
    """Once, by a command; from then on it is known by its key alone."""
    wrong = moved.here("newsroom", "azattyk")
    assert (wrong.code, "PostgreSQL" in wrong.err) == (2, True)
    assert moved.here("migrate-to", postgres_url).code == 0
    moved.environment["KALKAN_DATABASE_URL"] = postgres_url
    for key in ("Азаттык", "a b", "x" * 41, ""):
        assert moved.here("newsroom", key).code == 2
    named = moved.here("newsroom", "azattyk")
    assert (named.code, "KALKAN_NEWSROOM=azattyk" in named.out) == (0, True)
    again = moved.here("newsroom", "kloop")
    assert (again.code, "without a key" in again.err) == (2, True)
    assert moved.here("withdraw").code == 2
    moved.environment["KALKAN_NEWSROOM"] = "azattyk"
    assert "40 rows" in moved.here("withdraw").out
    moved.environment["KALKAN_NEWSROOM"] = "Кирилл"
    assert moved.here("withdraw").code == 2
    for other in ("kloop", ""):
        moved.environment["KALKAN_NEWSROOM"] = other
        mixed = moved.here("withdraw")
        assert (mixed.code, "is the data folder of the newsroom azattyk" in mixed.err) == (2, True)


def test_from_cell_to_cell(moved: CommandLine, postgres_url: str, postgres_server: PostgresServer) -> None:
    """From one server's database to another's: the same rows, and the old place is refused."""
    assert moved.here("migrate-to", postgres_url).code == 0
    moved.environment["KALKAN_DATABASE_URL"] = postgres_url
    before, name = moved.here("withdraw"), postgres_server.create()
    there = postgres_server.url(name)
    assert moved.here("migrate-to", postgres_url).code == 2
    assert moved.here("migrate-to", there).code == 0
    refused = moved.here("withdraw")
    assert (refused.code, "was moved" in refused.err) == (2, True)
    moved.environment["KALKAN_DATABASE_URL"] = there
    assert moved.here("withdraw").out == before.out
    assert moved.here("clear-old", there).code == 2
    cleared = moved.here("clear-old", postgres_url)
    assert (cleared.code, "rows were removed" in cleared.out) == (0, True)
    left = PostgresDatabase(path=moved.data / "none", url=postgres_url)
    assert {name: count for name, count in left.counts().items() if count} == {}
    left.close()
    assert moved.here("withdraw").out == before.out
    postgres_server.drop(name)


def test_only_what_lives_on_is_cleared(
    moved: CommandLine, tmp_path: Path, postgres_url: str, postgres_server: PostgresServer
) -> None:
    """Of two newsrooms in a database only the one that left goes, and the other is whole."""
    moved.environment["KALKAN_NEWSROOM"] = "leaving"
    assert moved.here("migrate-to", postgres_url).code == 0
    moved.environment["KALKAN_DATABASE_URL"] = postgres_url
    furnish(tmp_path / "other")
    staying = CommandLine(tmp_path / "other", KALKAN_NEWSROOM="staying", KALKAN_DATABASE_URL=postgres_url)
    comments = tmp_path / "others.jsonl"
    comments.write_text(json.dumps({"id": 7, "message": "башка сөз жана дагы бирөө", **COMMENT}), encoding="utf-8")
    assert staying.here("import", "comments", comments).code == 0
    name = postgres_server.create()
    there = postgres_server.url(name)
    assert moved.here("migrate-to", there).code == 0
    moved.environment["KALKAN_DATABASE_URL"] = there
    new = PostgresDatabase(path=moved.data / "none", url=there)
    seen = PostgresDatabase(path=moved.data / "none", url=postgres_url)
    assert seen.value("SELECT count(*) FROM comments") == 41
    assert moved.here("clear-old", postgres_url).code == 0
    left = [seen.value(f"SELECT count(*) FROM {table}") for table in ("comments", "newsrooms")]  # noqa: S608 - two known
    assert left == [1, 1]
    assert "1 row" in staying.here("withdraw").out
    found = staying.here("check", "--text", "башка сөз жана дагы бирөө").out
    assert "text seen" in found
    assert moved.here("clear-old", postgres_url).code == 0
    for each in (new, seen):
        each.close()
    postgres_server.drop(name)


def test_an_unfinished_move_is_no_place_to_serve(moved: CommandLine, postgres_url: str) -> None:
    """Neither of the two is served until it is finished, and it goes on to the same database alone."""
    (moved.data / ".moving").write_text("postgresql+asyncpg://elsewhere/kalkan", encoding="utf-8")
    refused = moved.here("withdraw")
    assert (refused.code, "not finished" in refused.err) == (2, True)
    other = moved.here("migrate-to", postgres_url)
    assert (other.code, "elsewhere" in other.err) == (2, True)
    (moved.data / ".moving").unlink()
    assert moved.here("migrate-to", postgres_url).code == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite+aiosqlite:///other.sqlite", "begins with postgresql"),
        ("postgresql://kalkan@localhost/kalkan", "begins with postgresql"),
        ("no address", "no address"),
        ("postgresql+asyncpg://kalkan:geheim@127.0.0.1:9/kalkan", ""),
    ],
)
def test_what_is_no_place(kalkan: CommandLine, url: str, words: str) -> None:
    """It is said in a line, without the password, and the newsroom stays where it is."""
    done = kalkan.here("migrate-to", url)
    assert done.code in (1, 2)
    assert (len(done.err.splitlines()), words in done.err, "geheim" in done.err) == (1, True, False)
    assert not (kalkan.data / ".moving").exists()
