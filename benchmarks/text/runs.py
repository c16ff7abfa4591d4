"""The three runs: recall of every engine on one exam, speed as the store grows, campaigns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from benchmarks.text import campaign_set, strength
from benchmarks.text import campaigns as campaign_rows
from benchmarks.text import recall as recall_rows
from benchmarks.text import speed as speed_rows
from benchmarks.text.alternatives.engines import ALTERNATIVES, OwnRule, SameRerank
from benchmarks.text.bars import KALKAN
from benchmarks.text.corpora import Corpus
from benchmarks.text.edits import Material
from benchmarks.text.engine import Engine, NotInstalled
from benchmarks.text.kalkan_engine import KalkanEngine
from benchmarks.text.questions import Exam, Questions, set_exam
from benchmarks.text.recall import Tell
from benchmarks.text.results import Results
from benchmarks.text.splits import Split, split


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much a run measures."""

    stored: int
    unrelated: int
    #: Queries a kind; of engines that take long, queries a kind and unrelated texts.
    each: int
    slow_each: int
    slow_unrelated: int
    #: Queries a step of the scales of the plot.
    step: int
    slow_step: int
    #: Other sizes of the store at which Kalkan's false matches are counted, and queries a kind there.
    growth: tuple[int, ...]
    growth_each: int
    speed: tuple[int, ...]
    lookups: int
    campaigns: int
    bridges: int
    campaign_unrelated: int
    seeds: tuple[int, ...]


FULL: Final = Sizes(
    stored=100_000,
    unrelated=20_000,
    each=1000,
    slow_each=60,
    slow_unrelated=2000,
    step=300,
    slow_step=30,
    growth=(10_000, 1_000_000),
    growth_each=200,
    speed=(10_000, 100_000, 1_000_000),
    lookups=1000,
    campaigns=campaign_set.CAMPAIGNS,
    bridges=campaign_set.BRIDGES,
    campaign_unrelated=campaign_set.UNRELATED,
    seeds=(1, 2, 3),
)
QUICK: Final = Sizes(
    stored=2000,
    unrelated=400,
    each=20,
    slow_each=8,
    slow_unrelated=100,
    step=15,
    slow_step=5,
    growth=(500,),
    growth_each=5,
    speed=(500, 2000),
    lookups=60,
    campaigns=12,
    bridges=4,
    campaign_unrelated=300,
    seeds=(1,),
)


def patient(sizes: Sizes) -> Sizes:
    """The same, with every query for the slow engines too: hours for each of them."""
    return replace(sizes, slow_each=sizes.each, slow_unrelated=sizes.unrelated, slow_step=sizes.step)


class Ground:
    """What every run stands on: the corpus, the sizes, and the exam, made once."""

    def __init__(self, corpus: Corpus, sizes: Sizes, tell: Tell) -> None:
        self.corpus = corpus
        self.sizes = sizes
        self.tell = tell

    @cached_property
    def materials(self) -> dict[str, Material]:
        """What operators have at hand."""
        return self.corpus.materials()

    @cached_property
    def split(self) -> Split:
        """The main split: nothing is fitted on it."""
        return split(self.corpus, self.sizes.stored, self.sizes.unrelated)

    @cached_property
    def exam(self) -> Exam:
        """The main split's queries."""
        return set_exam(self.split, self.materials, self.sizes.each)

    @cached_property
    def steps(self) -> list[Questions]:
        """The queries of the plot's scales."""
        return strength.scales(self.split, self.materials, self.sizes.step)

    @cached_property
    def fitting(self) -> list[str]:
        """Unrelated texts of the part "fit", on which the alternatives' own thresholds are fitted."""
        return [source.text for source in split(self.corpus, self.sizes.stored, self.sizes.unrelated, "fit").unrelated]


def recall(ground: Ground, results: Results, engines: Sequence[str]) -> None:
    """Every engine on the main exam, Kalkan first, then Kalkan at other sizes."""
    ground.tell(f"split: {ground.split.described()}")
    results.notes["split"] = ground.split.described()
    for name, make, slow in _engines():
        if _is_wanted(name, engines):
            _one(ground, results, name, make, slow)
    if _is_wanted(KALKAN, engines):
        results.growth = [_grown(ground, size) for size in ground.sizes.growth]


def _is_wanted(name: str, engines: Sequence[str]) -> bool:
    return not engines or any(part.casefold() in name.casefold() for part in engines)


def _engines() -> list[tuple[str, Callable[[], Engine], bool]]:
    listed: list[tuple[str, Callable[[], Engine], bool]] = [(KALKAN, KalkanEngine, False)]
    for name, (make, slow) in ALTERNATIVES.items():
        listed.append((f"{name}, own rule", lambda make=make: OwnRule(make()), slow))  # type: ignore[misc]
        listed.append((f"{name}, same rerank", lambda make=make: SameRerank(make()), slow))  # type: ignore[misc]
    return listed


def _one(ground: Ground, results: Results, name: str, make: Callable[[], Engine], slow: bool) -> None:
    sizes, exam = ground.sizes, ground.exam
    try:
        engine = make()
    except NotInstalled as error:
        results.missing[name] = str(error)
        ground.tell(f"{name}: not installed: {error}")
        return
    try:
        engine.load(exam.stored)
        most, unrelated = (sizes.slow_each, sizes.slow_unrelated) if slow else (None, None)
        if isinstance(engine, OwnRule):
            engine.fit(ground.fitting[:unrelated])
        found = recall_rows.measure(engine, exam, most=most, unrelated=unrelated, tell=ground.tell)
        # With the same rerank all engines lie on one line: the plot has their own rules.
        steps = [] if isinstance(engine, SameRerank) else ground.steps
        points = strength.measure(engine, exam, steps, sizes.slow_step if slow else None)
    finally:
        engine.close()
    order = [listed for listed, _, _ in _engines()]
    results.missing.pop(name, None)
    results.recall = [*(each for each in results.recall if each.engine != name), found]
    results.recall.sort(key=lambda each: order.index(each.engine))
    results.points = [*(each for each in results.points if each.engine != name), *points]
    results.points.sort(key=lambda each: order.index(each.engine))


def _grown(ground: Ground, size: int) -> recall_rows.Recall:
    dealt = split(ground.corpus, size, ground.sizes.unrelated)
    ground.tell(f"Kalkan at {size:,}: {dealt.described()}")
    exam = set_exam(dealt, ground.materials, ground.sizes.growth_each)
    engine = KalkanEngine()
    try:
        engine.load(exam.stored)
        return recall_rows.measure(engine, exam, tell=ground.tell)
    finally:
        engine.close()


def speed(ground: Ground, results: Results, _names: Sequence[str]) -> None:
    """Time, space and memory at every size."""
    results.speed = speed_rows.measure(ground.corpus, ground.sizes.speed, ground.tell, asked=ground.sizes.lookups)


def campaigns(ground: Ground, results: Results, _names: Sequence[str]) -> None:
    """One set of campaigns a seed."""
    sizes = ground.sizes
    results.campaigns = []
    for seed in sizes.seeds:
        posted = campaign_set.make(
            ground.split,
            ground.materials,
            campaigns=sizes.campaigns,
            bridges=sizes.bridges,
            unrelated=sizes.campaign_unrelated,
            seed=seed,
        )
        results.campaigns.append(campaign_rows.measure(posted, seed))
        ground.tell(f"campaigns: {results.campaigns[-1]}")
