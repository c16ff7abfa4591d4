"""The photo benchmark runs anywhere, goes on where it was stopped, and its figures are those of its answers."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.images import ground
from benchmarks.images.__main__ import main
from benchmarks.images.report import markdown
from benchmarks.images.rows import kinds
from benchmarks.images.runs import Amounts, Answer, read


def answer(kind: str, photo: str, own: int, tier: str | None, matched: list[int] | None = None) -> Answer:
    return Answer(kind, photo, own, tier, matched or [], [], False, [10.0, 1.0, 2.0], {"other": [own]})


def test_a_small_run_without_data_writes_a_report_and_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn portraits, two rows: a second run asks only what is new."""
    monkeypatch.setattr(ground, "_DRAWN", 3)
    asked = ["--out", str(tmp_path), "--rows", "jpeg 30-70", "--queries", "1", "--negatives", "2", "--store", "8"]
    main(asked)
    first = (tmp_path / "answers.jsonl").read_text(encoding="utf-8")
    with (tmp_path / "answers.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"kind": "jpeg 30')
    main(asked)
    assert (tmp_path / "answers.jsonl").read_text(encoding="utf-8").startswith(first)
    answers = read(tmp_path / "answers.jsonl")
    assert len(answers) == 4
    assert [each.tier for each in answers if each.own >= 0] == ["match", "match"]
    assert "no figure counts" in (tmp_path / "report.md").read_text(encoding="utf-8")
    with Image.open(tmp_path / "failures.png") as sheet:
        assert sheet.width > 100


def test_a_row_below_its_bar_is_said_to_be() -> None:
    """9 of 10 where 0.99 is asked; the alternative's share stands beside it."""
    row = [answer("grey", str(n), n, "match" if n else None) for n in range(10)]
    line = next(line for line in markdown(row, kinds(), "told").splitlines() if line.startswith("| grey |"))
    assert "| 10 | 0.99 | 0.900 [0.596, 0.982] | **no** | 0.900 | 1.000 |" in line


def test_false_matches_are_counted_by_query() -> None:
    """A query with two wrong photos counts once."""
    rows = [answer("grey", "a", -1, None, [3, 4]), answer("grey", "b", -1, None)]
    assert "| of photos that are not stored | 2 | 0.500" in markdown(rows, kinds(), "told")


def test_alternatives_are_counted_over_the_queries_they_were_asked() -> None:
    """One of two queries was asked of the other, which found it: 1.000 of 1, not 0.500."""
    asked = answer("grey", "a", 0, "match")
    line = markdown([asked, replace(asked, photo="b", own=1, others={})], kinds(), "told").splitlines()
    assert any(each.startswith("| grey | 2 |") and each.endswith("| 1.000 | 1 |") for each in line)


def test_one_negative_in_ten_is_a_screenshot() -> None:
    """Together at least as many as were asked for, spread evenly over the rows of a group."""
    rows = kinds()
    counts = {each.name: Amounts(300, 10_000, 100).negatives_of(each, rows) for each in rows}
    screens = sum(counts[each.name] for each in rows if each.group == "screens")
    assert 10_000 <= sum(counts.values()) <= 10_000 + len(rows)
    assert 1_000 <= screens <= 1_000 + len(rows)
    assert Amounts(300, 10, 100).negatives_of(rows[0], rows[:2]) == 5


def test_every_row_has_its_own_name_and_bar() -> None:
    """Names are keys of the kept answers."""
    names = [kind.name for kind in kinds()]
    assert len(names) == len(set(names))
    assert all(0 < kind.bar < 1 for kind in kinds())
    assert json.loads(json.dumps(names)) == names
