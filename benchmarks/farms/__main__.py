"""`make bench-farms`: how well farms are found in held-out worlds, beside what else one would do; speed; pictures."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import igraph
import leidenalg
import numpy as np

from benchmarks.farms import second
from benchmarks.farms.alternatives import Rough, co_comments, components
from benchmarks.farms.judging import Judged, adjusted_rand, datable, judge
from benchmarks.farms.world import HONEST, Parameters, World, draw, make, without_farms
from detection.coordination.communities import communities, leiden, louvain
from detection.coordination.evidence import gather
from detection.coordination.suggesting import ALONE, suggest
from detection.coordination.switches import find_switches
from detection.coordination.thresholds import RESOLUTION

#: Held-out kinds of world: what is changed of a seed's own parameters.
KINDS: dict[str, Callable[[Parameters], Parameters]] = {
    "as drawn": lambda p: p,
    "half lost": lambda p: replace(p, lost_comments=0.5, lost_times=0.3, lost_photos=0.7),
    "few texts": lambda p: replace(p, reuse=0.15, photo_reuse=0.02, reword=0.5),
    "no crowd": lambda p: replace(p, crowd=0),
    "busy fans": lambda p: replace(p, honest_rate=2.0, fans=0.7, petitioners=0.2),
}


def main() -> None:
    """Prints tables in Markdown."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.farms")
    parser.add_argument("--seeds", type=int, default=10, help="held-out worlds of each kind")
    parser.add_argument("--first", type=int, default=1000, help="the first of their seeds")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    print(
        "| worlds | ARI: median | tenth | least | farm accounts | by links | wrong links | most | honest suggested "
        "| switch ≤ 3 days | no date | false | possible: own words, common date | s |"
    )
    print("|---" * 14 + "|")
    for kind, change in KINDS.items():
        _kind(kind, (make(seed, change(draw(seed))) for seed in seeds), beside=kind == "as drawn")
    for kind in second.KINDS:
        _kind(f"2: {kind}", (second.make(seed, kind) for seed in seeds), beside=kind == "as drawn")
    _nobody(seeds)
    _partitions([make(seed) for seed in list(seeds)[:5]])
    print("\nTen thousand accounts, a million comments:", flush=True)
    subprocess.run([sys.executable, "-m", "benchmarks.farms.large"], check=True)


def _kind(name: str, worlds: Iterable[World], *, beside: bool) -> None:
    found, seconds, possible = [], [], []
    rough: dict[str, list[Rough]] = {"shared texts and photos": [], "Louvain on co-comments": []}
    for world in worlds:
        begun = time.process_time()
        suggested = suggest(world.activity)
        seconds.append(time.process_time() - begun)
        found.append(judge(world, suggested))
        possible.append(datable(world))
        if beside:
            for row, alternative in zip(rough.values(), (components, co_comments), strict=True):
                row.append(alternative(world))
    _row(name, found, seconds, possible)
    for title, rows in rough.items():
        if rows:
            ari, wrong, suspected = (np.array([getattr(r, n) for r in rows]) for n in ("ari", "wrong", "suspected"))
            print(
                f"| … by {title} | {np.median(ari):.3f} | {np.percentile(ari, 10):.3f} | {ari.min():.3f} | | "
                f"| {wrong.mean():.1%} | {wrong.max():.1%} | {suspected.mean():.0f} | | | | | |",
                flush=True,
            )


def _row(name: str, found: Sequence[Judged], seconds: Sequence[float], possible: Sequence[tuple[float, float]]) -> None:
    values = {each: np.array([getattr(one, each) for one in found]) for each in Judged.__dataclass_fields__}
    mean = {each: float(column.mean()) for each, column in values.items()}
    own, common = np.array(possible).mean(axis=0)
    print(
        f"| {name} | {np.median(values['ari']):.3f} | {np.percentile(values['ari'], 10):.3f} "
        f"| {values['ari'].min():.3f} | {mean['ari_farms']:.3f} | {mean['ari_links']:.3f} | {mean['wrong']:.2%} "
        f"| {values['wrong'].max():.1%} | {mean['suspected']:.1f} | {mean['dated']:.1%} | {mean['missed']:.1%} "
        f"| {mean['false_switches']:.1%} | {own:.0%}, {common:.0%} | {np.mean(seconds):.1f} |",
        flush=True,
    )


def _nobody(seeds: Sequence[int]) -> None:
    """Worlds without a farm: how many of the honest are suggested."""
    suspected = []
    for seed in seeds:
        for world in (make(seed), second.make(seed)):
            activity = without_farms(world)
            suspected.append(int((suggest(activity).farms != ALONE).sum()))
    share = np.array(suspected) / 500
    print(
        f"\nWithout any farm, 500 honest accounts listed, {len(suspected)} worlds: {np.mean(suspected):.1f} suggested "
        f"(median {np.median(share):.1%}, most {share.max():.1%}; none in {np.mean(share == 0):.0%})",
        flush=True,
    )


def _leiden_of_leidenalg(graph: igraph.Graph) -> list[int]:
    kind = leidenalg.RBConfigurationVertexPartition
    found = leidenalg.find_partition(graph, kind, weights="weight", resolution_parameter=RESOLUTION, seed=1)
    return list(found.membership)


def _partitions(worlds: Sequence[World]) -> None:
    """Leiden and Louvain on the same graphs: accounts of farms alone; stability over five orders of chance."""
    print("\n| partition | ARI of farm accounts | s | the same from seed to seed (ARI) |")
    print("|---|---|---|---|")
    parts = {"Leiden (igraph)": leiden, "Louvain (igraph)": louvain, "Leiden (leidenalg)": _leiden_of_leidenalg}
    graphs = []
    for world in worlds:
        ours = [each for each in find_switches(world.activity.stances) if each.account < world.activity.listed]
        graphs.append((world, gather(world.activity, ours)))
    for name, part in parts.items():
        aris, seconds, stable = [], [], []
        for world, evidence in graphs:
            runs = []
            for seed in range(3):
                begun = time.process_time()
                runs.append(communities(world.activity.listed, evidence.keys, evidence.total, part, seed))
                seconds.append(time.process_time() - begun)
            farm = world.farm[: world.activity.listed]
            aris.append(adjusted_rand(farm[farm != HONEST], runs[0][farm != HONEST]))
            stable += [adjusted_rand(runs[0], each) for each in runs[1:]]
        print(f"| {name} | {np.mean(aris):.3f} | {np.mean(seconds):.2f} | {np.mean(stable):.3f} |", flush=True)


if __name__ == "__main__":
    main()
