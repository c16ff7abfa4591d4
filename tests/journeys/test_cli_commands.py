"""The other commands from outside: imports with bad rows, exports, invite, doctor, help, and errors in one line."""

import csv
import io
import stat
import subprocess
import time
import zipfile
from pathlib import Path

import pytest

from bot import __version__
from tests.journeys.command_line import CommandLine
from tests.services.rooms import picture, write_lines
from tests.stores import furnish


@pytest.fixture
def kalkan(tmp_path: Path) -> CommandLine:
    """The command line over a data folder in which nothing is kept yet."""
    furnish(tmp_path / "data")
    return CommandLine(tmp_path / "data")


@pytest.fixture
def first(tmp_path: Path) -> CommandLine:
    """The command line without a data folder, which its first command makes."""
    return CommandLine(tmp_path / "data")


def test_help_and_version_answer_at_once(first: CommandLine) -> None:
    """The heavy rooms are not opened for a page of help."""
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        assert "import" in first("--help").out
        seconds.append(time.perf_counter() - begin)
    # 0.2 s on an idle core; a shared machine is slower at times.
    assert min(seconds) < 1.5
    assert first("--version").out == f"kalkan {__version__}\n"


def test_import_reports_bad_rows_and_goes_on(first: CommandLine, tmp_path: Path) -> None:
    """Bad rows are named on stderr by line and code; a summary closes the run; twice changes nothing."""
    path = tmp_path / "list.csv"
    path.write_text("platform,handle,names\nx,one,A\nmyspace,two,B\nx,,C\nx,four,D\n", encoding="utf-8")
    done = first("import", "accounts", path)
    assert (done.code, done.out) == (0, "added 2, changed 0, same 0, refused 2\n")
    assert "line 3: platform_unknown (myspace)" in done.err
    assert "line 4: handle_missing" in done.err
    assert first("import", "accounts", path).out == "added 0, changed 0, same 2, refused 2\n"


def test_comments_by_the_columns_that_they_have(kalkan: CommandLine, tmp_path: Path) -> None:
    """A table from anywhere goes in with a word about it, or is refused with the columns that it has."""
    path = tmp_path / "c.csv"
    path.write_text("Who;Was;Datum\ntroll.one;Баары жакшы;10/06/2026\n", encoding="utf-8")
    done = kalkan("import", "comments", path)
    assert (done.code, done.out) == (2, "")
    assert "there are: Who, Was, Datum" in done.err
    options = ["--column", "text=was", "--column", "handle=Who", "--column", "at=Datum"]
    done = kalkan.here("import", "comments", path, *options)
    assert (done.code, done.out) == (1, "added 0, changed 0, same 0, refused 1\n")
    assert "line 2: date_order_missing" in done.err
    done = kalkan.here("import", "comments", path, *options, "--date-order", "dmy", "--platform", "vk")
    assert (done.code, done.out) == (0, "added 1, changed 0, same 0, refused 0\n"), done.err
    (line,) = kalkan.here("export", "comments").objects
    assert (line["account"], line["at"]) == ({"platform": "vk", "handle": "troll.one"}, "2026-06-10T00:00:00+00:00")
    assert kalkan.here("import", "comments", path, "--column", "text").code == 2
    assert kalkan.here("import", "comments", path, "--column", "no=x").code == 2
    assert kalkan.here("import", "comments", path, "--date-order", "ymd").code == 2


def test_import_of_nothing_readable_is_code_1(kalkan: CommandLine, tmp_path: Path) -> None:
    """A script learns that nothing went in."""
    path = tmp_path / "c.jsonl"
    path.write_text("nonsense\n" * 3, encoding="utf-8")
    done = kalkan.here("import", "comments", path)
    assert (done.code, done.out) == (1, "added 0, changed 0, same 0, refused 3\n")


