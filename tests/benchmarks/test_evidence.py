"""Tampering with the custody log: all of it is caught with one checkpoint outside; without, all but what cannot be."""

from pathlib import Path

import pytest

from benchmarks.evidence.ground import lay
from benchmarks.evidence.runs import verified_per_second
from benchmarks.evidence.tampering import KINDS, spoil

#: Whoever has the database can cut its end and rewrite it whole without contradicting anything in it.
UNSEEN_WITHOUT = {"end cut off", "all rewritten"}


@pytest.mark.parametrize("each", [2, pytest.param(100, marks=pytest.mark.slow)])
async def test_tampering_is_caught(tmp_path: Path, each: int) -> None:
    """Ten kinds, each so many times, with one checkpoint held outside: all. Without: eight kinds of ten."""
    ground = await lay(tmp_path, 120)
    for kind in KINDS:
        for seed in range(each):
            spoilt = ground.copy("spoilt.sqlite")
            spoil(spoilt, kind, seed)
            with_anchor = await ground.report(spoilt, [ground.note])
            assert with_anchor.broken is not None, (kind, seed)
            if seed < 2:
                alone = await ground.report(spoilt, [])
                assert (alone.broken is None) == (kind in UNSEEN_WITHOUT), (kind, seed, alone)


@pytest.mark.slow
@pytest.mark.alone
async def test_ten_thousand_lines_a_second(tmp_path: Path) -> None:
    """Lines, bodies and chain are checked at 10,000 a second of CPU time or more."""
    assert await verified_per_second(tmp_path, 20_000) >= 10_000
