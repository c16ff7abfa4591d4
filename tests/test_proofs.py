"""`python -m scripts.proofs`: all phases run, one that fails fails all, and every skip is counted."""

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression

from scripts.proofs import SUITES, Account, Suite, phases, verdict

ROOT = Path(__file__).resolve().parents[1]
GROUND = """
import pytest
@pytest.mark.slow
def test_shared(): {shared}
@pytest.mark.slow
@pytest.mark.siege
def test_siege(): {siege}
@pytest.mark.slow
@pytest.mark.alone
def test_alone(): {alone}
def test_neither(): assert False
"""


def prove(folder: Path, shared: str, siege: str, alone: str) -> tuple[int, str]:
    """The suite of long proofs over a file of three: its exit code, and what it says at its end."""
    path = folder / "test_ground.py"
    path.write_text(GROUND.format(shared=shared, siege=siege, alone=alone), encoding="utf-8")
    markers = ("-o", "markers=slow\nsiege\nalone", "-p", "no:cacheprovider", f"--rootdir={folder}", "-c", os.devnull)
    command = [sys.executable, "-m", "scripts.proofs", "slow", "--workers", "0", *markers, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.rpartition("===== slow:")[2] or done.stdout + done.stderr


@pytest.mark.parametrize(
    ("tests", "code", "said"),
    [
        (
            ("assert False", "pass", "pytest.skip('no disk')"),
            1,
            ("sharing: 1 failure", "sieges: 1 passed", "NOT TESTED: 1 SKIPPED", "1 no disk"),
        ),
        (("pass", "pass", "assert False"), 1, ("sharing: 1 passed", "alone: 1 failure")),
        (("pass", "pytest.skip('no strace')", "pass"), 0, ("sieges: 1 skipped", "1 no strace", "alone: 1 passed")),
        (("pass", "assert False", "pass"), 1, ("sieges: 1 failure",)),
    ],
)
def test_all_phases_run(tmp_path: Path, tests: tuple[str, str, str], code: int, said: tuple[str, ...]) -> None:
    """Whatever becomes of one, the others run."""
    returned, told = prove(tmp_path, *tests)
    assert returned == code, told
    assert [words for words in said if words not in told] == [], told


@pytest.mark.parametrize(("codes", "code"), [((0, 5), 0), ((5, 0), 0), ((5, 5), 5), ((0, 2), 2), ((1, 0), 1)])
def test_a_phase_without_tests_is_no_failure(codes: tuple[int, int], code: int) -> None:
    """Nothing chosen at all is one."""
    assert verdict([Account(phase="x", code=each, seconds=0) for each in codes]) == code


@pytest.mark.parametrize("suite", SUITES.values(), ids=SUITES)
def test_no_proof_is_left_out(suite: Suite) -> None:
    """Each is run once, however it is marked."""
    chosen = [
        Expression.compile(options[options.index("-m") + 1]) for phase in phases(suite, 2) for options in phase.values()
    ]
    for siege, alone in product((False, True), repeat=2):
        marks = {"slow": suite.chosen.startswith("slow"), "cluster": False, "siege": siege, "alone": alone}
        assert sum(each.evaluate(partial(_marked, marks)) for each in chosen) == 1


def _marked(marks: Mapping[str, bool], name: str, **_: object) -> bool:
    return marks[name]
