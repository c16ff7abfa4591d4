"""Skipped tests are counted loudly, and under CI=true they fail unless it is said here why they may be skipped.

A proof that was not made must not look like one that was.
"""

import os
import re
from collections import Counter
from typing import Final

import pytest

#: Reasons, as patterns, for which a test may be skipped even where everything is installed.
ALLOWED: Final[tuple[str, ...]] = (
    # The machine that builds may have no such thing to give: the proofs are made where it has.
    r"systemd-analyze is missing",
    r"shellcheck is missing",
)


def reasons(terminalreporter: pytest.TerminalReporter) -> Counter[str]:
    """How many tests were skipped, by the reason that they gave."""
    found: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        found[_reason(report)] += 1
    return found


def refused(found: Counter[str]) -> Counter[str]:
    """Those that may not be skipped where everything has to be proved."""
    return Counter({reason: n for reason, n in found.items() if not any(re.search(each, reason) for each in ALLOWED)})


def must_prove(chosen: str) -> bool:
    """Whether a skip is a failure: under CI=true, where the proofs are among the `chosen` tests (pytest's -m)."""
    return os.environ.get("CI") == "true" and "not proof" not in chosen


def tell(terminalreporter: pytest.TerminalReporter) -> None:
    """One loud count, and each reason with its number."""
    found = reasons(terminalreporter)
    if not found:
        return
    terminalreporter.section(f"NOT TESTED: {found.total()} SKIPPED", red=True, bold=True)
    for reason, number in found.most_common():
        terminalreporter.write_line(f"{number:5} {reason}", red=True)


def _reason(report: pytest.TestReport) -> str:
    where = report.longrepr
    text = where[2] if isinstance(where, tuple) else str(where)
    return text.removeprefix("Skipped: ")
