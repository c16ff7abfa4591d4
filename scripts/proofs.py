"""Runs proofs in phases: `python -m scripts.proofs security|slow [--workers N] [pytest's own arguments]`.

First what can share the machine, some at a time, and beside it the sieges (marked `siege`), one after another: they
send by the clock, so two of them at once cost each more. Then what measures seconds (marked `alone`), with nothing
beside it. Each runs whatever became of the others; at the end stands one account of all, with every skip counted.
"""

import argparse
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from xml.etree import ElementTree

import pytest


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """Proofs that run together: where they are, which of them (pytest's -m), and seconds for each unless it says so."""

    where: tuple[str, ...]
    chosen: str
    timeout: int


SUITES: Final = {
    "security": Suite(where=("tests/security",), chosen="not slow and not cluster", timeout=600),
    "slow": Suite(where=(), chosen="slow and not cluster", timeout=1800),
}
#: What stands second in its phase: two runs side by side would mix their lines.
_TOLD_LATER: Final = ("sieges",)
#: What `Account.code` may be when nothing failed: a phase in which nothing was chosen is none.
_FINE: Final = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


@dataclass(kw_only=True)
class Account:
    """What a phase came to: tests by outcome, skips by their reason, seconds, and pytest's exit code."""

    phase: str
    code: int
    seconds: float
    outcomes: Counter[str] = field(default_factory=Counter)
    skips: Counter[str] = field(default_factory=Counter)

    def read(self, report: Path) -> None:
        """Count what a report in JUnit's form holds; a phase that died before it wrote one has nothing but its code."""
        if not report.exists():
            return
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - what our own pytest wrote
            children = {child.tag: child for child in case}
            outcome = next((tag for tag in ("error", "failure", "skipped") if tag in children), "passed")
            self.outcomes[outcome] += 1
            if outcome == "skipped":
                self.skips[children["skipped"].get("message", "")] += 1

    def line(self) -> str:
        """One line of figures."""
        told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(self.outcomes.items())) or "nothing chosen"
        return f"{self.phase}: {told} in {self.seconds / 60:.1f} min, exit code {self.code}"


def phases(suite: Suite, workers: int) -> Sequence[Mapping[str, tuple[str, ...]]]:
    """Pytest's arguments by name, phase by phase: what stands in one phase runs side by side.

    Tests are handed out one by one: a long one holds up no other.
    """
    shared = ("-n", str(workers), "--dist", "load", "--maxschedchunk", "1")
    single = ("-n", "0")
    return (
        {
            "sharing": ("-m", f"{suite.chosen} and not siege and not alone", *shared),
            "sieges": ("-m", f"{suite.chosen} and siege and not alone", *single),
        },
        {"alone": ("-m", f"{suite.chosen} and alone", *single)},
    )


def run(suite: Suite, workers: int, arguments: Sequence[str], folder: Path) -> list[Account]:
    """Run all phases; what they came to."""
    accounts: list[Account] = []
    where = () if _names_tests(arguments) else suite.where
    given = ("--timeout", str(suite.timeout), "-rs", *arguments)
    for phase in phases(suite, workers):
        with ThreadPoolExecutor(len(phase)) as lanes:
            prove = partial(_prove, where=where, given=given, folder=folder)
            accounts += lanes.map(prove, phase, phase.values())
    return accounts


def _prove(name: str, options: Sequence[str], *, where: Sequence[str], given: Sequence[str], folder: Path) -> Account:
    """One run of pytest, and what it came to."""
    report, said, began = folder / f"{name}.xml", folder / f"{name}.log", time.monotonic()
    command = [sys.executable, "-m", "pytest", *where, *options, f"--junitxml={report}", *given]
    with said.open("wb") as log:
        code = subprocess.call(command, stdout=log if name in _TOLD_LATER else None)
    account = Account(phase=name, code=code, seconds=time.monotonic() - began)
    account.read(report)
    print(said.read_text(encoding="utf-8", errors="replace"), end="", flush=True)
    return account


def _names_tests(arguments: Sequence[str]) -> bool:
    return any(Path(each.partition("::")[0]).exists() for each in arguments)


def verdict(accounts: Sequence[Account]) -> int:
    """The exit code of all: that of the first phase that failed; nothing chosen at all is a failure too."""
    failed = [each.code for each in accounts if each.code not in _FINE]
    if failed:
        return failed[0]
    return 0 if any(each.code == pytest.ExitCode.OK for each in accounts) else pytest.ExitCode.NO_TESTS_COLLECTED


def tell(name: str, accounts: Sequence[Account]) -> None:
    """The account of all phases: a proof that was not made must not look like one that was."""
    print(f"\n===== {name}: {sum(each.seconds for each in accounts) / 60:.1f} min =====")
    for account in accounts:
        print(account.line())
    skips = sum((each.skips for each in accounts), Counter())
    if skips:
        print(f"===== NOT TESTED: {skips.total()} SKIPPED =====")
        for reason, number in skips.most_common():
            print(f"{number:5} {reason}")


def main(words: Sequence[str]) -> int:
    """Run a suite; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.proofs", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("suite", choices=SUITES)
    parser.add_argument("--workers", type=int, default=2, help="tests at a time in the phase that shares")
    chosen, arguments = parser.parse_known_args(words)
    with TemporaryDirectory(prefix="kalkan-proofs-") as folder:
        accounts = run(SUITES[chosen.suite], chosen.workers, arguments, Path(folder))
    tell(chosen.suite, accounts)
    return verdict(accounts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
