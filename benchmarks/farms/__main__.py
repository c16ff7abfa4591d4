"""`make bench-farms`: how well farms are found in held-out worlds, beside what else one would do; speed; pictures."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import igraph
import leidenalg
import numpy as np

from benchmarks.farms.alternatives import co_comments, components
from benchmarks.farms.judging import Judged, adjusted_rand, judge
from benchmarks.farms.world import HONEST, Parameters, World, draw, make
from detection.coordination.communities import communities, leiden, louvain
from detection.coordination.evidence import gather
from detection.coordination.suggesting import suggest
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
    parser.add_argument("--seeds", type=int, default=10, help="held-out worlds of each kind, from seed 1000 on")
    parser.add_argument("--first", type=int, default=1000)
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.seeds)
    _worlds(seeds)
    _partitions([make(seed) for seed in list(seeds)[:5]])
    print("\nTen thousand accounts, a million comments:")
    subprocess.run([sys.executable, "-m", "benchmarks.farms.large"], check=True)


def _worlds(seeds: Sequence[int]) -> None:
    print(
        "| worlds | ARI | least | wrong links | to honest | honest suggested | switch ≤ 3 days | false switches | s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    beside: dict[str, list[tuple[float, float, int]]] = {"components": [], "co-comments": []}
    for kind, change in KINDS.items():
        found, seconds = [], []
        for seed in seeds:
            world = make(seed, change(draw(seed)))
            begun = time.process_time()
            suggested = suggest(world.activity)
            seconds.append(time.process_time() - begun)
            found.append(judge(world, suggested))
            if kind == "as drawn":
                for name, rough in (("components", components(world)), ("co-comments", co_comments(world))):
                    beside[name].append((rough.ari, rough.wrong, rough.suspected))
        _row(kind, found, seconds)
    for name, rows in beside.items():
        ari, wrong, suspected = (np.array(column) for column in zip(*rows, strict=True))
        print(f"| {name} | {ari.mean():.3f} | {ari.min():.3f} | {wrong.mean():.1%} | | {suspected.mean():.0f} | | | |")


def _row(kind: str, found: Sequence[Judged], seconds: Sequence[float]) -> None:
    mean = {name: float(np.mean([getattr(each, name) for each in found])) for name in Judged.__dataclass_fields__}
    least = min(each.ari for each in found)
    print(
        f"| {kind} | {mean['ari']:.3f} | {least:.3f} | {mean['wrong']:.2%} | {mean['honest']:.2%} "
        f"| {mean['suspected']:.1f} of 200 | {mean['dated']:.1%} | {mean['false_switches']:.1%} "
        f"| {np.mean(seconds):.1f} |",
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
