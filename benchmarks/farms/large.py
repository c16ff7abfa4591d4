"""Ten thousand accounts and a million comments: how long farms take, and how much memory."""

from __future__ import annotations

import resource
import time

import numpy as np

from detection.coordination.activity import UNKNOWN, Activity, Comments, Photos, Stances
from detection.coordination.suggesting import suggest


def make(seed: int, accounts: int = 10_000, comments: int = 1_000_000) -> Activity:
    """Ten farms of 300 in a crowd: posts of heavy-tailed heat, waves, shared texts, hours as people keep them."""
    rng = np.random.default_rng(seed)
    posts, hired, farms = 20_000, 3_000, 10
    start, day = 1_788_717_600, 86_400
    post_at = start + np.sort(rng.integers(0, 120 * day, posts))
    heat = rng.lognormal(0, 1.2, posts)
    crowd = int(comments * 0.75)
    account = rng.choice(accounts, crowd, p=_activity(rng, accounts))
    post = rng.choice(posts, crowd, p=heat / heat.sum())
    at = post_at[post] + rng.exponential(2.5 * 3600, crowd).astype(np.int64)
    text = np.where(rng.random(crowd) < 0.1, rng.zipf(1.3, crowd) % 50_000, 100_000 + np.arange(crowd))
    parts = [(account, post, at, text)]
    waves = (comments - crowd) // 30
    team = rng.integers(0, hired // farms, (waves, 30)) + (rng.integers(0, farms, waves) * (hired // farms))[:, None]
    where = rng.integers(0, posts, waves)
    begin = post_at[where] + rng.integers(600, 6 * 3600, waves)
    when = begin[:, None] + rng.exponential(500, (waves, 30)).astype(np.int64)
    ready = 10_000_000 + np.arange(waves)[:, None] * 6 + rng.integers(0, 6, (waves, 30))
    own = 20_000_000 + np.arange(waves * 30).reshape(waves, 30)
    said = np.where(rng.random((waves, 30)) < 0.4, ready, own)
    parts.append((team.ravel(), np.repeat(where, 30), when.ravel(), said.ravel()))
    columns = [np.concatenate(each).astype(np.int64) for each in zip(*parts, strict=True)]
    nobody = np.full(len(columns[0]), UNKNOWN)
    empty = np.empty(0, dtype=np.int64)
    return Activity(
        accounts=accounts,
        listed=accounts,
        comments=Comments(
            account=columns[0], post=columns[1], at=columns[2], text=columns[3], target=columns[1] % 40, reply_to=nobody
        ),
        photos=Photos(account=rng.integers(0, accounts, 9_000), photo=rng.integers(0, 200_000, 9_000)),
        stances=Stances(account=empty, at=empty, subject=empty, polarity=empty),
    )


def _activity(rng: np.random.Generator, accounts: int) -> np.ndarray:
    weight = rng.pareto(1.6, accounts) + 0.2
    return np.asarray(weight / weight.sum())


def main() -> None:
    """Prints seconds of one core, the most memory, links and farms."""
    activity = make(1)
    begun = time.process_time()
    found = suggest(activity)
    seconds = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    one, other = (np.array([getattr(link, end) for link in found.links]) for end in ("one", "other"))
    wrong = float(((one // 300 != other // 300) | (one >= 3_000) | (other >= 3_000)).mean()) if len(one) else 0.0
    groups = np.bincount(found.farms[found.farms >= 0])
    print(
        f"{seconds:.1f} s, {memory:.2f} GB, {len(one)} links, {wrong:.2%} wrong, farms of {sorted(groups[groups > 0])}"
    )


if __name__ == "__main__":
    main()
