"""Grows the forest and says what its thresholds are worth: `python -m benchmarks.text.fitting.grow --data DIR`.

Every figure is from texts that the forest of that figure has not seen: two forests are grown on a half of the part
"fit" each and judged on the other half; the forest that ships is grown on both. `judged.json` names the pairs of an
unrelated query and a stored text that were read and found to be reworked copies (by their ids in the corpus): they
teach nothing.
"""

import argparse
import json
from pathlib import Path
from typing import Any, Final

import lightgbm
import numpy as np
from numpy.typing import NDArray

from benchmarks.text.corpora import load
from benchmarks.text.fitting.edits import LEARNED, learned
from benchmarks.text.fitting.pairs import UNRELATED, Pairs, Table, shelf_of
from benchmarks.text.splits import Split, split
from detection.text import forest
from detection.text.likeness import FEATURES

JUDGED: Final = Path(__file__).with_name("judged.json")
FOREST: Final = Path(forest.__file__).with_name("forest.json")
#: Stored texts, with how many unrelated queries and how many edited texts are asked about among them.
SIZES: Final = {
    500: (10_000, 100),
    2_000: (10_000, 200),
    8_000: (20_000, 300),
    22_000: (20_000, 400),
    52_000: (20_000, 900),
}
RATES: Final = (5e-4, 1e-3, 2e-3, 1e-2)
DEPTH: Final = 5
#: What is free of its sign: the shape of what is common says different things in long and in short texts.
_FREE: Final = {
    *("best_run_mass", "best_run", "segment", "other_left", "both_left", "longest_gap", "both_gap"),
    *("prefix", "suffix", "rank", "candidate_mass", "share", "other_share", "largest_edit"),
}
_SETTINGS: Final[dict[str, Any]] = {
    "n_estimators": 400,
    "num_leaves": 24,
    "max_depth": DEPTH,
    "learning_rate": 0.04,
    "min_child_samples": 40,
    "reg_lambda": 2.0,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.7,
    "random_state": 1,
    "verbose": -1,
    "monotone_constraints": [0 if name in _FREE else sign for name, sign in FEATURES.items()],
}
Scores = NDArray[np.float64]


def main() -> None:
    """Learn, report, and write the forest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=FOREST)
    options = parser.parse_args()
    dealt = split(load(options.data), max(SIZES), max(unrelated for unrelated, _ in SIZES.values()), "fit")
    print(dealt.described())
    table = collect(dealt)
    learnable = (table.is_unrelated & ~_judged(table, dealt)) | table.is_true
    half = _halves(table)
    scores = np.full(len(table.rows), -np.inf)
    for part in (half, ~half):
        grown = grow(table, learnable & part[table.query])
        unseen = ~part[table.query]
        scores[unseen] = grown.predict(table.rows[unseen], raw_score=True)
    report(table, np.where(learnable, scores, -np.inf))
    options.out.write_text(json.dumps(as_file(grow(table, learnable))), "utf-8")


def collect(dealt: Split) -> Table:
    """For each size of store the unrelated queries, then each kind of edit of some stored texts."""
    pairs = Pairs()
    others = [source.body for source in dealt.unrelated]
    for size, (unrelated, sources) in SIZES.items():
        shelf = shelf_of([source.text for source in dealt.stored[:size]])
        for place, source in enumerate(dealt.unrelated[:unrelated]):
            pairs.ask(shelf, source.text, UNRELATED, place)
        editable = [place for place in dealt.editable if place < size and len(dealt.stored[place].body) >= 40]
        for place in editable[:: max(1, len(editable) // sources)][:sources]:
            source = dealt.stored[place]
            for kind in LEARNED:
                pairs.ask(shelf, learned(kind, source.id, source.body, others), kind, place)
    return pairs.arrays()


def grow(table: Table, rows: NDArray[np.bool_]) -> Any:
    """The forest grown on these rows."""
    learner = lightgbm.LGBMClassifier(**_SETTINGS)
    learner.fit(table.rows[rows], table.is_true[rows])
    return learner


def report(table: Table, scores: Scores) -> None:
    """For each size and rate the threshold, and the recall with it; no query was judged by a forest that knew it."""
    best = np.full(len(table.kinds), -np.inf)
    own = table.is_unrelated | table.is_true
    np.maximum.at(best, table.query[own], scores[own])
    for size in SIZES:
        ranked = np.sort(best[(table.sources < 0) & (table.sizes == size)])[::-1]
        limits = [float(ranked[round(rate * len(ranked))]) for rate in RATES]
        print(
            f"{size:,} stored: log-odds "
            + ", ".join(f"{lim:.2f} at {r:g}" for lim, r in zip(limits, RATES, strict=True))
        )
        for limit in limits:
            found = {k: (best[(table.kinds == k) & (table.sizes == size)] > limit).mean() for k in LEARNED}
            listed = ", ".join(f"{kind} {share:.2f}" for kind, share in found.items())
            print(f"  above {limit:.2f}: mean {np.mean(list(found.values())):.3f}: {listed}")


def as_file(learner: Any) -> dict[str, Any]:
    """The forest as the product reads it: complete trees of one depth."""
    trees = [_complete(tree["tree_structure"]) for tree in learner.booster_.dump_model()["tree_info"]]
    return {
        "features": list(FEATURES),
        "depth": DEPTH,
        "feature": [tree[0] for tree in trees],
        "threshold": [tree[1] for tree in trees],
        "leaf": [tree[2] for tree in trees],
    }


def _complete(root: dict[str, Any]) -> tuple[list[int], list[float], list[float]]:
    """A tree laid out as a complete one: below an early leaf every way leads to its value."""
    feature, threshold = [0] * (2**DEPTH - 1), [0.0] * (2**DEPTH - 1)
    leaf = [0.0] * 2**DEPTH
    waiting = [(root, 0, 0)]
    while waiting:
        node, place, depth = waiting.pop()
        is_leaf = "leaf_value" in node
        if depth == DEPTH:
            leaf[place - (2**DEPTH - 1)] = round(node["leaf_value"], 6)
            continue
        if not is_leaf:
            feature[place], threshold[place] = node["split_feature"], _short(node["threshold"])
        children = (node, node) if is_leaf else (node["left_child"], node["right_child"])
        waiting += [(child, 2 * place + 1 + side, depth + 1) for side, child in enumerate(children)]
    return feature, threshold, leaf


def _short(value: float) -> float:
    return float(f"{value:.6g}")


def _judged(table: Table, dealt: Split) -> NDArray[np.bool_]:
    known = {tuple(pair) for pair in json.loads(JUDGED.read_text("utf-8"))}
    asked = [source.id for source in dealt.unrelated]
    stored = [source.id for source in dealt.stored]
    rows = zip(table.is_unrelated.tolist(), table.origins[table.query].tolist(), table.number.tolist(), strict=True)
    return np.array([is_unrelated and (asked[o], stored[n]) in known for is_unrelated, o, n in rows])


def _halves(table: Table) -> NDArray[np.bool_]:
    """Queries dealt in two by the place of what they come from: the same text is in the same half at every size."""
    return table.origins % 2 == 0


if __name__ == "__main__":
    main()
