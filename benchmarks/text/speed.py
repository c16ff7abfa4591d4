"""Time, space and memory as the store grows, each figure from a process of its own.

CPU is the process's, of all its threads; PostgreSQL works in another process, so that only the wall clock compares.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.text.corpora import Corpus
from benchmarks.text.edits import EDITS
from benchmarks.text.engine import NotInstalled
from benchmarks.text.memory import Times
from benchmarks.text.questions import edit_sources
from benchmarks.text.recall import Tell
from benchmarks.text.splits import Split, split

#: Rows of the table besides Kalkan's, with how many lookups they get (they take long).
SCANS = {"RapidFuzz scan": 40, "PostgreSQL pg_trgm": 40}
_ASKED, _INSERTED = 1000, 300
_NOT_INSTALLED = "not installed: "


@dataclass(frozen=True, slots=True)
class Speed:
    """Kalkan at one size."""

    stored: int
    lookup: Times
    insert: Times
    bulk_per_second: float
    bytes_a_text: float
    open_s: float
    first_answer_s: float
    lookup_mb: float
    insert_mb: float
    peak_mb: float
    #: The alternatives' times; a string says why there are none.
    others: Mapping[str, Times | str]


def measure(corpus: Corpus, sizes: Sequence[int], tell: Tell, *, asked: int = _ASKED) -> list[Speed]:
    """All sizes, one after the other; half of the lookups are edited copies, half are unrelated."""
    return [_at(corpus, size, asked, tell) for size in sizes]


def _at(corpus: Corpus, size: int, asked: int, tell: Tell) -> Speed:
    dealt = split(corpus, size, max(asked, _INSERTED))
    queries = _queries(corpus, dealt, asked)
    inserts = [source.text for source in dealt.unrelated[:_INSERTED]]
    with tempfile.TemporaryDirectory(prefix="kalkan-speed-") as name:
        folder = Path(name)
        texts, path = folder / "texts.json", folder / "store.sqlite"
        texts.write_text(json.dumps([source.text for source in dealt.stored], ensure_ascii=True), encoding="utf-8")
        built = run_probe(folder, {"kind": "build", "texts": str(texts), "path": str(path)})
        tell(f"built {size:,}: {built}")
        looked = run_probe(folder, {"kind": "lookup", "path": str(path), "queries": queries, "inserts": inserts})
        tell(f"looked up: {looked}")
        others = {name: _scan(folder, name, texts, queries[:most]) for name, most in SCANS.items()}
        tell(f"others: {others}")
    return Speed(
        stored=size,
        lookup=Times(**looked["lookup"]),
        insert=Times(**looked["insert"]),
        bulk_per_second=built["texts"] / built["cpu_s"],
        bytes_a_text=built["index_bytes"] / built["texts"],
        **{name: looked[name] for name in ("open_s", "first_answer_s", "lookup_mb", "insert_mb", "peak_mb")},
        others=others,
    )


def _queries(corpus: Corpus, dealt: Split, asked: int) -> list[str]:
    """Copies by every kind in turn, and unrelated texts between them."""
    materials = corpus.materials()
    kinds = [edit for edit in EDITS.values() if not edit.reverse and not edit.languages]
    each = asked // (2 * len(kinds)) + 1
    per_kind = [edit_sources(edit, dealt, materials, each, seed=2).asked for edit in kinds]
    copies = [kind[at].text for at in range(each) for kind in per_kind if at < len(kind)]
    unrelated = [source.text for source in dealt.unrelated]
    return [text for pair in zip(copies, unrelated, strict=False) for text in pair][:asked]


def _scan(folder: Path, name: str, texts: Path, queries: Sequence[str]) -> Times | str:
    job = {"kind": "scan", "alternative": name, "texts": str(texts), "queries": list(queries)}
    try:
        return Times(**run_probe(folder, job)["lookup"])
    except NotInstalled as error:
        return f"{_NOT_INSTALLED}{error}"


def run_probe(folder: Path, job: Mapping[str, Any]) -> dict[str, Any]:
    """Run a job of `kalkan_probe` or `scan_probe` in a fresh process.

    Raises:
        NotInstalled: The engine lacks something.
        RuntimeError: The process failed; the message ends with what it said.
    """
    path = folder / "job.json"
    path.write_text(json.dumps(job, ensure_ascii=True), encoding="utf-8")
    module = "scan_probe" if job["kind"] == "scan" else "kalkan_probe"
    command = [sys.executable, "-m", f"benchmarks.text.{module}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = done.stderr.strip().rsplit("\n", 1)[-1]
        if NotInstalled.__name__ in last:
            raise NotInstalled(last.partition(": ")[2])
        raise RuntimeError(f"the {job['kind']} probe failed: {done.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures
