"""Kalkan in a process of its own: `python -m benchmarks.text.kalkan_probe JOB.json` prints its figures as JSON.

The process sees nothing but the job's texts, so that its memory is the index's.
"""

import asyncio
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from benchmarks.text.kalkan_store import KalkanStore
from benchmarks.text.memory import Stopwatch, peak_mb, resident_mb

_WARM_UP: Final = 20
Job = Mapping[str, Any]


def build(job: Job, runner: asyncio.Runner) -> dict[str, Any]:
    """Fill a store with the texts of a JSON file, normalisation included."""
    texts = json.loads(Path(job["texts"]).read_text(encoding="utf-8"))
    store = KalkanStore(Path(job["path"]))
    runner.run(store.open())
    cpu, wall = time.process_time(), time.perf_counter()
    runner.run(store.fill(texts))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    size = runner.run(store.index_bytes())
    runner.run(store.close())
    return {"texts": len(texts), "cpu_s": cpu, "wall_s": wall, "index_bytes": size, "build_peak_mb": peak_mb()}


def lookup(job: Job, runner: asyncio.Runner) -> dict[str, Any]:
    """Reopen a store, look texts up one by one, then insert some, each searchable when its call returns."""
    return runner.run(_look_up(job))


async def _look_up(job: Job) -> dict[str, Any]:
    imported, started = resident_mb(), time.perf_counter()
    store = KalkanStore(Path(job["path"]))
    await store.open()
    opened = time.perf_counter() - started
    await store.search(job["queries"][:1])
    first = time.perf_counter() - started
    for text in job["queries"][:_WARM_UP]:
        await store.search([text])
    looked, inserted = Stopwatch(), Stopwatch()
    for text in job["queries"]:
        with looked:
            await store.search([text])
    after_lookup = resident_mb()
    for text in job["inserts"]:
        with inserted:
            await store.insert(text)
    await store.close()
    return {
        "open_s": opened,
        "first_answer_s": first,
        "lookup": asdict(looked.times()),
        "insert": asdict(inserted.times()),
        "imported_mb": imported,
        "lookup_mb": after_lookup,
        "insert_mb": resident_mb(),
        "peak_mb": peak_mb(),
    }


def main(path: str) -> None:
    """Do the job that the file describes."""
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    with asyncio.Runner() as runner:
        print(json.dumps({"build": build, "lookup": lookup}[job["kind"]](job, runner)))


if __name__ == "__main__":
    main(sys.argv[1])
