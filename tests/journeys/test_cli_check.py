"""`kalkan check` from outside: the public contract (docs/check.md, contract 1)."""

import gzip
import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.command_line import CommandLine
from tests.services.rooms import picture, write_lines
from tests.stores import furnish

KEYS = ["id", "copies", "copy_count", "copy_accounts", "campaign", "photos", "accounts", "threat", "ocr"]
THREAT_KEYS = ["level", "kinds", "severity", "imminent", "targets", "spans"]
MESSAGES = [
    "Repost! Today, there is a threat of attack on the office @azattykmedia. Currently they only have one guard. "
    "Asking for a repost.",
    "Soon people will be destroying your office, Azattyk",
    "People will destroy Azattyk very soon",
    "Let's go to burn down Azattyk",
]
TEXT = "Жители нашего села просят отремонтировать мост, по которому дети ходят в школу каждое утро"


@pytest.fixture
def kalkan(tmp_path: Path) -> CommandLine:
    """The command line over a data folder in which nothing is kept yet."""
    furnish(tmp_path / "data")
    return CommandLine(tmp_path / "data")


def test_texts_and_images_from_options(kalkan: CommandLine, tmp_path: Path) -> None:
    """Options are answered in order, each with every key of the contract; the messages of October 2020 are threats."""
    (tmp_path / "p.jpg").write_bytes(picture(1))
    texts = [word for text in [*MESSAGES, " "] for word in ("--text", text)]
    done = kalkan("check", *texts, "--image", "p.jpg", "--image", "no.jpg", "--json")
    assert done.code == 0, done.err
    found = done.objects
    assert [line["id"] for line in found] == [*(f"text-{n}" for n in range(1, 6)), "p.jpg", "no.jpg"]
    assert [line.get("error") for line in found] == [None, None, None, None, "empty", None, "image_missing"]
    for line, text in zip(found[:4], MESSAGES, strict=True):
        assert list(line) == KEYS
        assert list(line["threat"]) == THREAT_KEYS
        assert line["threat"]["level"] == "threat"
        assert all(0 <= start < end <= len(text) for start, end, _ in line["threat"]["spans"])


def test_import_then_check_finds_everything_again(kalkan: CommandLine, tmp_path: Path) -> None:
    """Comments, photos and accounts that were imported are found in disguise, each under the import's own name."""
    account = {"platform": "vk", "handle": "troll.one"}
    comments = write_lines(tmp_path / "c.jsonl", [{"id": "c-1", "text": TEXT, "account": account}])
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "7.jpg").write_bytes(picture(7))
    accounts = tmp_path / "list.csv"
    accounts.write_text("platform,handle,names,photos\nvk,troll.one,Айгуль,7.jpg\n", encoding="utf-8")
    assert kalkan.here("import", "comments", comments).out == "added 1, changed 0, same 0, refused 0\n"
    assert kalkan.here("import", "photos", tmp_path / "photos").out == "added 1, changed 0, same 0, refused 0\n"
    said = kalkan.here("import", "accounts", accounts, "--photos", tmp_path / "photos").out
    assert said == "added 1, changed 0, same 0, refused 0; photos added 1, refused 0\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "m.jpg").write_bytes(picture(7, mirrored=True, quality=60))
    lines: list[dict[str, Any]] = [
        {"id": 1, "text": TEXT.upper() + " 🔥🔥", "unknown": {}},
        {"id": 2, "image": "m.jpg"},
        {"id": 3, "text": "кто это", "account": account, "at": "2026-10-06T10:00:00"},
        {"id": 4, "text": "совсем о другом: завтра в горах снег, перевал закрыт до вечера"},
    ]
    done = kalkan("check", "--jsonl", write_lines(tmp_path / "in" / "l.jsonl", lines), "--json", folder=tmp_path)
    text, image, author, other = done.objects
    assert [(c["source"], c["account"], c["tier"]) for c in text["copies"]] == [("c-1", "vk:troll.one", "copy")]
    assert [(p["source"], p["account"], p["tier"], p["mirrored"]) for p in image["photos"]] == [
        ("7.jpg", "vk:troll.one", "match", True)
    ]
    assert [(a["account"], a["source"], a["status"]) for a in image["accounts"]] == [
        ("vk:troll.one", "troll.one", "suspected")
    ]
    assert author["accounts"][0]["account"] == "vk:troll.one"
    assert (other["copies"], other["photos"], other["accounts"]) == ([], [], [])