def test_hostile_zip_leaves_nothing_outside(kalkan: CommandLine, tmp_path: Path) -> None:
    """Climbing names and bombs: the good photo goes in, nothing is written beside the data folder."""
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../climbed.jpg", picture(1))
        archive.writestr("bomb.jpg", bytes(60_000_000))
        archive.writestr("fine.jpg", picture(2))
    done = kalkan.here("import", "photos", path)
    assert done.out == "added 2, changed 0, same 0, refused 1\n", done.err
    assert "bomb.jpg: image_too_many_bytes" in done.err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "p.zip"]


def test_export_to_a_private_file_guards_formulas(kalkan: CommandLine, tmp_path: Path) -> None:
    """A table on disk is its owner's alone, complete, and runs nothing in a spreadsheet."""
    texts = ["=HYPERLINK(1)", "@mention text", "plain, with comma"]
    kalkan.here("import", "comments", write_lines(tmp_path / "c.jsonl", [{"id": t, "text": t} for t in texts]))
    done = kalkan("export", "comments", "--format", "csv", "--out", "out.csv")
    assert (done.code, done.out) == (0, "")
    out = tmp_path / "out.csv"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"), newline="")))
    assert [row["text"] for row in rows] == ["'=HYPERLINK(1)", "'@mention text", "plain, with comma"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["c.jsonl", "data", "out.csv"]
    assert [line["text"] for line in kalkan.here("export", "comments").objects] == texts


def test_first_invite_without_a_token(first: CommandLine) -> None:
    """Before the bot is set up the line to send is printed; each run makes another token."""
    made = [ask("invite", "--role", "admin").out for ask in (first, first.here)]
    lines = [said.splitlines()[0] for said in made]
    assert all(line.startswith("/start ") and len(line.split()[1]) >= 22 for line in lines)
    assert len(set(lines)) == 2


@pytest.mark.slow
def test_doctor_finds_what_is_wrong(first: CommandLine) -> None:
    """A fresh machine has a line for each thing; an open data folder is a problem, and said so."""
    unmade = first("doctor").out
    assert "data folder" in unmade
    assert not first.data.exists()
    first("export", "comments")
    first.data.chmod(0o755)
    done = first("doctor")
    assert done.code == 1
    assert f"PROBLEM  data folder: {first.data} is open to other users" in done.out
    assert "ok       database: reachable, at revision" in done.out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"KALKAN_ZONE": "Mars"}, "KALKAN_ZONE is wrong"),
        ({"KALKAN_UNKNOWN": "1"}, "KALKAN_UNKNOWN is not a setting"),
        ({"KALKAN_DATABASE_URL": "nonsense"}, "KALKAN_DATABASE_URL is wrong"),
        ({"KALKAN_DATABASE_URL": "postgresql+asyncpg://u:secret@127.0.0.1:1/x"}, ""),
        ({"KALKAN_DATA_DIR": "/proc/kalkan"}, ""),
    ],
    ids=["wrong", "unknown", "url", "unreachable", "unwritable"],
)
def test_trouble_is_one_line(tmp_path: Path, settings: dict[str, str], said: str) -> None:
    """Whatever the operator or the machine got wrong: a line, a code, no traceback and no secret."""
    kalkan = CommandLine(tmp_path / "data")
    kalkan.environment |= settings
    done = kalkan.here("export", "comments")
    assert done.code in (1, 2)
    assert said in done.err
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert "secret" not in done.err + done.out


def test_reader_that_goes_away_is_no_error(kalkan: CommandLine, tmp_path: Path) -> None:
    """`kalkan export … | head -1` ends without a traceback."""
    kalkan.here(
        "import", "comments", write_lines(tmp_path / "c.jsonl", [{"id": n, "text": "x" * 500} for n in range(2000)])
    )
    script = " ".join([*kalkan.command("export", "comments"), "| head -1"])
    done = subprocess.run(["bash", "-c", script], env=kalkan.environment, capture_output=True, timeout=60, check=False)
    assert done.stdout.count(b"\n") == 1
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0
