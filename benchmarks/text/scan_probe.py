"""An alternative in a process of its own: `python -m benchmarks.text.scan_probe JOB.json` prints its times as JSON."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.text.alternatives.engines import ALTERNATIVES
from benchmarks.text.alternatives.rerank import kalkan_words
from benchmarks.text.memory import timed


def scan(job: Mapping[str, Any]) -> dict[str, Any]:
    """Look texts up one by one, on the words that Kalkan compares; preparing them is not counted."""
    make, _ = ALTERNATIVES[job["alternative"]]
    candidates = make()
    try:
        texts = json.loads(Path(job["texts"]).read_text(encoding="utf-8"))
        candidates.load([kalkan_words(text) for text in texts])
        queries = [kalkan_words(text) for text in job["queries"]]
        candidates.nearest(queries[:1])
        return {"lookup": asdict(timed([partial(candidates.nearest, [text]) for text in queries]))}
    finally:
        candidates.close()


if __name__ == "__main__":
    print(json.dumps(scan(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