def test_lines_from_stdin_packed_with_errors_between(kalkan: CommandLine) -> None:
    """Output order is input order; a line that is broken or empty has an error, and the rest goes on."""
    lines = b'{"id": "a", "text": "one"}\nnonsense\n\n{"id": 5}\n{"text": "t", "at": "x"}\n{"id": "z", "text": "end"}'
    for given in (lines, gzip.compress(lines)):
        done = kalkan("check", "--jsonl", "-", "--json", given=given)
        assert done.code == 0, done.err
        assert [(line["id"], line.get("error")) for line in done.objects] == [
            ("a", None),
            ("2", "not_json"),
            ("3", "empty"),
            (5, "empty"),
            ("5", "at_wrong"),
            ("z", None),
        ]


def test_store_and_staff(kalkan: CommandLine, tmp_path: Path) -> None:
    """With --store later lines find earlier ones, and the next run all of them; --staff names the target."""
    (tmp_path / "staff.txt").write_text("Айгерим Темирова; Темирова\n", encoding="utf-8")
    lines = [
        {"id": "a", "text": TEXT},
        {"id": "b", "text": TEXT.swapcase()},
        {"id": "c", "text": "Темирову надо убить"},
    ]
    path = write_lines(tmp_path / "l.jsonl", lines)
    first = kalkan("check", "--jsonl", path, "--store", "--staff", "staff.txt", "--json").objects
    assert [line["copy_count"] for line in first] == [0, 1, 0]
    assert first[2]["threat"]["targets"] == ["Айгерим Темирова"]
    second = kalkan.here("check", "--jsonl", path, "--json").objects
    assert [line["copy_count"] for line in second] == [2, 2, 1]
    stored = kalkan.here("export", "submissions").objects
    assert [(s["case"], s["source"]) for s in stored] == [("K-1", "check"), ("K-2", "check"), ("K-3", "check")]


def test_words_for_a_person(kalkan: CommandLine) -> None:
    """Without --json a person reads the most important thing first, and no text can steer the terminal."""
    done = kalkan.here("check", "--text", MESSAGES[3], "--text", "привет", "--image", "a\x1b[31m.jpg")
    assert "text-1: THREAT: arson" in done.out
    assert "text-2: nothing known" in done.out
    assert done.out.endswith(
        "checked 3: 1 threats, 0 with copies, 0 with known photos, 0 with listed accounts, 1 errors\n"
    )
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check"], "nothing to check"),
        (["check", "--jsonl", "no.jsonl"], "no file no.jsonl"),
        (["check", "--text", "x", "--staff", "no.csv"], "no file no.csv"),
        (["check", "--color"], "No such option"),
    ],
)
def test_wrong_use_is_one_line_and_code_2(kalkan: CommandLine, arguments: list[str], said: str) -> None:
    """A person's mistake is said in a line, without a traceback, and nothing goes to stdout."""
    done = kalkan.here(*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_answers_come_while_the_writer_waits(kalkan: CommandLine) -> None:
    """Another program can hold a conversation: a line in, its answer out, before the input ends; Ctrl-C ends it."""
    command = kalkan.command("check", "--jsonl", "-", "--json")
    with subprocess.Popen(
        command, env=kalkan.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(2):
            process.stdin.write(b'{"id": %d, "text": "x"}\n' % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert b"Fatal" not in err
    assert time.monotonic() - begin < 20


def test_folder_of_pictures(kalkan: CommandLine, tmp_path: Path) -> None:
    """A folder stands for its pictures, in the order of their names; what is no picture is passed over."""
    folder = tmp_path / "shots"
    (folder / "more").mkdir(parents=True)
    for name in ("b.jpg", "a.JPG", "more/c.jpg"):
        (folder / name).write_bytes(picture(1))
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    done = kalkan.here("check", "--image", "shots", "--json")
    assert done.code == 0, done.err
    assert [line["id"] for line in done.objects] == ["shots/a.JPG", "shots/b.jpg", "shots/more/c.jpg"]
    assert [line["ocr"] for line in done.objects] == [None] * 3
