"""`python -m scripts.proofs`: both phases run, one that fails fails all, and every skip is counted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.proofs import SUITES, Account, phases, verdict

ROOT = Path(__file__).resolve().parents[1]
GROUND = """
import pytest
@pytest.mark.slow
def test_shared(): {shared}
@pytest.mark.slow
@pytest.mark.alone
def test_alone(): {alone}
def test_neither(): assert False
"""


def prove(folder: Path, shared: str, alone: str) -> tuple[int, str]:
    """The suite of long proofs over a file of two: its exit code, and what it says at its end."""
    path = folder / "test_ground.py"
    path.write_text(GROUND.format(shared=shared, alone=alone), encoding="utf-8")
    markers = ("-o", "markers=slow\nalone", "-p", "no:cacheprovider", f"--rootdir={folder}", "-c", os.devnull)
    command = [sys.executable, "-m", "scripts.proofs", "slow", "--workers", "0", *markers, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.rpartition("===== slow:")[2] or done.stdout + done.stderr


@pytest.mark.parametrize(
    ("shared", "alone", "code", "said"),
    [
        ("assert False", "pytest.skip('no disk')", 1, ("sharing: 1 failure", "NOT TESTED: 1 SKIPPED", "1 no disk")),
        ("pass", "assert False", 1, ("sharing: 1 passed", "alone: 1 failure")),
    ],
)
def test_both_phases_run(tmp_path: Path, shared: str, alone: str, code: int, said: tuple[str, ...]) -> None:
    """Whatever becomes of the first, the second runs."""
    returned, told = prove(tmp_path, shared, alone)
    assert returned == code, told
    assert [words for words in said if words not in told] == [], told


@pytest.mark.parametrize(("codes", "code"), [((0, 5), 0), ((5, 0), 0), ((5, 5), 5), ((0, 2), 2), ((1, 0), 1)])
def test_a_phase_without_tests_is_no_failure(codes: tuple[int, int], code: int) -> None:
    """Nothing chosen at all is one."""
    assert verdict([Account(phase="x", code=each, seconds=0) for each in codes]) == code


def test_no_proof_is_left_out() -> None:
    """Each is in one phase, and in one only."""
    for suite in SUITES.values():
        shared, alone = (options[options.index("-m") + 1] for options in phases(suite, 2).values())
        assert (shared, alone) == (f"{suite.chosen} and not alone", f"{suite.chosen} and alone")
