"""Every seed of the corpus goes through its target again: what fuzzing once found stays mended."""

import os
import time

import pytest

from tests.fuzz.target import CORPUS, MOST_SECONDS, TARGETS

#: Loading what a target reads with is not part of an input's time.
MOST_BYTES = 300_000


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_every_seed_keeps_its_promise(name: str) -> None:
    """No seed raises, and none takes longer than an input may."""
    target = TARGETS[name]
    run, seeds = target.load(), sorted(target.corpus.iterdir())
    assert seeds, f"{name} has no seeds"
    run(b"")
    for seed in seeds:
        data = seed.read_bytes()
        run(data)
        started = time.process_time()
        run(data)
        assert time.process_time() - started < MOST_SECONDS, seed


def test_corpus_is_small_and_belongs_to_targets() -> None:
    """Seeds stay few, and no folder is left of a target that there is not."""
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)
    files = [path for path in CORPUS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES
    assert not any(os.access(path, os.X_OK) for path in files)
